"""The option --home, which every command that needs the home has alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

Command = Callable[..., Any]


def home_option(command: Command) -> Command:
    """Adds --home to a command, which gets it as `home`, None where it was not given."""
    return click.option(
        "--home",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Where state lives. [default: $PUBLICVALUE_HOME or .publicvalue]",
    )(command)
