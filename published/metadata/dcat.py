"""dcat.jsonld: the release as a DCAT catalogue (DCAT-AP's terms), for data portals that harvest it, made from the data package.

Addresses are relative to the file, so that a catalogue is right wherever the release stands; whoever harvests it resolves
them against the address it was fetched from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NAME = "dcat.jsonld"
EU = "http://publications.europa.eu/resource/authority"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
}
PUBLISHER = {"@id": "#publisher", "@type": "foaf:Agent", "foaf:name": "Public Value"}


def dcat(package: Mapping[str, Any]) -> dict[str, Any]:
    """A catalogue that holds each dataset with its files, and the whole as one SQLite file. Cuts are told by their index."""
    tables = [resource for resource in package["resources"] if "schema" in resource]
    files = [resource for resource in package["resources"] if not resource.get("part")]
    whole = [resource for resource in files if resource["name"] == "sqlite"]
    return {
        "@context": CONTEXT,
        "@id": "#catalogue",
        "@type": "dcat:Catalog",
        "dct:title": _text(package["title"]),
        "dct:description": _text(package["description"]),
        "dct:publisher": PUBLISHER,
        "dct:language": {"@id": f"{EU}/language/ENG"},
        "dct:license": _licence(package["licenses"][0]),
        "dct:issued": _date(package["asOf"]),
        "dcat:themeTaxonomy": {"@id": f"{EU}/data-theme"},
        "dcat:dataset": [
            _dataset(package, "#everything", package, whole),
            *(_dataset(package, f"#{table['name']}", table, _files_of(table, files)) for table in tables),
        ],
    }


def _files_of(table: Mapping[str, Any], files: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [file for file in files if table["name"] in {file["name"], file.get("dataset")}]


def _dataset(
    package: Mapping[str, Any], identifier: str, table: Mapping[str, Any], files: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "@id": identifier,
        "@type": "dcat:Dataset",
        "dct:identifier": f"public-value-{package['channel']}-{package['version']}{identifier}",
        "dct:title": _text(
            f"{'SAMPLE DATA: ' if package['isSample'] else ''}{table['title'].removeprefix('SAMPLE DATA: ')}"
        ),
        "dct:description": _text(table["description"]),
        "dct:publisher": {"@id": "#publisher"},
        "dct:issued": _date(package["asOf"]),
        "dct:language": {"@id": f"{EU}/language/ENG"},
        "dcat:version": package["version"],
        "dcat:keyword": [_text(word) for word in package["keywords"]],
        "dcat:theme": {"@id": f"{EU}/data-theme/GOVE"},
        "dcat:distribution": [_distribution(file, table["licenses"][0]) for file in files],
    }
    if "updates" in table:
        described["dct:accrualPeriodicity"] = {"@id": f"{EU}/frequency/{table['updates']['frequency']}"}
    if "attribution" in table:
        described["dct:provenance"] = {"@type": "dct:ProvenanceStatement", "rdfs:label": _text(table["attribution"])}
    return described


def _distribution(file: Mapping[str, Any], licence: Mapping[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "@id": f"#file-{file['path']}",
        "@type": "dcat:Distribution",
        "dct:title": _text(file["title"]),
        "dct:license": _licence(licence),
        "dcat:accessURL": {"@id": file["path"]},
        "dcat:downloadURL": {"@id": file["path"]},
        "dcat:byteSize": {"@value": str(file["bytes"]), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@value": file["hash"].removeprefix("sha256:"), "@type": "xsd:hexBinary"},
        },
    }
    media = "https://www.iana.org/assignments/media-types/"
    described["dcat:mediaType"] = {"@id": media + ("text/csv" if file["format"] == "csv.gz" else file["mediatype"])}
    if file["format"] == "csv.gz":
        described["dcat:compressFormat"] = {"@id": media + file["mediatype"]}
    if file["format"] in {"csv", "csv.gz"}:
        described["dct:format"] = {"@id": f"{EU}/file-type/CSV"}
    return described


def _licence(licence: Mapping[str, Any]) -> dict[str, Any]:
    return {"@id": licence["path"], "@type": "dct:LicenseDocument", "dct:title": _text(licence["title"])}


def _text(words: str) -> dict[str, str]:
    return {"@value": words, "@language": "en"}


def _date(day: str) -> dict[str, str]:
    return {"@value": day, "@type": "xsd:date"}
