"""Prints the installed distributions that only development needs, so that a container can do without them.

The lock holds both, since one lock is checked whole. Run in the environment that the lock was installed into, with the project itself.
"""  # noqa: INP001 - a script

from __future__ import annotations

import re
from importlib.metadata import Distribution, distributions

from packaging.requirements import Requirement

PROJECT = "public-value"
KEPT = {"pip"}


def needed(installed: dict[str, Distribution]) -> set[str]:
    """Names of what the project needs to run, itself among them."""
    to_do: list[tuple[str, frozenset[str]]] = [(PROJECT, frozenset())]
    done: set[tuple[str, frozenset[str]]] = set()
    while to_do:
        one = to_do.pop()
        if one in done or one[0] not in installed:
            continue
        done.add(one)
        name, extras = one
        for requirement in map(Requirement, installed[name].requires or ()):
            marker = requirement.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras or {""}):
                to_do.append((plain(requirement.name), frozenset(requirement.extras)))
    return {name for name, _ in done}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    standing = {plain(one.metadata["Name"]): one for one in distributions()}
    print("\n".join(sorted(standing.keys() - needed(standing) - KEPT)))  # noqa: T201 - what it is for
