"""GOV.UK's documents: what is relied on is checked, and what is wrong is told with its place. Nothing else can happen."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture.utils import many
from hypothesis_jsonschema import from_schema

from sources.govuk.models import Content, DocumentError, SearchPage, SearchResult, parsed, parsed_value
from sources.govuk.publication import Publication, publication

REAL = Path(os.environ.get("PUBLICVALUE_REAL_MIRROR", "/nowhere")) / "govuk-api"
WHERE = "https://www.gov.uk/api/content/a"
real = pytest.mark.skipif(not REAL.is_dir(), reason="PUBLICVALUE_REAL_MIRROR is not set, or holds no govuk-api")
PLAIN: dict[str, Any] = {
    "base_path": "/government/publications/a", "title": "Spend over £25,000: May 2014", "document_type": "transparency",
    "schema_name": "publication", "first_published_at": "2014-07-01T09:30:00+01:00", "details": {"body": ""}, "links": {},
}  # fmt: skip
CSV = {
    "attachment_type": "file",
    "id": "a.csv",
    "content_type": "text/csv",
    "url": "https://assets.publishing.service.gov.uk/media/1/a.csv",
}


class _Many:
    """hypothesis_jsonschema asks `more()` of what the hypothesis at hand only lets itself be iterated over."""

    def __init__(self, *given: Any, **named: Any) -> None:
        self._inner = many(*given, **named)
        self._inner.__enter__()
        self._steps = iter(self._inner)

    def more(self) -> bool:
        if next(self._steps, "ended") == "ended":
            self._inner.__exit__(None)
            return False
        return True

    def reject(self) -> None:
        self._inner.reject()


def _read(**details: Any) -> Publication:
    return publication(parsed(Content, json.dumps({**PLAIN, "details": {"body": "", **details}}).encode(), WHERE))


def _survives(body: bytes) -> None:
    try:
        made = publication(parsed(Content, body, WHERE))
    except DocumentError as error:
        assert error.address == WHERE  # noqa: PT017 - either this or a result
    else:
        assert made.address.startswith("https://www.gov.uk/")
        for file in made.files:
            assert file.file_name
            assert "/" not in file.file_name
            made.published(file)
        assert Publication.model_validate_json(made.model_dump_json()) == made


def test_attachments_give_the_files() -> None:
    [file] = _read(
        attachments=[{**CSV, "title": "Spend May 2014", "filename": "spend-may-2014.csv", "file_size": 12}]
    ).files
    assert (file.title, file.file_name, file.form, file.byte_count) == (
        "Spend May 2014",
        "spend-may-2014.csv",
        "csv",
        12,
    )


def test_links_of_body_and_documents_give_files_that_no_attachment_names() -> None:
    block = '<section class="attachment"><h2 class="title">Spend May 2014</h2><a href="/media/2/b.csv/preview">View online</a></section>'
    made = _read(
        attachments=[CSV], body=f'<a href="{CSV["url"]}">again</a> <a href="/help">help</a>', documents=[block]
    )
    assert [(one.address, one.title) for one in made.files] == [
        (CSV["url"], "a.csv"), ("https://www.gov.uk/media/2/b.csv", "Spend May 2014"),
    ]  # fmt: skip


def test_a_page_of_words_is_no_file() -> None:
    assert (
        _read(attachments=[{"attachment_type": "html", "id": "1", "url": "/government/publications/a/b"}]).files == ()
    )


def test_a_file_of_a_yearly_page_was_published_when_a_change_names_its_month() -> None:
    files = [
        {**CSV, "title": f"Spend {month} 2014", "url": f"https://assets.publishing.service.gov.uk/media/1/{month}.csv"}
        for month in ("May", "June", "July")
    ]
    changes = [
        {"public_timestamp": "2014-09-03T10:00:00+01:00", "note": "Added data for June 2014."},
        {"public_timestamp": "2014-07-01T09:30:00+01:00", "note": "First published."},
    ]
    made = _read(attachments=files, change_history=changes)
    # July's list cannot have been there on 1 July, and no note says when it came.
    assert [made.published(one) for one in made.files] == [date(2014, 7, 1), date(2014, 9, 3), None]


def test_withdrawal_is_told_with_day_and_words_and_an_empty_notice_is_none() -> None:
    notice = {"explanation": "<div><p>Out of <b>date</b>.</p></div>", "withdrawn_at": "2016-04-01T13:05:30Z"}
    made = publication(parsed(Content, json.dumps({**PLAIN, "withdrawn_notice": notice}).encode(), WHERE))
    assert made.withdrawn == "withdrawn on 2016-04-01: Out of date."
    assert publication(parsed(Content, json.dumps({**PLAIN, "withdrawn_notice": {}}).encode(), WHERE)).withdrawn == ""


def test_the_error_names_the_document_and_the_place_in_it() -> None:
    body = json.dumps(
        {**PLAIN, "details": {"body": "", "attachments": [CSV, {"attachment_type": "file", "url": 5}]}}
    ).encode()
    with pytest.raises(DocumentError) as error:
        parsed(Content, body, WHERE)
    assert str(error.value) == f"{WHERE}: not as relied on: details.attachments[1].url: Input should be a valid string"


def test_text_that_is_no_json_is_told() -> None:
    with pytest.raises(DocumentError, match="the whole answer: Invalid JSON"):
        parsed(Content, b"<html>", WHERE)


def test_unknown_fields_are_left_alone() -> None:
    assert (
        publication(parsed(Content, json.dumps({**PLAIN, "new_field": {"a": 1}}).encode(), WHERE)).title
        == PLAIN["title"]
    )


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_json_is_a_result_or_an_error_that_names_the_document(value: Any) -> None:
    body = json.dumps({**PLAIN, "details": value, "links": value}).encode("utf-8", "surrogatepass")
    _survives(body)


@real
@pytest.mark.real
@pytest.mark.parametrize("name", ["publication", "document_collection", "statistical_data_set", "organisation"])
def test_every_document_that_a_schema_allows_is_survived(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hypothesis_jsonschema._from_schema.cu", SimpleNamespace(many=_Many))
    schema = json.loads((REAL / "content" / f"{name}.schema.json").read_text(encoding="utf-8"))
    for links in ("frontend_links", "frontend_links_with_base_path"):
        # Links that have links: without end, which the generator cannot do, and nothing of them is relied on.
        schema["definitions"].get(links, {}).get("items", {}).get("properties", {}).pop("links", None)
    schema["definitions"].get("nested_headers", {}).get("items", {}).get("properties", {}).pop("headers", None)

    @settings(max_examples=8, suppress_health_check=list(HealthCheck), database=None)
    @given(from_schema(schema))
    def survives(document: Any) -> None:
        _survives(json.dumps(document).encode("utf-8", "surrogatepass"))

    survives()


@real
@pytest.mark.real
def test_every_example_document_is_read() -> None:
    examples = sorted((REAL / "content").glob("*--*.json"))
    assert len(examples) > 40
    read = {path.name: publication(parsed(Content, path.read_bytes(), path.name)) for path in examples}
    assert read["publication--withdrawn_publication.json"].withdrawn.startswith(
        "withdrawn on 2015-01-13: This information"
    )
    assert len(read["publication--publication-with-featured-attachments.json"].files) == 1
    assert any(one.form == "csv" for one in read["statistical_data_set--statistical_data_set_with_csv.json"].files)
    assert (
        sum(
            one.withdrawn
            for one in read["document_collection--document_collection_with_withdrawn_links_documents.json"].documents
        )
        >= 1
    )


@real
@pytest.mark.real
def test_search_answers_are_read() -> None:
    for path in sorted((REAL / "search").glob("*.json")):
        page = parsed(SearchPage, path.read_bytes(), path.name)
        for place, raw in enumerate(page.results):
            assert parsed_value(SearchResult, raw, path.name, f"results[{place}]").link
