"""Draws Vega-Lite specifications in a process of its own, which is started with the first and kept.

The library is an engine of JavaScript: a second to start, 130 MB, and one drawing at a time. Apart, it takes neither
memory nor the interpreter from a server that answers meanwhile, and it can end without ending that. A line of JSON goes in,
a line of JSON comes out; it ends with the process that started it.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any

VEGA_LITE = "6.4"
ROLES = re.compile(r' (?:role|aria-roledescription|aria-label|aria-hidden)="[^"<>]*"(?=[^<>]*>)')
MOST_SECONDS = 30.0
NICENESS = 5


class CannotDrawError(Exception):
    """A specification could not be drawn."""


class Artist:
    """The process, from this side. Threads may share it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self.drawn = 0
        """How many, since it was made."""

    def draw(self, spec: dict[str, Any]) -> str:
        """SVG of `spec`. Raises CannotDrawError, also where it took longer than MOST_SECONDS."""
        with self._lock:
            process = self._started()
            watch = threading.Timer(MOST_SECONDS, process.kill)
            watch.daemon = True
            watch.start()
            try:
                assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - asked for below
                process.stdin.write(json.dumps(spec, default=str) + "\n")
                process.stdin.flush()
                answer = process.stdout.readline()
            except OSError:
                answer = ""
            finally:
                watch.cancel()
            if not answer:
                self._end()
                raise CannotDrawError("the process that draws has ended; the next drawing starts another")
        drawn = json.loads(answer)
        if "svg" not in drawn:
            raise CannotDrawError(drawn["error"])
        self.drawn += 1
        return str(drawn["svg"])

    def close(self) -> None:
        with self._lock:
            self._end()

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "published.site.artist"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", start_new_session=True,
            )  # fmt: skip
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


ARTIST = Artist()
"""One for all releases that are open."""
atexit.register(ARTIST.close)


def main() -> None:
    import vl_convert  # noqa: PLC0415 - only the process that draws pays for it

    with suppress(OSError):
        os.nice(NICENESS)
    for line in sys.stdin:
        try:
            svg = vl_convert.vegalite_to_svg(json.loads(line), vl_version=VEGA_LITE, allowed_base_urls=[])
            drawn = {"svg": ROLES.sub("", svg)}  # the picture has one name, said by the page; its parts have none
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the next is drawn
            drawn = {"error": str(error)}
        sys.stdout.write(json.dumps(drawn) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
