"""Asks a release what a page shows: all of its queries in one go, on one connection, within one limit of time.

Belongs here: binding of parameters, limits, and what an older release that lacks a table answers. Does not belong here:
how answers are shown (plugin.py and the templates).
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from datasette.utils import sqlite_timelimit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datasette.app import Datasette

    from published.site.declared import Page, Parameter

TIME_LIMIT_MS = 3000
MOST_ROWS = 2000
MOST_TYPED = 200
NO_WORDS = '""'
"""A full-text query that finds nothing; an empty one would be a mistake of syntax."""


class NoSuchPageError(Exception):
    """The release holds nothing under this address."""


class WrongParameterError(Exception):
    """A value in the address cannot be what it has to be; the words say which."""


class TooSlowError(Exception):
    """The queries took longer than the limit."""


@dataclass(slots=True)
class Answers:
    """Rows by query name; `missing` names queries that ask for tables or columns which this release does not have."""

    parameters: dict[str, str | int]
    data: dict[str, Any] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def bound(page: Page, given: Mapping[str, str]) -> dict[str, str | int]:
    """Value by parameter, defaults filled in. Raises WrongParameterError."""
    return {name: _value(name, parameter, given.get(name)) for name, parameter in page.parameters.items()}


def _value(name: str, parameter: Parameter, given: str | None) -> str | int:
    if given is None or (given == "" and parameter.kind == "count"):
        return parameter.default
    if len(given) > MOST_TYPED:
        raise WrongParameterError(f"{name} is longer than {MOST_TYPED} characters")
    if parameter.kind != "count":
        return given.replace("\x00", "")
    if not (given.isascii() and given.isdecimal() and int(given) <= parameter.most):
        raise WrongParameterError(f"{name} has to be a whole number from 0 to {parameter.most}")
    return int(given)


async def ask(datasette: Datasette, database: str, page: Page, parameters: dict[str, str | int]) -> Answers:
    """The page's answers. Raises NoSuchPageError where a required row is not there, TooSlowError past the limit."""
    answers = Answers(parameters)
    values = {name: _bindable(page.parameters[name], value) for name, value in parameters.items()}

    def run(con: sqlite3.Connection) -> None:
        with sqlite_timelimit(con, TIME_LIMIT_MS):
            for name, query in page.queries.items():
                try:
                    cursor = con.execute(query.sql, values)
                    names = [column[0] for column in cursor.description]
                    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchmany(MOST_ROWS)]
                except sqlite3.OperationalError as error:
                    if str(error) == "interrupted":
                        raise TooSlowError from error
                    if not str(error).startswith("no such"):
                        raise
                    rows = []
                    answers.missing.append(name)
                if query.required and not rows and name not in answers.missing:
                    raise NoSuchPageError
                answers.data[name] = (rows[0] if rows else None) if query.one else rows

    await datasette.get_database(database).execute_fn(run)
    return answers


def _bindable(parameter: Parameter, value: str | int) -> str | int:
    """Words typed by a person as a full-text query: each has to occur, the last one may go on."""
    if parameter.kind != "search":
        return value
    words = [word.replace('"', "") for word in str(value).split()]
    return " ".join(f'"{word}"*' for word in words if word) or NO_WORDS
