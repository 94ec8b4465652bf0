"""A document of GOV.UK as a publication: its files, its dates, and what it leads to.

Belongs here: attachments however they are given, dates of publication, withdrawal. Does not belong here: which files are taken.
"""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel

from sources.govuk.models import Content, Linked
from sources.html_links import Link, absolute, links_in
from sources.offers import RANKS, File, file_at
from sources.periods import periods_in_text

WEB = "https://www.gov.uk"
FILE_ROOTS = (
    "https://assets.publishing.service.gov.uk/",
    "https://www.gov.uk/government/uploads/",
    "https://www.gov.uk/media/",
)
DOWNLOADS = ("download", "view online", "csv", "ods", "excel", "pdf", "spreadsheet")


class Publication(BaseModel):
    """What is remembered of a document. `changes` are days with their notes, oldest first; `withdrawn` says when and why."""

    base_path: str
    title: str
    document_type: str
    first_published: date | None
    changes: tuple[tuple[date, str], ...] = ()
    withdrawn: str = ""
    organisation: str = ""
    """Slug of the organisation that publishes it, where the document says so."""
    files: tuple[File, ...] = ()
    documents: tuple[Linked, ...] = ()
    """Where the document is a collection: what it holds, group by group."""

    @property
    def address(self) -> str:
        return WEB + self.base_path

    @property
    def stamp(self) -> str:
        """Moves when the document announces a change."""
        return f"{self.first_published} {len(self.changes)} {self.changes[-1][0] if self.changes else ''}"

    def published(self, file: File) -> date | None:
        """The day the file was published, as far as the page says.

        The first note of a change that names the file's month gives it. Without one, the page's first day does, unless the
        file's month was not over by then: such a file came later, on a day that is not known.
        """
        period = file.period
        if period is not None and len(self.files) > 1:
            for day, note in self.changes:
                if any(
                    one == period or (len(one.months) == 1 and period.contains(one.start))
                    for one in periods_in_text(note)
                ):
                    return day
            if self.first_published is not None and period.end > self.first_published:
                return None
        return self.first_published


def publication(content: Content) -> Publication:
    """What the document says. Raises nothing: models.parsed has proved the shape."""
    details, notice = content.details, content.withdrawn
    organisation = next(
        (one.base_path for one in content.links.primary_publishing_organisation or () if one.base_path), ""
    )
    return Publication(
        base_path=content.base_path,
        title=content.title[:1000],
        document_type=content.document_type[:100],
        first_published=_day(content.first_published_at),
        changes=tuple(sorted((one.public_timestamp.date(), one.note[:1000]) for one in details.change_history or ())),
        withdrawn="" if notice is None else f"withdrawn{_on(notice.withdrawn_at)}: {_words(notice.explanation)}"[:500],
        organisation=organisation.rpartition("/")[2],
        files=tuple(_files(content)),
        documents=tuple(_documents(content)),
    )


def _files(content: Content) -> list[File]:
    """Attachments, and links of the body to files that no attachment names."""
    base = WEB + content.base_path
    found: dict[str, File] = {}
    for one in content.details.attachments or ():
        if one.attachment_type == "html":  # a page of words on GOV.UK, not a file
            continue
        address = absolute(one.url, base)
        if address is not None:
            found[address] = file_at(
                address, one.title or "", content_type=one.content_type or "", name=one.filename, size=one.file_size
            )
    for link in links_in(content.details.html, base):
        address = link.address.removesuffix("/preview")
        if address not in found and _is_file(address):
            found[address] = file_at(address, _title(link))
    return list(found.values())


def _is_file(address: str) -> bool:
    ending = address.partition("?")[0].rpartition(".")[2].lower()
    return ending in RANKS if ending not in {"html", "htm"} else address.startswith(FILE_ROOTS)


def _title(link: Link) -> str:
    says_form = not link.text or link.text.lower().startswith(DOWNLOADS)
    return link.heading if says_form and link.heading else link.text


def _documents(content: Content) -> list[Linked]:
    """In the order of the groups, then those that no group names."""
    linked = content.links.documents or ()
    by_id = {one.content_id: one for one in linked if one.content_id}
    groups = content.details.collection_groups or ()
    ordered = [*(by_id[one] for group in groups for one in group.documents if one in by_id), *linked]
    return list({one.base_path: one for one in ordered if one.base_path}.values())


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _on(moment: datetime | None) -> str:
    return f" on {moment.date()}" if moment else ""


def _words(explanation: str | None) -> str:
    from lxml import html  # noqa: PLC0415 - only for the rare notice

    if not explanation or not explanation.strip():
        return "no reason given"
    try:
        return " ".join("".join(html.fragment_fromstring(explanation, create_parent="div").itertext()).split())
    except (ValueError, AssertionError, html.etree.LxmlError):
        return "reason not readable"
