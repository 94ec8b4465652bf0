"""The page where a file is dropped and checked by the same rules: off unless `serve` is told to offer it.

The file is written to a folder of its own in the temporary folder, checked by another process with limits of memory and
time, and removed with all that the process made; nothing of it is kept or logged. One file is checked at a time, and few
are received, each within a limit of time, so that senders who dawdle hold up nobody for long.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from starlette.types import Receive, Scope

CHECK = "/check"
TWIN = f"{CHECK}.json"
"""The same for programs."""
MOST_BYTES = 20 * 1024 * 1024
MEMORY_MIB = 2048
PROCESSOR_SECONDS = 60
WALL_SECONDS = 90
MOST_RECEIVED = 4
RECEIVE_SECONDS = 120
MOST_ANSWER = 32 * 1024 * 1024
FINDINGS_SHOWN = 20
SUFFIXES = re.compile(r"\.(csv|tsv|txt|xlsx|xls|xlsm|ods|html?|zip)$", re.IGNORECASE)
ONE_AT_A_TIME = asyncio.Lock()
RECEIVING = asyncio.Semaphore(MOST_RECEIVED)


class RefusedError(Exception):
    """The file was not checked; the words say why and what to do. `status` is the response's."""

    def __init__(self, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.status = status


async def checked(scope: Scope, receive: Receive, command: Sequence[str]) -> dict[str, Any]:
    """What the rules find in the file of a multipart request, as `publicvalue check --json` tells it.

    Raises RefusedError where there is no file, it is too large or too slow, or the check runs into its limits.
    """
    if RECEIVING.locked():
        raise RefusedError("Others are sending files just now. Try again in a minute.", 503)
    async with RECEIVING:
        try:
            async with asyncio.timeout(RECEIVE_SECONDS):
                name, content = await _file(Request(scope, receive))
        except TimeoutError as error:
            raise RefusedError(
                f"The file did not arrive within {RECEIVE_SECONDS} seconds. Check it on your own machine with `publicvalue check`.",
                408,
            ) from error
    if ONE_AT_A_TIME.locked():
        raise RefusedError("Another file is being checked. Try again in a minute.", 503)
    async with ONE_AT_A_TIME:
        with tempfile.TemporaryDirectory(prefix="publicvalue-check-") as folder:
            path = Path(folder) / name
            await asyncio.to_thread(path.write_bytes, content)
            return await _run([*command, str(path)], Path(folder))


async def _file(request: Request) -> tuple[str, bytes]:
    """Name, made harmless, and content. Nothing beyond the limit is read."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > MOST_BYTES + 10_000:
        raise _too_large()

    async def limited() -> AsyncGenerator[bytes, None]:
        read = 0
        async for chunk in request.stream():
            read += len(chunk)
            if read > MOST_BYTES + 10_000:
                raise _too_large()
            yield chunk

    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise RefusedError("Choose a file first.")
    try:
        form = await MultiPartParser(request.headers, limited(), max_files=1, max_fields=2, max_part_size=1000).parse()
    except (MultiPartException, ClientDisconnect, KeyError, ValueError) as error:
        raise RefusedError("The file did not arrive whole. Send it once more.") from error
    file = form.get("file")
    if file is None or isinstance(file, str) or not file.filename:
        raise RefusedError("Choose a file first.")
    content = await file.read()
    await form.close()
    if len(content) > MOST_BYTES:
        raise _too_large()
    name = re.sub(r"[^A-Za-z0-9 ._()&-]+", "_", file.filename.replace("\\", "/").rsplit("/", 1)[-1]).lstrip(".-")[-120:]
    if not SUFFIXES.search(name):
        raise RefusedError(
            "This is no CSV file or spreadsheet by its name. Files of payments end with .csv, .xlsx, .xls or .ods."
        )
    return name, content


def _too_large() -> RefusedError:
    return RefusedError(
        f"The file is larger than {MOST_BYTES // 2**20} MiB. Check it on your own machine with `publicvalue check`.",
        413,
    )


async def _run(command: Sequence[str], folder: Path) -> dict[str, Any]:
    """The command's JSON, run with limits in a process group of its own that ends with it."""
    limits = [sys.executable, "-m", "published.site.limited", str(MEMORY_MIB), str(PROCESSOR_SECONDS)]
    process = await asyncio.create_subprocess_exec(
        *limits, *command,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        env={**_environment(), "TMPDIR": str(folder), "HOME": str(folder)}, start_new_session=True,
    )  # fmt: skip
    try:
        async with asyncio.timeout(WALL_SECONDS):
            assert process.stdout is not None  # noqa: S101 - asked for above
            answer = await _all(process.stdout)
            await process.wait()
    except TimeoutError as error:
        raise RefusedError(
            "The check took longer than its limit. Check the file on your own machine with `publicvalue check`.", 503
        ) from error
    finally:
        _end(process)
        await process.wait()
    if process.returncode not in {0, 1, 2}:
        raise RefusedError(
            "The check did not come to an end within its limits of memory and time. Check the file on your own machine with `publicvalue check`.",
            503,
        )
    try:
        account: dict[str, Any] = json.loads(answer)
    except ValueError as error:
        raise RefusedError("The check could not read this file.") from error
    return account


async def _all(stream: asyncio.StreamReader) -> bytes:
    parts: list[bytes] = []
    size = 0
    while chunk := await stream.read(1 << 16):
        size += len(chunk)
        if size > MOST_ANSWER:
            raise RefusedError(
                "The file has too many findings to show here. Check it on your own machine with `publicvalue check`.",
                413,
            )
        parts.append(chunk)
    return b"".join(parts)


def _end(process: asyncio.subprocess.Process) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _environment() -> dict[str, str]:
    """What the process needs to find Python, and nothing that this one knows beside it."""
    kept = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "SYSTEMROOT", "VIRTUAL_ENV")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
