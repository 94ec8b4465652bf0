"""Where state lives: the layout of $PUBLICVALUE_HOME, its lock, its sizes, and the words for a disk that fails us.

Belongs here: paths inside the home and access to them. Does not belong here: what is written there.

    snapshots/                 bytes as fetched (sources.snapshots); the only part that cannot be rebuilt
    live/                      files as fetched last, laid out as a mirror (sources.live)
    inputs/<channel>/          what each publisher's files were when last seen (pipelines.ingest)
    lake/                      rows as read, Parquet (pipelines.lake)
    warehouse.duckdb           the tables of the newest build
    releases/<channel>/        versioned releases and `latest`
    sample/                    generated sample mirrors
    dagster/                   run history of the web interface
    runs/last.json             summary of the last run
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from sources.errors import HomeLockedError, PublicValueError, UsageError

VARIABLE = "PUBLICVALUE_HOME"
DEFAULT = ".publicvalue"
PARTS = ("snapshots", "live", "inputs", "lake", "releases", "sample", "dagster", "runs", "tmp")


@dataclass(frozen=True, slots=True)
class Home:
    """One home, which exists. `root` is absolute."""

    root: Path

    @property
    def snapshots(self) -> Path:
        return self.root / "snapshots"

    @property
    def live(self) -> Path:
        return self.root / "live"

    @property
    def inputs(self) -> Path:
        return self.root / "inputs"

    @property
    def lake(self) -> Path:
        return self.root / "lake"

    @property
    def releases(self) -> Path:
        return self.root / "releases"

    @property
    def sample(self) -> Path:
        return self.root / "sample"

    @property
    def dagster(self) -> Path:
        return self.root / "dagster"

    @property
    def tmp(self) -> Path:
        """Spill files and half-built things, on the disk of the home so that a rename finishes them."""
        return self.root / "tmp"

    @property
    def last_run(self) -> Path:
        return self.root / "runs" / "last.json"

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse.duckdb"

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the home. May be nested within one process. Raises HomeLockedError where another process holds it.

        The operating system frees the lock when its holder dies, however it dies.
        """
        lock = FileLock(self.root / "lock", timeout=0, is_singleton=True, thread_local=False)
        try:
            lock.acquire()
        except Timeout as error:
            raise HomeLockedError(
                f"{self.root}: another run is using this home; wait until it ends, or give another one with --home"
            ) from error
        try:
            yield
        finally:
            lock.release()

    def sizes(self) -> dict[str, int]:
        """Bytes on the disk by part."""
        found = {
            part: sum(size for _, size in _files(self.root / part)) for part in PARTS if (self.root / part).is_dir()
        }
        found["warehouse"] = self.warehouse.stat().st_size if self.warehouse.exists() else 0
        return found


def home_root(path: Path | None = None) -> Path:
    """Where a home is or would be: `path`, else $PUBLICVALUE_HOME, else .publicvalue in the current folder. Absolute.

    Raises UsageError where a file stands in its place.
    """
    root = Path(os.path.abspath(path or os.environ.get(VARIABLE) or DEFAULT))  # noqa: PTH100 - links are kept as given
    if os.path.isfile(root):  # noqa: PTH113 - Path raises where a name is too long
        raise UsageError(f"{root}: a file stands where the home should be; give a folder with --home or ${VARIABLE}")
    return root


def open_home(path: Path | None = None) -> Home:
    """The home where `home_root` says; made where it is not there.

    Raises UsageError where no folder can stand there, PublicValueError where it cannot be written.
    """
    root = home_root(path)
    try:
        with explained_disk_errors(root):
            for part in PARTS:
                (root / part).mkdir(parents=True, exist_ok=True)
            ignore = root / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", encoding="ascii")
    except OSError as error:  # a file on the way to it, a name too long, a file system that takes no folders
        where = error.filename or root
        raise UsageError(
            f"{where}: no folder can be made there ({error.strerror}); give another home with --home or ${VARIABLE}"
        ) from error
    return Home(root)


@contextlib.contextmanager
def explained_disk_errors(root: Path) -> Iterator[None]:
    """Turn the disk's refusals into one line with a remedy. Raises PublicValueError; other errors pass unchanged."""
    try:
        yield
    except OSError as error:
        where = error.filename or root
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise PublicValueError(_full(root)) from error
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            raise PublicValueError(
                f"{where}: no permission to write ({error.strerror}); give a home that you may write to with --home"
            ) from error
        raise
    except Exception as error:
        if "No space left on device" in str(error):  # how DuckDB and Arrow report it
            raise PublicValueError(_full(root)) from error
        raise


def _full(root: Path) -> str:
    return (
        f"{root}: the disk is full; free some space, or give a home on another disk with --home. "
        "Nothing is lost: the next run goes on where this one stopped"
    )


def _files(folder: Path) -> Iterator[tuple[Path, int]]:
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):  # it may go while we look
            if path.is_file() and not path.is_symlink():
                yield path, path.stat().st_size
