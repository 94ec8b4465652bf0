"""The words and marks of words.yaml, checked against the code lists of the schema. Says nothing itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from sources.schema.model import codes

_WORDS: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))
for _list, _said in _WORDS.items():
    if set(_said) != set(codes(_list)):
        raise ValueError(f"words.yaml: {_list} has to name the codes of sources/schema/codes/{_list}.yaml")

TIERS: dict[str, str] = _WORDS["tiers"]
"""Tier to its name, worst first."""
SEVERITIES: dict[str, list[str]] = {code: _WORDS["severities"][code] for code in codes("severities")}
"""Severity to its name for one and for many, in the order of the code list: worst first."""
PILLARS: dict[str, str] = _WORDS["pillars"]
"""Pillar to its short name."""
UNITS: dict[str, list[str]] = _WORDS["rule_scopes"]
"""Scope of a rule to what one finding of it is, for one and for many."""
STATUS_WORDS: dict[str, str] = {code: words[0] for code, words in _WORDS["calendar_statuses"].items()}
STATUS_MARKS: dict[str, str] = {code: words[1] for code, words in _WORDS["calendar_statuses"].items()}
DIMENSIONS: dict[str, str] = codes("dimensions")
