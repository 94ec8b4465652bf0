"""A server on loopback that speaks GOV.UK's search, content and asset addresses, from a corpus on the disk. It can misbehave.

    python -m tests.replay.server CORPUS [--port N]     prints its address, serves until it is stopped

CORPUS is a folder with corpus.json: `documents` as the content API gives them, `files` (path -> place on the disk), `pages`
(path -> HTML). POST /_replay/reload reads it again; POST /_replay/faults takes a list of {match, kind, times}; GET /_replay/log
gives what was asked for since the last look.

Kinds of fault: busy (429, Retry-After), broken (500), slow, drip, cut, wrong_length, wrong_type, loop, private (a redirect to a
private address), file_scheme, not_json, gone, long_wait.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import re
import socket
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import uvicorn

KNOWN = {"q", "filter_organisations", "filter_content_store_document_type", "fields", "order", "count", "start"}
MAX_COUNT = 1500
MODIFIED = formatdate(1_700_000_000, usegmt=True)
TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "pdf": "application/pdf",
         "xls": "application/vnd.ms-excel", "ods": "application/vnd.oasis.opendocument.spreadsheet", "html": "text/html"}  # fmt: skip


class Replay:
    def __init__(self, corpus: Path) -> None:
        self.corpus = corpus
        self.faults: list[dict[str, Any]] = []
        self.log: list[list[Any]] = []
        self.reload()

    def reload(self) -> None:
        held = json.loads((self.corpus / "corpus.json").read_text(encoding="utf-8"))
        self.documents = {one["base_path"]: one for one in held["documents"]}
        self.bodies = {path: json.dumps(one).encode() for path, one in self.documents.items()}
        self.files: dict[str, str] = held.get("files", {})
        self.pages: dict[str, str] = held.get("pages", {})
        self.robots: str | None = held.get("robots")
        self.by_organisation: dict[str, list[dict[str, Any]]] = {}
        for one in held["documents"]:
            for organisation in one["links"].get("organisations", []):
                slug = organisation["base_path"].rpartition("/")[2]
                self.by_organisation.setdefault(slug, []).append(one)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            while True:
                message = await receive()
                await send({"type": f"{message['type']}.complete"})
                if message["type"] == "lifespan.shutdown":
                    return
        path, query = scope["path"], scope["query_string"].decode()
        if path.startswith("/_replay/"):
            await self._control(path, receive, send)
            return
        fault = self._fault(path + (f"?{query}" if query else ""))
        if fault == "slow":
            await asyncio.sleep(5)
        await self._send(send, scope, self._answer(path, query), fault)

    def _answer(self, path: str, query: str) -> tuple[int, bytes, str]:
        if path == "/api/search.json":
            return self._search(parse_qsl(query, keep_blank_values=True))
        if path.startswith("/api/content/"):
            body = self.bodies.get(path.removeprefix("/api/content"))
            return (200, body, "application/json") if body else (404, b'{"error":"not found"}', "application/json")
        if path == "/robots.txt" and self.robots is not None:
            return 200, self.robots.encode(), "text/plain"
        if path in self.pages:
            return 200, self.pages[path].encode(), "text/html; charset=utf-8"
        if path in self.files:
            return (
                200,
                Path(self.files[path]).read_bytes(),
                TYPES.get(path.rpartition(".")[2].lower(), "application/octet-stream"),
            )
        return 404, b"not found", "text/plain"

    def _search(self, given: list[tuple[str, str]]) -> tuple[int, bytes, str]:
        unknown = [name for name, _ in given if name not in KNOWN]
        values = dict(given)
        count, start = int(values.get("count", 10)), int(values.get("start", 0))
        if unknown or count > MAX_COUNT:
            what = (
                f"Unexpected parameters: {', '.join(unknown)}" if unknown else f"Maximum result set size is {MAX_COUNT}"
            )
            return 422, json.dumps({"error": what}).encode(), "application/json"
        types = {value for name, value in given if name == "filter_content_store_document_type"}
        slugs = sorted({value for name, value in given if name == "filter_organisations"})
        of_any = {one["base_path"]: one for slug in slugs for one in self.by_organisation.get(slug, [])}.values()
        found = [one for one in of_any if one["document_type"] in types and not one.get("withdrawn_notice")]
        found.sort(key=lambda one: (one["public_updated_at"] or "", one["base_path"]), reverse=True)
        results = [
            {"title": one["title"], "link": one["base_path"], "public_timestamp": one["public_updated_at"], "index": "government",
             "es_score": None, "_id": one["base_path"], "document_type": "edition"}
            for one in found[start : start + count]
        ]  # fmt: skip
        answer = {"results": results, "total": len(found), "start": start, "facets": {}, "suggested_queries": []}
        return 200, json.dumps(answer).encode(), "application/json"

    async def _send(self, send: Any, scope: dict[str, Any], answer: tuple[int, bytes, str], fault: str) -> None:
        asked = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        status, body, out = _spoilt(*answer, fault, scope["path"])
        if status == 200:
            status, body, out = _conditional(asked, body, out)
        self.log.append(
            [scope["path"], status, asked.get("range", ""), asked.get("host", ""), asked.get("user-agent", "")]
        )
        if status != 304:
            out["content-length"] = str(len(body) + (10 if fault == "wrong_length" else 0))
        listed = [(name.encode(), value.encode("latin-1")) for name, value in out.items()]
        await send({"type": "http.response.start", "status": status, "headers": listed})
        if fault in {"cut", "wrong_length"}:
            sent = body[: len(body) // 2 if fault == "cut" else None]
            await send({"type": "http.response.body", "body": sent, "more_body": True})
            return  # uvicorn closes the connection of an answer that is not whole
        if fault == "drip":
            for place in range(0, len(body), 10):
                await send({"type": "http.response.body", "body": body[place : place + 10], "more_body": True})
                await asyncio.sleep(0.2)
            body = b""
        await send({"type": "http.response.body", "body": body})

    def _fault(self, address: str) -> str:
        for one in self.faults:
            if one["times"] > 0 and re.search(one["match"], address):
                one["times"] -= 1
                return str(one["kind"])
        return ""

    async def _control(self, path: str, receive: Any, send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        answer: Any = None
        if path == "/_replay/reload":
            self.reload()
        elif path == "/_replay/faults":
            self.faults = json.loads(body)
        elif path == "/_replay/log":
            answer, self.log = self.log, []
        data = json.dumps(answer).encode()
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-length", str(len(data)).encode())]}
        )
        await send({"type": "http.response.body", "body": data})


def _spoilt(status: int, body: bytes, kind: str, fault: str, path: str) -> tuple[int, bytes, dict[str, str]]:
    """The answer with a fault in it, but for those that are in how it is sent."""
    there = {"loop": path, "private": "http://10.0.0.1/secret.csv", "file_scheme": "file:///etc/passwd"}
    refusals: dict[str, tuple[int, bytes, dict[str, str]]] = {
        "busy": (429, b"slow down", {"retry-after": "0"}),
        "long_wait": (429, b"slow down", {"retry-after": "86400"}),
        "broken": (500, b"broken", {}),
        "gone": (410, b"gone", {}),
        "wrong_type": (200, b"<!DOCTYPE html><html><body>Please log in</body></html>", {"content-type": "text/html"}),
        "not_json": (200, body[: len(body) // 2], {}),
        **{name: (302, b"", {"location": where}) for name, where in there.items()},
    }
    status, body, more = refusals.get(fault, (status, body, {}))
    return status, body, {"content-type": kind, **more}


def _conditional(asked: dict[str, str], body: bytes, out: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
    """Not sent again where it is the same, and only the rest where that is asked for and belongs to it."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    out |= {"etag": etag, "last-modified": MODIFIED, "accept-ranges": "bytes"}
    if asked.get("if-none-match") == etag:
        return 304, b"", out
    wanted = re.fullmatch(r"bytes=(\d+)-", asked.get("range", ""))
    if wanted is None or asked.get("if-range") != etag:
        return 200, body, out
    begin = int(wanted[1])
    if begin >= len(body):
        return 416, b"", out
    return 206, body[begin:], {**out, "content-range": f"bytes {begin}-{len(body) - 1}/{len(body)}"}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--port", type=int, default=0)
    given = parser.parse_args()
    replay = Replay(given.corpus)  # before the address is told: whoever has it may change the corpus at once
    listening = socket.create_server(("127.0.0.1", given.port), backlog=512)
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)  # noqa: T201 - how its address is learnt
    config = uvicorn.Config(replay, log_level="critical", access_log=False, server_header=False, lifespan="off")
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
