"""What real files are like, one quirk a function: `quirk(draft)` changes a draft of one file.

Found by name: a function of any module here whose name does not begin with an underscore is a quirk; plan.yaml says which
file has which. Each says in its docstring what it stands for.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache

from sources.sample.drafts import Draft

Quirk = Callable[[Draft], None]


@cache
def quirks() -> dict[str, Quirk]:
    """Every quirk by name. Raises ValueError where two modules use one name."""
    found: dict[str, Quirk] = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        for name, value in vars(module).items():
            if callable(value) and getattr(value, "__module__", "") == module.__name__ and not name.startswith("_"):
                if name in found:
                    raise ValueError(f"two quirks are called {name}")
                found[name] = value
    return found
