"""Copies releases to a folder or an S3 bucket, reads back what arrived, and names the newest last.

Belongs here: what is copied, in which order, and what is proved. Does not belong here: how a file system is spoken to
(fsspec, s3fs). Credentials come from the environment alone: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN,
AWS_REGION, and AWS_ENDPOINT_URL for a service other than Amazon's.

    <target>/<version>/...      as here; SHA256SUMS comes last, so that who sees it sees all
    <target>/latest.json        which version is served; written when all of it has been read back
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from published.errors import ReleaseError
from published.metadata.checksums import NAME, read_checksums, sha256
from sources.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

LATEST = "latest.json"
PROVENANCE = "provenance.json"
TOMBSTONES = "TOMBSTONES.json"
"""A release that holds this was reissued after a takedown, and only then may replace what was published before."""
CHUNK = 1024**2


@dataclass(frozen=True, slots=True)
class Published:
    """`sent` and `stood`: numbers of files copied, and of files that were there already with the right bytes."""

    target: str
    version: str
    sent: int
    stood: int
    byte_count: int


def open_target(target: str) -> tuple[Any, str]:
    """(fsspec file system, path in it). Raises UsageError for another kind of address, and where credentials are missing."""
    import fsspec  # noqa: PLC0415 - only publishing pays for it

    parts = urlsplit(target)
    if parts.scheme in {"", "file"}:
        return fsspec.filesystem("file"), os.path.abspath(parts.path or target)  # noqa: PTH100 - links are kept as given
    if parts.scheme != "s3" or not parts.netloc:
        raise UsageError(f"--to {target}: give a folder, or s3://bucket/prefix")
    if "@" in parts.netloc:
        raise UsageError("--to: no credentials in the address; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
    if missing := [name for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY") if not os.environ.get(name)]:
        raise UsageError(f"--to {target}: set {' and '.join(missing)} in the environment")
    system = fsspec.filesystem(
        "s3",
        key=os.environ["AWS_ACCESS_KEY_ID"],
        secret=os.environ["AWS_SECRET_ACCESS_KEY"],
        token=os.environ.get("AWS_SESSION_TOKEN"),
        endpoint_url=os.environ.get("AWS_ENDPOINT_URL"),
        client_kwargs={"region_name": os.environ.get("AWS_REGION", "eu-west-2")},
        use_listings_cache=False,
        skip_instance_cache=True,
    )
    return system, f"{parts.netloc}{parts.path}".rstrip("/")


def publish(
    releases: Sequence[Path],
    latest: str,
    target: str,
    tell: Callable[[str], None] = lambda _words: None,
) -> list[Published]:
    """Copies `releases` and then writes that `latest` is the newest.

    Raises UsageError where the target holds another release under a version, ReleaseError where a file does not arrive as it
    was sent or the target refuses; `latest.json` is not touched then.
    """
    system, root = open_target(target)
    try:
        done = [_publish_one(system, root, release, target, tell) for release in releases]
        text = json.dumps({"version": latest, "channel": releases[-1].parent.name}, indent=2) + "\n"
        _send(system, f"{root}/{LATEST}", text.encode())
    except (OSError, ValueError) as error:
        raise ReleaseError(
            f"{target}: {error}; {LATEST} still names what it named. Mend it and publish again: what arrived is not sent twice"
        ) from error
    return done


def _publish_one(system: Any, root: str, release: Path, target: str, tell: Callable[[str], None]) -> Published:
    sums, there = (release / NAME).read_bytes(), f"{root}/{release.name}/{NAME}"
    if system.exists(there) and system.cat_file(there) != sums and not (release / TOMBSTONES).exists():
        raise UsageError(
            f"{target} holds another {release.name} already, and a release does not change; publish to another address"
        )
    wanted = {**read_checksums(release), PROVENANCE: sha256(release / PROVENANCE)}
    sent = stood = size = 0
    for name, digest in sorted(wanted.items()):
        path = f"{root}/{release.name}/{name}"
        size += (release / name).stat().st_size
        if system.exists(path) and _digest(system, path) == digest:
            stood += 1
            continue
        tell(name)
        _make_room(system, path)
        system.put_file(str(release / name), path)
        if _digest(system, path) != digest:
            raise ReleaseError(f"{path} did not arrive as it was sent; {LATEST} was not changed. Publish again")
        sent += 1
    _send(system, there, sums)
    return Published(target, release.name, sent, stood, size)


def _send(system: Any, path: str, content: bytes) -> None:
    _make_room(system, path)
    if not (system.exists(path) and system.cat_file(path) == content):
        # A bucket takes a file whole or not; a folder does where the file gets its name in one step.
        aside = f"{path}.part" if "file" in system.protocol else path
        system.pipe_file(aside, content)
        if aside != path:
            os.replace(aside, path)  # noqa: PTH105 - paths are the file system's texts here
    if system.cat_file(path) != content:
        raise ReleaseError(f"{path} did not arrive as it was sent. Publish again")


def _make_room(system: Any, path: str) -> None:
    """The folder of a local file. A bucket has none, and one that is not there is not made in passing."""
    if "file" in system.protocol:
        system.makedirs(path.rsplit("/", 1)[0], exist_ok=True)


def _digest(system: Any, path: str) -> str:
    """SHA-256 of what the target holds, read back from it."""
    total = hashlib.sha256()
    with system.open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            total.update(chunk)
    return total.hexdigest()
