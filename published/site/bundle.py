"""Vega, Vega-Lite and vega-embed as one script of 0.9 MB, as vl-convert carries them.

Made by a process of its own, since making it takes seconds in which no other thread of that process runs; then kept.
"""

from __future__ import annotations

import asyncio
import sys

from published.site.artist import VEGA_LITE

_made: list[bytes] = []
_making = asyncio.Lock()


async def bundle() -> bytes:
    """The script. Raises RuntimeError where it could not be made."""
    async with _making:
        if not _made:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "published.site.bundle", stdout=asyncio.subprocess.PIPE
            )
            script, _ = await process.communicate()
            if process.returncode:
                raise RuntimeError(f"the script of the charts could not be made: exit code {process.returncode}")
            _made.append(script)
    return _made[0]


def main() -> None:
    import vl_convert  # noqa: PLC0415 - only the process that makes the script pays for it

    sys.stdout.buffer.write(
        vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=VEGA_LITE).encode()
    )


if __name__ == "__main__":
    main()
