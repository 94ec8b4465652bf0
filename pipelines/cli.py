"""The `publicvalue` command. Each subcommand is a module in pipelines/commands, imported only when it is called."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import click

from pipelines import commands
from pipelines.without_pandas import without_pandas
from sources.errors import PublicValueError

WITHOUT_PANDAS = {"check", "inspect"}
"""Commands that never use it."""


class LazyGroup(click.Group):
    """Finds `publicvalue NAME` in pipelines.commands.NAME, so that starting one command does not import the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"pipelines.commands.{cmd_name.replace('-', '_')}").command
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="public-value")
def cli() -> None:
    """What UK public bodies spend, and what came of it.

    \b
    publicvalue run                      the main job, on the embedded sample
    publicvalue run --mirror FOLDER      the same on a folder of files as published
    publicvalue inspect FILE             how one file was read
    publicvalue check FILE               what the rules find in a file before it is published
    publicvalue serve                    browse the newest release
    publicvalue releases                 what was released, what is held, what is served
    publicvalue trace TRANSACTION_ID     the way from a published line back to the raw cells
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines


def main() -> None:
    """Entry point. Our own errors become one line on standard error and their exit code; anything else is a bug and keeps its traceback."""
    if WITHOUT_PANDAS.intersection(sys.argv[1:2]):
        without_pandas()
    try:
        code = cli(standalone_mode=False)
    except click.Abort:
        click.echo("stopped.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except PublicValueError as error:
        click.echo(f"publicvalue: {error}", err=True)
        sys.exit(error.exit_code)
    if isinstance(code, int):  # of click's Exit, which it hands back when it does not end the process itself
        sys.exit(code)


if __name__ == "__main__":
    main()
