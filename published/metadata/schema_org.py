"""schema.org.jsonld: the release as schema.org's Dataset, as search engines read it from a page, made from the data package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from published.metadata.use import citation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NAME = "schema.org.jsonld"
CREATOR = {"@type": "Organization", "name": "Public Value"}


def schema_org(package: Mapping[str, Any], base: str = "", only: str | None = None) -> dict[str, Any]:
    """The whole release with each dataset as a part; or, with `only`, the dataset of that name alone, for its page.

    `base`: address of the release's files, ending with a slash. Without it addresses are relative to wherever this stands.
    Raises KeyError where the package has no such dataset.
    """
    tables = {resource["name"]: resource for resource in package["resources"] if "schema" in resource}
    files = [resource for resource in package["resources"] if not resource.get("part")]
    context = {"@context": "https://schema.org/"}
    if only:
        return context | _table(package, tables[only], files, base)
    whole = [file for file in files if file["name"] == "sqlite"]
    return {
        **context,
        **_dataset(package, package, whole, base),
        "keywords": package["keywords"],
        "spatialCoverage": "United Kingdom",
        "citation": citation(package),
        "hasPart": [_table(package, table, files, base) for table in tables.values()],
    }


def _table(
    package: Mapping[str, Any], table: Mapping[str, Any], files: Iterable[Mapping[str, Any]], base: str
) -> dict[str, Any]:
    own = [file for file in files if table["name"] in {file["name"], file.get("dataset")}]
    return {
        **_dataset(package, table, own, base),
        "creditText": table["attribution"],
        "citation": citation(package, table["name"]),
        "variableMeasured": [_variable(one) for one in table["schema"]["fields"]],
    }


def _dataset(
    package: Mapping[str, Any], about: Mapping[str, Any], files: Iterable[Mapping[str, Any]], base: str
) -> dict[str, Any]:
    notice = "SAMPLE DATA: "
    marked = notice if package["isSample"] else ""
    return {
        "@type": "Dataset",
        "name": f"{marked}{about['title'].removeprefix(notice)}",
        "description": f"{marked}{about['description'].removeprefix(notice)}",
        "version": package["version"],
        "license": about["licenses"][0]["path"],
        "isAccessibleForFree": True,
        "inLanguage": "en-GB",
        "creator": CREATOR,
        "datePublished": package["asOf"],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file["title"],
                "contentUrl": f"{base}{file['path']}",
                "encodingFormat": file["mediatype"],
                "contentSize": f"{file['bytes']} B",
                "sha256": file["hash"].removeprefix("sha256:"),
            }
            for file in files
        ],
    }


def _variable(one: Mapping[str, Any]) -> dict[str, Any]:
    described = {"@type": "PropertyValue", "name": one["name"], "description": one["description"]}
    return described | ({"unitText": one["unit"]} if "unit" in one else {})
