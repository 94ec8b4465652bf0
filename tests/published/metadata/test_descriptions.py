"""What a release says about itself, held against each format's own validator."""

from __future__ import annotations

import hashlib
import json
import warnings
from pathlib import Path
from typing import Any

import jsonschema
import pyshacl
import pytest
import rdflib
import yaml
from csvw import CSVW

from published.datasets import datasets

HERE = Path(__file__).parent
pytestmark = pytest.mark.filterwarnings(  # rdflib and pyshacl use what rdflib is about to drop
    "ignore:(ConjunctiveGraph|Dataset).* is deprecated:DeprecationWarning"
)
BASE = "https://example.org/1.0.0/"


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def with_shapes(catalogue: Any) -> tuple[bool, str]:
    graph = rdflib.Graph().parse(data=json.dumps(catalogue), format="json-ld", publicID=f"{BASE}dcat.jsonld")
    conforms, _, text = pyshacl.validate(graph, shacl_graph=str(HERE / "dcat-ap.shapes.ttl"))
    return conforms, text


def test_the_catalogue_fits_the_shapes_of_dcat_ap(released_with_findings: Path) -> None:
    catalogue = read(released_with_findings / "dcat.jsonld")
    conforms, text = with_shapes(catalogue)
    assert conforms, text
    assert len(catalogue["dcat:dataset"]) == len(datasets()) + 1


@pytest.mark.parametrize("missing", ["dct:title", "dcat:distribution", "dct:description"])
def test_a_catalogue_without_a_mandatory_property_does_not_fit(released_with_findings: Path, missing: str) -> None:
    catalogue = read(released_with_findings / "dcat.jsonld")
    del catalogue["dcat:dataset"][1][missing]
    assert with_shapes(catalogue)[0] is False


def test_addresses_of_the_catalogue_follow_the_place_it_is_read_from(released_with_findings: Path) -> None:
    graph = rdflib.Graph().parse(
        data=(released_with_findings / "dcat.jsonld").read_text(), format="json-ld", publicID=f"{BASE}dcat.jsonld"
    )
    found = {str(one) for one in graph.objects(None, rdflib.URIRef("http://www.w3.org/ns/dcat#downloadURL"))}
    assert {f"{BASE}transactions.csv", f"{BASE}transactions.parquet", f"{BASE}public-value.sqlite"} <= found


def test_csv_on_the_web_finds_every_file_valid(released_site: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        described = CSVW(str(released_site / "csv-metadata.json"), validate=True)
        assert described.is_valid, [str(one.message) for one in described.warnings]
    assert len(described.tables) == len(datasets())


def test_csv_on_the_web_finds_a_wrong_value(released_with_findings: Path, tmp_path: Path) -> None:
    metadata = read(released_with_findings / "csv-metadata.json")
    metadata["tables"] = [one for one in metadata["tables"] if one["url"] == "publishers.csv"]
    (tmp_path / "csv-metadata.json").write_text(json.dumps(metadata))
    text = (released_with_findings / "publishers.csv").read_text()
    (tmp_path / "publishers.csv").write_text(text.replace("true", "perhaps"))
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        assert CSVW(str(tmp_path / "csv-metadata.json"), validate=True).is_valid is False


def test_the_citation_file_has_what_its_format_asks_for(released_with_findings: Path) -> None:
    described = yaml.load((released_with_findings / "CITATION.cff").read_text(), yaml.BaseLoader)  # noqa: S506 - it makes text only
    jsonschema.validate(described, read(HERE / "citation.schema.json"))
    assert described["date-released"] == "2024-07-01"
    assert described["version"] == "1.0.0"


def test_schema_org_tells_each_file_with_size_and_checksum(released_with_findings: Path) -> None:
    described = read(released_with_findings / "schema.org.jsonld")
    assert described["@type"] == "Dataset"
    parts = {part["name"]: part for part in described["hasPart"]}
    files = {file["contentUrl"]: file for file in parts["SAMPLE DATA: Transactions"]["distribution"]}
    assert files.keys() == {"transactions.csv", "transactions.csv.gz", "transactions.parquet"}
    for name, file in files.items():
        stored = (released_with_findings / name).read_bytes()
        assert file["contentSize"] == f"{len(stored)} B"
        assert file["sha256"] == hashlib.sha256(stored).hexdigest()
    # What search engines ask of a description: 50 to 5,000 characters.
    assert all(50 <= len(part["description"]) <= 5000 for part in [described, *parts.values()])


def test_ranked_datasets_say_that_they_must_not_be_ranked_without_intervals(released_with_findings: Path) -> None:
    tables = {one["name"]: one for one in read(released_with_findings / "datapackage.json")["resources"]}
    assert tables["scores"]["do_not_rank_without_interval"] is True
    assert "do_not_rank_without_interval" not in tables["transactions"]


def test_a_table_says_whom_to_acknowledge_how_often_it_changes_and_what_it_adds_up_to(
    released_with_findings: Path,
) -> None:
    table = read(released_with_findings / "datapackage.json")["resources"][0]
    assert table["name"] == "transactions"
    assert table["attribution"].startswith("SAMPLE DATA.")
    assert table["updates"]["frequency"] == "MONTHLY"
    assert table["totals"]["amount_gbp"] == "26334.49"
    assert table["questions"][0]["sql"].startswith("select transaction_id")


def test_the_dictionary_explains_columns_and_codes(released_with_findings: Path) -> None:
    text = (released_with_findings / "data-dictionary.md").read_text()
    assert "\n## Transactions\n" in text
    assert "| `amount_gbp` | number, GBP |" in text
    assert "### payee_kind" in text
    assert "\n\n\n" not in text


def test_versions_of_rules_stand_in_the_package(released_with_findings: Path) -> None:
    methods = read(released_with_findings / "datapackage.json")["methods"]
    assert methods["rules"]
    assert all(version.isdigit() for version in methods["rules"].values())


def test_a_dataset_without_rows_says_why_and_one_with_rows_does_not(released_with_findings: Path) -> None:
    resources = {one["name"]: one for one in read(released_with_findings / "datapackage.json")["resources"]}
    tables = read(released_with_findings / "datasette-metadata.json")["databases"]["public-value"]["tables"]
    readme = (released_with_findings / "README.md").read_text(encoding="utf-8")
    why = resources["attribution"]["emptyBecause"]
    assert resources["attribution"]["rowCount"] == 0
    assert "could be cited, and none is invented" in why
    assert tables["attribution"]["empty_because"] == why
    assert f"**Empty:** {why}" in readme
    assert resources["findings"]["rowCount"] > 0
    assert all("emptyBecause" not in one for one in resources.values() if one.get("rowCount"))


def test_the_lock_stands_in_the_release(released_with_findings: Path) -> None:
    assert (released_with_findings / "requirements.lock").read_bytes() == Path("requirements.lock").read_bytes()


@pytest.mark.parametrize(
    "name", ["README.md", "data-dictionary.md", "CHANGELOG.md", "CITATION.cff", "datapackage.json", "csv-metadata.json",
             "dcat.jsonld", "schema.org.jsonld", "datasette-metadata.json"],
)  # fmt: skip
def test_every_description_of_a_sample_says_so(released_with_findings: Path, name: str) -> None:
    assert "SAMPLE DATA" in (released_with_findings / name).read_text(encoding="utf-8")
