"""A corpus for the replay server, made from a folder of files: the documents GOV.UK would have for them, in every shape it uses.

Also writes the mirror that a careful person would lay out by hand from the same documents, for comparison.
"""

from __future__ import annotations

import calendar
import csv
import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from sources.one_step import replace_file

ASSETS = "https://assets.publishing.service.gov.uk"


def document(base_path: str, title: str, slug: str, first: date, **more: Any) -> dict[str, Any]:
    """A publication in the shape of the content API. `more` goes into details, or replaces a field of the document."""
    top = {
        name: more.pop(name)
        for name in list(more)
        if name in {"document_type", "schema_name", "withdrawn_notice", "public_updated_at"}
    }
    links = more.pop("links", {})
    organisation = {
        "base_path": f"/government/organisations/{slug}", "content_id": _guid(slug), "locale": "en", "title": slug,
        "document_type": "organisation",
    }  # fmt: skip
    moment = f"{first.isoformat()}T09:30:00.000+00:00"
    return {
        "base_path": base_path, "content_id": _guid(base_path), "document_type": "transparency", "schema_name": "publication",
        "first_published_at": moment, "public_updated_at": moment, "updated_at": moment, "locale": "en", "phase": "live",
        "title": title, "description": "", "withdrawn_notice": {},
        "details": {"body": "", "political": False, "change_history": [{"public_timestamp": moment, "note": "First published."}], **more},
        "links": {"organisations": [organisation], "primary_publishing_organisation": [organisation], **links},
        **top,
    }  # fmt: skip


def attachment(url: str, title: str, content_type: str = "text/csv", **more: Any) -> dict[str, Any]:
    return {
        "attachment_type": "file",
        "content_type": content_type,
        "id": url.rpartition("/")[2],
        "url": url,
        "title": title,
        **more,
    }


def asset(place: str, name: str) -> str:
    return f"{ASSETS}/media/{hashlib.sha256(f'{place}/{name}'.encode()).hexdigest()[:24]}/{quote(name)}"


def write(out: Path, documents: list[dict[str, Any]], files: Mapping[str, Path | str], **more: Any) -> Path:
    """corpus.json; `files` by address or path."""
    out.mkdir(parents=True, exist_ok=True)
    by_path = {re.sub(r"^https?://[^/]+", "", address): str(place) for address, place in files.items()}
    decoded = {_decoded(path): place for path, place in by_path.items()}
    replace_file(out / "corpus.json", json.dumps({"documents": documents, "files": decoded, **more}))
    return out


def from_folder(spend: Path, slugs: Mapping[str, str], out: Path, hand_made: Path, limit: int = 12) -> Path:
    """Documents for `spend/<folder>/<files>`, each folder as the publisher and slug that `slugs` gives it: folder -> slug.

    Shapes go round: a file a page; a page with a PDF beside; links in the body; documents as HTML; a page with several months
    and notes of changes. Every publisher has pages that are no spending lists too. `hand_made` becomes a mirror of the same.
    """
    documents, files, rows = [], {}, []
    for folder, slug in slugs.items():
        names = sorted(path for path in (spend / folder).iterdir() if path.suffix.lower() in {".csv", ".xls", ".xlsx"})[
            :limit
        ]
        documents += _decoys(slug)
        months: list[tuple[date, str, str, Path]] = []
        for number, path in enumerate(names):
            month = date(2014 + number // 12, number % 12 + 1, 1)
            title = f"Spend over £25,000: {calendar.month_name[month.month]} {month.year}"
            months.append((month, title, asset(slug, path.name), path))
        pages, year_pages = months[: len(months) * 2 // 3], months[len(months) * 2 // 3 :]
        for number, (month, title, url, path) in enumerate(pages):
            published = _late(month)
            documents.append(
                _page(
                    number,
                    f"/government/publications/{slug}-spend-{month:%Y-%m}",
                    title,
                    slug,
                    published,
                    url,
                    files,
                    out,
                )
            )
            rows.append((slug, path, url, published, title, title))
            files[url] = path
        if year_pages:
            first = _late(year_pages[0][0])
            notes = [{"public_timestamp": f"{_late(month)}T09:30:00+00:00", "note": f"Added {calendar.month_name[month.month]} {month.year}."}
                     for month, *_ in year_pages[1:]]  # fmt: skip
            documents.append(document(
                f"/government/publications/{slug}-spend-by-year", "Spend over £25,000, by month", slug, first,
                attachments=[attachment(url, title) for _, title, url, _ in year_pages],
                change_history=[*reversed(notes), {"public_timestamp": f"{first}T09:30:00+00:00", "note": "First published."}],
                public_updated_at=f"{_late(year_pages[-1][0])}T09:30:00+00:00",
            ))  # fmt: skip
            for month, title, url, path in year_pages:
                alone = len(year_pages) == 1
                rows.append((slug, path, url, first if alone else _late(month), title, "Spend over £25,000, by month"))
                files[url] = path
    _by_hand(hand_made, rows)
    return write(out, documents, files)


def _page(  # noqa: PLR0917 - one call
    number: int, path: str, title: str, slug: str, published: date, url: str, files: dict[str, Any], out: Path
) -> dict[str, Any]:
    match number % 4:
        case 0:
            return document(
                path,
                title,
                slug,
                published,
                attachments=[attachment(url, title, filename=_decoded(url.rpartition("/")[2]))],
            )
        case 1:
            pdf = asset(slug, f"{published}.pdf")
            out.mkdir(parents=True, exist_ok=True)
            (out / "some.pdf").write_bytes(b"%PDF-1.4\n")
            files[pdf] = out / "some.pdf"
            both = [attachment(pdf, title, "application/pdf"), attachment(url, title)]
            return document(path, title, slug, published, attachments=both)
        case 2:
            body = f'<div class="govspeak"><p>Our list: <a href="{url}">{title}</a>, and <a href="/help">help</a>.</p></div>'
            return document(path, title, slug, published, body=body)
    block = (f'<section class="attachment embedded"><div class="attachment-details"><h2 class="title">{title}</h2>'
             f'<p class="metadata"><a href="{url}/preview">View online</a> <a href="{url}"><strong>Download CSV</strong> 12KB</a>'
             "</p></div></section>")  # fmt: skip
    return document(path, title, slug, published, documents=[block])


def _decoys(slug: str) -> list[dict[str, Any]]:
    day = date(2015, 3, 13)
    gifts = f"/government/publications/{slug}-gifts"
    old = f"/government/publications/{slug}-old-spend"
    return [
        document(gifts, "Ministers' gifts and hospitality, April to June 2014", slug, day,
                 attachments=[attachment(asset(slug, "gifts.csv"), "Gifts")]),
        document(old, "Spend over £25,000: January 2009", slug, day, attachments=[attachment(asset(slug, "old.csv"), "Old")],
                 withdrawn_notice={"explanation": "<p>Replaced by later data.</p>", "withdrawn_at": "2016-04-01T13:05:30Z"}),
    ]  # fmt: skip


def _by_hand(root: Path, rows: list[tuple[str, Path, str, date, str, str]]) -> None:
    lines = []
    for slug, path, url, published, *titles in rows:
        target = root / "spend" / slug / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        lines.append((f"spend/{slug}/{path.name}", url, published.isoformat(), *titles))
    with (root / "manifest.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("path", "source_url", "published", "title", "page_title"), *sorted(lines)])


def many(out: Path, slugs: list[str], years: int, *, start: int = 2010) -> Path:
    """A page a month for each slug, all with one small file: for the speed of discovery. Every fifteenth page is of something else."""
    out.mkdir(parents=True, exist_ok=True)
    small = out / "small.csv"
    small.write_text("Department,Amount\nA,1\n", encoding="ascii")
    documents, files = [], {}
    for slug in slugs:
        for number in range(years * 12):
            month = date(start + number // 12, number % 12 + 1, 1)
            name = f"{slug}-spend-{month:%Y-%m}.csv"
            url = asset(slug, name)
            files[url] = small
            title = f"{slug} spend over £25,000: {calendar.month_name[month.month]} {month.year}"
            documents.append(
                document(
                    f"/government/publications/{slug}-{month:%Y-%m}",
                    title,
                    slug,
                    _late(month),
                    attachments=[attachment(url, title)],
                )
            )
            if number % 15 == 0:
                documents.append(
                    document(
                        f"/government/publications/{slug}-meetings-{month:%Y-%m}", "Ministers' meetings", slug, month
                    )
                )
    return write(out, documents, files)


def _late(month: date) -> date:
    return month + timedelta(days=60)


def _decoded(path: str) -> str:
    return unquote(path)


def _guid(text: str) -> str:
    digits = hashlib.sha256(text.encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:32]}"
