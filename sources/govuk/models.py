"""What of GOV.UK's answers is relied on. Other fields are ignored; a field of these that is not as expected is an error that
says in which document, and where in it.

Shapes: the publishing API's schemas publication, document_collection and statistical_data_set, and the search API's answer.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

MAX_ERRORS = 3


class DocumentError(Exception):
    """A document is not as relied on. The message names its address, the place in it, and what is wrong there."""

    def __init__(self, address: str, what: str) -> None:
        super().__init__(f"{address}: {what}")
        self.address = address


class Relied(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


BasePath = Annotated[str, Field(pattern=r"^/[^\s\\]*$", max_length=512)]


class SearchResult(Relied):
    """`link` is a base path, or an address elsewhere. `public_timestamp` moves with each announced change."""

    link: str = Field(max_length=2000)
    title: str = ""
    public_timestamp: datetime | None = None
    is_withdrawn: bool = False


class SearchPage(Relied):
    results: tuple[Any, ...]
    total: int = Field(ge=0)


class Attachment(Relied):
    attachment_type: str
    url: str = Field(max_length=2000)
    title: str | None = None
    content_type: str | None = None
    filename: str | None = None
    file_size: int | None = None


class Change(Relied):
    public_timestamp: datetime
    note: str


class Group(Relied):
    title: str | None = None
    documents: tuple[str, ...] = ()


class Rendered(Relied):
    """A body given in several forms."""

    content_type: str
    content: str


class Details(Relied):
    attachments: tuple[Attachment, ...] | None = None
    body: str | tuple[Rendered, ...] | None = None
    documents: tuple[str, ...] | None = None
    change_history: tuple[Change, ...] | None = None
    collection_groups: tuple[Group, ...] | None = None

    @property
    def html(self) -> str:
        """Body and listed documents as HTML."""
        body = self.body
        if body is not None and not isinstance(body, str):
            body = next((one.content for one in body if one.content_type == "text/html"), "")
        return "\n".join([body or "", *(self.documents or ())])


class Linked(Relied):
    """Another document, as a link to it tells of it."""

    base_path: BasePath | None = None
    content_id: str | None = None
    title: str = ""
    withdrawn: bool = False
    public_updated_at: datetime | None = None


class Links(Relied):
    documents: tuple[Linked, ...] | None = None
    primary_publishing_organisation: tuple[Linked, ...] | None = None


class WithdrawnNotice(Relied):
    explanation: str | None = None
    withdrawn_at: datetime | None = None


class Content(Relied):
    """One document of the content API."""

    base_path: BasePath
    title: str
    document_type: str
    schema_name: str
    first_published_at: datetime | None = None
    public_updated_at: datetime | None = None
    withdrawn_notice: WithdrawnNotice | None = None
    details: Details
    links: Links = Links()

    @property
    def withdrawn(self) -> WithdrawnNotice | None:
        """The notice where there is one; a document that stands can carry an empty one."""
        notice = self.withdrawn_notice
        return notice if notice and (notice.withdrawn_at or notice.explanation) else None


M = TypeVar("M", bound=Relied)


def parsed(model: type[M], body: bytes, address: str) -> M:
    """The answer as the model. Raises DocumentError with the places that are wrong."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise DocumentError(address, _words(error)) from None


def parsed_value(model: type[M], value: object, address: str, place: str) -> M:
    """A part of an answer, already JSON. Raises DocumentError."""
    from pydantic_core import to_json  # noqa: PLC0415 - strict models take dates from JSON text only

    try:
        return model.model_validate_json(to_json(value))
    except ValidationError as error:
        raise DocumentError(address, f"{place}.{_words(error)}") from None


def _words(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_input=False, include_context=False)
    listed = "; ".join(f"{_path(one['loc'])}: {one['msg']}" for one in found[:MAX_ERRORS])
    more = f"; and {len(found) - MAX_ERRORS} more" if len(found) > MAX_ERRORS else ""
    return f"not as relied on: {listed}{more}"


def _path(parts: tuple[int | str, ...]) -> str:
    """`details.attachments[2].url`, as it would be written for jq."""
    return "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in parts).lstrip(".") or "the whole answer"
