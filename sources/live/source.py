"""The folder that `sync` fills, as the input of the live channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from sources.errors import UsageError
from sources.fetched_files import Account
from sources.inputs import Distribution
from sources.live.job import OURS
from sources.mirror import MirrorSource


class LiveSource(MirrorSource):
    """Raises UsageError where nothing was ever fetched."""

    is_ours = True

    def __init__(self, root: Path, *, is_known: Callable[[str], bool]) -> None:
        if not (root / "manifest.csv").is_file():
            raise UsageError(
                f"{root}: nothing that is asked for is offered, and nothing was fetched before; `publicvalue discover` says what was looked at"
            )
        super().__init__(root, channel="live", is_known=is_known, listed_only=True)
        self._account = Account.at(root / OURS / "files.jsonl")

    def headers(self, distribution: Distribution) -> Mapping[str, str]:
        """What the host said when it last sent the bytes."""
        one = self._account.files.get(distribution.url or "")
        if one is None or one.path != distribution.path:
            return {}
        said = {"content-type": one.content_type, "etag": one.etag, "last-modified": one.last_modified}
        return {name: value for name, value in said.items() if value}
