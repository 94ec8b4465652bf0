"""Runs a command with a limit of memory and of processor time: `python -m published.site.limited MIB SECONDS COMMAND...`.

The limits are set in the process that then becomes the command, so that it never runs without them.
"""

from __future__ import annotations

import os
import resource
import sys


def main(arguments: list[str]) -> None:
    """Does not return. Raises OSError where the command cannot be run, ValueError where a limit is no number."""
    mebibytes, seconds, *command = arguments
    memory = int(mebibytes) * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (512 * 1024 * 1024, 512 * 1024 * 1024))
    os.execvp(command[0], command)  # noqa: S606 - the command is the caller's, no shell sees it


if __name__ == "__main__":
    main(sys.argv[1:])
