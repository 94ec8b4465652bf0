"""Which input a run reads: the embedded sample, a mirror folder or what was fetched, with the register that belongs to it.

Belongs here: options -> Source and Registry, and what is wrong with them. Does not belong here: reading.
"""

from __future__ import annotations

import difflib
import hashlib
import shutil
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from pipelines.home import Home
from sources.errors import UsageError
from sources.mirror import MirrorSource
from sources.registry import Registry, load_registry

ROOT = Path(__file__).parent.parent
OUR_FOLDERS = ("sources", "quality_checks", "pipelines", "published")
CODE_SUFFIXES = {".py", ".sql", ".yaml", ".csv", ".html", ".css", ".js", ".json", ".jinja"}


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the caller asked for. Without `mirror` and `live` the sample is read. `as_of` is the only clock of a run.

    `live`: fetch what is published first, and read that; `since` is the first month whose files are fetched.
    `data_docs`: write Data Docs of what stands at the end. `charts`: draw the charts of its pages.
    """

    mirror: Path | None = None
    publishers: tuple[str, ...] = ()
    sample_rows: int | None = None
    home: Path | None = None
    as_of: date | None = None
    live: bool = False
    since: date | None = None
    data_docs: bool = False
    charts: bool = False

    @property
    def channel(self) -> str:
        """The line of releases that such a run belongs to."""
        return "live" if self.live else "sample" if self.mirror is None else "mirror"


def choose_input(home: Home, options: RunOptions) -> tuple[MirrorSource, Registry]:
    """The source and its register. Makes the sample where the home has none of this size; the home has to be locked.

    Raises UsageError for options that do not go together, for a folder that is no mirror and for a publisher of whom it
    holds nothing; RegistryError where an entry of the register is wrong.
    """
    if options.sample_rows is not None and (options.live or options.mirror is not None):
        other = "--live" if options.live else "--mirror"
        raise UsageError(f"--sample-rows belongs to the embedded sample; leave it out, or leave {other} out")
    source: MirrorSource
    if options.live:
        from sources.live import LiveSource  # noqa: PLC0415 - brings httpx, which other inputs do without

        registry = load_registry()
        source = LiveSource(home.live, is_known=registry.__contains__)
    elif options.mirror is None:
        root = _sample(home, options.sample_rows)
        registry = load_registry(root / "register", with_own=False)
        source = MirrorSource(root, channel="sample", is_known=registry.__contains__)
    else:
        registry = load_registry()
        source = MirrorSource(options.mirror, is_known=registry.__contains__)
    present = sorted({one.publisher_id for one in source.distributions() if one.kind == "spend"})
    for wanted in options.publishers:
        if wanted not in present:
            raise UsageError(_no_such_publisher(wanted, present, known=wanted in registry))
    return source, registry


@cache
def code_version() -> str:
    """Hash of our own code and tables: what has to be built anew is built anew when any of it changes."""
    return _hash_of(*(ROOT / folder for folder in OUR_FOLDERS))


def _no_such_publisher(wanted: str, present: list[str], *, known: bool) -> str:
    near = (
        difflib.get_close_matches(wanted, present, n=3, cutoff=0.5)
        or [name for name in present if wanted.lower() in name][:3]
    )
    there = (
        f"did you mean {', '.join(near)}?"
        if near
        else f"there are {', '.join(present[:8])}{' ...' * (len(present) > 8)}"
    )
    return f"--publisher {wanted}: {'in the register, but the input holds nothing of it' if known else 'not in the input'}; {there}"


def _sample(home: Home, rows: int | None) -> Path:
    """The sample, generated once. Another size or generator takes its place."""
    from sources.sample import make_sample  # noqa: PLC0415 - not needed for a mirror
    from sources.sample.scale import MAX_ROWS  # noqa: PLC0415

    if rows is not None and not 1 <= rows <= MAX_ROWS:
        raise UsageError(f"--sample-rows {rows}: give a number of rows from 1 to {MAX_ROWS:,}")
    root = home.sample / f"{rows or 'default'}-{_hash_of(ROOT / 'sources' / 'sample')[:12]}"
    if not root.exists():
        for earlier in home.sample.iterdir():
            shutil.rmtree(earlier)
        aside = home.sample / "being-made"
        if rows is None:
            make_sample(aside)
        else:
            make_sample(aside, rows=rows)
        aside.rename(root)
    return root


def _hash_of(*folders: Path) -> str:
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in CODE_SUFFIXES and path.is_file() and "releases" not in path.relative_to(folder).parts:
                digest.update(f"{path.relative_to(folder.parent)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()
