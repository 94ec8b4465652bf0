"""Everything that a page shows: the rows of its queries, and what no SQL knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio.to_thread

from published.datasette.metadata import DATABASE
from published.site.answers import Answers, NoSuchPageError, ask, bound
from published.site.extras import EXTRAS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datasette.app import Datasette

    from published.site.declared import Page
    from published.site.held import Held


async def answered(datasette: Datasette, held: Held, page: Page, given: Mapping[str, str]) -> Answers:
    """`given`: text by parameter, as the address has it. Raises NoSuchPageError, WrongParameterError and TooSlowError."""
    answers = await ask(datasette, DATABASE, page, bound(page, given))
    if page.extra:
        extra = await anyio.to_thread.run_sync(EXTRAS[page.extra], held, answers.parameters)
        if extra is None:
            raise NoSuchPageError
        answers.data |= extra
    return answers
