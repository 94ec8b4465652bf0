"""YAML written by hand, read into models: what is wrong is told with file, line and key, all of it at once.

Belongs here: reading one file. Does not belong here: what the file is about (publisher).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

MAX_BYTES = 64 * 1024
M = TypeVar("M")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the C parser is there where libyaml is
    """Safe loader that refuses a key given twice, which YAML parsers else settle silently."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value]
        for key, _ in node.value:
            if keys.count(key.value) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"key {key.value!r} is given twice", key.start_mark)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return mapping


def read_model(path: Path, problems: list[str], validate: Callable[[Any], M]) -> M | None:
    """One YAML file as `validate` returns it; None, and every problem added to `problems`, where it is wrong."""
    try:
        if path.stat().st_size > MAX_BYTES:
            problems.append(f"{path}: larger than {MAX_BYTES} bytes, so it is no hand-written entry")
            return None
        written = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
        if written is None:
            problems.append(f"{path}: nothing is written in it")
            return None
        return validate(written)
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{path}: cannot be read: {error}")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        problems.append(f"{path}: {where}no valid YAML: {getattr(error, 'problem', None) or error}")
    except ValidationError as error:
        for problem in error.errors(include_url=False):
            key = ".".join(str(part) for part in problem["loc"]) or "entry"
            problems.append(f"{path}: {key}: {problem['msg'].removeprefix('Value error, ')}")
    except (ValueError, RecursionError) as error:  # a day that no month has, or brackets without end
        problems.append(f"{path}: no valid YAML: {error}")
    return None
