"""Where somebody publishes, as the register says it: GOV.UK organisations and documents, index pages, single addresses."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from error
    return pattern


WebAddress = Annotated[str, Field(pattern=r"^https?://[^\s<>\"]+$", max_length=500)]
BasePath = Annotated[str, Field(pattern=r"^/[a-z0-9/._-]+$", max_length=500)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=200)]
LinkPattern = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_compiles)]


class Places(BaseModel):
    """`govuk_documents` are publications or collections by their path. `link_pattern` is a regular expression, case ignored:
    a link of the index pages is taken where its address or its words match. Without one, links that speak of spending are.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    govuk_organisations: tuple[Slug, ...] = ()
    govuk_documents: tuple[BasePath, ...] = ()
    index_pages: tuple[WebAddress, ...] = ()
    link_pattern: LinkPattern | None = None
    addresses: tuple[WebAddress, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.govuk_organisations or self.govuk_documents or self.index_pages or self.addresses)
