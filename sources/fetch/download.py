"""A file's bytes from an answer to the disk: gone on with where an earlier attempt broke off, put in place only when whole.

Belongs here: parts and their notes. Does not belong here: requests (client.py).

    <incoming>/<hash>.part    the bytes so far
    <incoming>/<hash>.json    address and validators they belong to
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import httpx

from sources.fetch.errors import PassingError, TooLargeError
from sources.fetch.replies import NONE, Downloaded, Validators, validators_of

LOOKS_LIKE_PAGE = re.compile(rb"\s*(<!doctype\s+html|<html|<head)", re.IGNORECASE)


@dataclass(slots=True)
class Part:
    """What is there of a file. `byte_count` is 0 where nothing can be gone on from."""

    path: Path
    note: Path
    byte_count: int = 0
    validators: Validators = NONE

    @classmethod
    def at(cls, incoming: Path, address: str) -> Self:
        incoming.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(address.encode("utf-8", "replace")).hexdigest()[:32]
        one = cls(incoming / f"{name}.part", incoming / f"{name}.json")
        try:
            noted = json.loads(one.note.read_text(encoding="utf-8"))
            one.validators = Validators(noted["etag"], noted["last_modified"])
            one.byte_count = one.path.stat().st_size if noted["address"] == address else 0
        except (OSError, ValueError, KeyError, TypeError):  # none, or torn: from the beginning
            one.byte_count = 0
        if not one.validators.for_resuming:
            one.byte_count = 0
        return one

    def headers_for(self, known: Validators) -> dict[str, str]:
        """Ask for the rest where there is a beginning, else for the file if it changed."""
        if self.byte_count:
            return {"Range": f"bytes={self.byte_count}-", "If-Range": self.validators.for_resuming or ""}
        return known.as_conditions()

    def begin(self, address: str, validators: Validators) -> None:
        self.byte_count, self.validators = 0, validators
        self.path.write_bytes(b"")
        noted = {"address": address, "etag": validators.etag, "last_modified": validators.last_modified}
        self.note.write_text(json.dumps(noted), encoding="utf-8")

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)
        self.byte_count = 0


async def receive(address: str, response: httpx.Response, part: Part, limit: int, seconds: float) -> Downloaded:
    """The body into the part. Raises TooLargeError, and PassingError where it broke off or its length is not as announced."""
    rest = response.status_code == httpx.codes.PARTIAL_CONTENT
    if rest and not _goes_on(response, part.byte_count):
        part.forget()
        raise PassingError(address, "the host sent another part of the file than the one asked for", 0.0)
    if not rest:
        part.begin(address, validators_of(response.headers))
    announced = _length(response)
    whole = None if announced is None else part.byte_count + announced
    if whole is not None and whole > limit:
        part.forget()
        raise TooLargeError(address, f"the file is {whole:,} bytes, over the limit of {limit:,}")
    try:
        async with asyncio.timeout(seconds):
            await _write(response, part, limit)
    except TimeoutError as error:
        raise PassingError(
            address, f"the file took longer than {seconds:,.0f} seconds; the next run goes on with it"
        ) from error
    if part.byte_count > limit:
        part.forget()
        raise TooLargeError(address, f"the file is larger than the limit of {limit:,} bytes")
    if whole is not None and part.byte_count != whole:
        raise PassingError(address, f"{part.byte_count:,} bytes came of the {whole:,} announced")
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()[:100]
    return Downloaded(part.validators, kind, part.byte_count)


async def _write(response: httpx.Response, part: Part, limit: int) -> None:
    """Append what comes, until it is over the limit, and flush it to the disk."""
    with part.path.open("ab") as target:
        async for chunk in response.aiter_bytes():
            target.write(chunk)
            part.byte_count += len(chunk)
            if part.byte_count > limit:
                return
        target.flush()
        os.fsync(target.fileno())


def put_in_place(address: str, part: Part, target: Path, *, keep_unless: bool) -> None:
    """Rename the part to its target. Raises PassingError where `keep_unless` says that what is there is better."""
    if keep_unless and target.exists() and _is_page(part.path) and not _is_page(target):
        part.forget()
        raise PassingError(address, "a web page came where the file was before, so the earlier file is kept")
    target.parent.mkdir(parents=True, exist_ok=True)
    part.path.replace(target)
    part.note.unlink(missing_ok=True)


def _is_page(path: Path) -> bool:
    with path.open("rb") as source:
        return LOOKS_LIKE_PAGE.match(source.read(512)) is not None


def _length(response: httpx.Response) -> int | None:
    """Bytes that are to come, where the body is sent as it is."""
    value = response.headers.get("content-length", "")
    if response.headers.get("content-encoding", "identity") != "identity" or not value.isdigit():
        return None
    return int(value[:18])


def _goes_on(response: httpx.Response, byte_count: int) -> bool:
    found = re.match(r"bytes (\d+)-", response.headers.get("content-range", ""))
    return found is not None and int(found[1]) == byte_count and response.headers.get("content-encoding") is None
