"""`run --live` gives the release that the same files give as a mirror: byte for byte in the datasets."""

from __future__ import annotations

import hashlib
import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.choose import RunOptions
from pipelines.run import run
from sources.errors import PublicValueError, UsageError
from sources.sample import make_sample

AS_OF = date(2026, 11, 25)
REAL = Path(os.environ.get("PUBLICVALUE_REAL_MIRROR", "/nowhere")) / "spend"
BODIES = ("hm-treasury", "home-office", "cabinet-office")


def _datasets(release: str) -> dict[str, str]:
    found = {
        path.relative_to(release).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(Path(release).rglob("*"))
        if path.name.endswith((".csv", ".csv.gz", ".parquet"))
    }
    assert len(found) > 20
    return found


def _point_at(host: Any, monkeypatch: pytest.MonkeyPatch, **more: Any) -> None:
    for name, value in host.settings(**more).items():
        monkeypatch.setenv(f"PUBLICVALUE_{name.upper()}", str(value))


def _both(host: Any, hand: Path, publishers: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _point_at(host, monkeypatch)
    live = run(RunOptions(live=True, publishers=publishers, home=tmp_path / "live", as_of=AS_OF))
    assert live.problems == []
    # That a month is missing can only be known from a search, whoever made it.
    shutil.copyfile(tmp_path / "live" / "live" / "searches.csv", hand / "searches.csv")
    by_hand = run(RunOptions(mirror=hand, home=tmp_path / "mirror", as_of=AS_OF))
    assert _datasets(live.release_path) == _datasets(by_hand.release_path)
    assert live.channel == "live"
    host.log()
    again = run(RunOptions(live=True, publishers=publishers, home=tmp_path / "live", as_of=AS_OF))
    assert not again.is_new_release
    assert {one[0] for one in host.log()} == {"/api/search.json"}


@pytest.mark.slow
def test_live_gives_the_release_of_the_same_files_as_a_mirror(
    corpora: Any, serve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = make_sample(tmp_path / "sample", rows=20_000).root / "spend"
    folders = sorted(path.name for path in sample.iterdir() if sum(1 for _ in path.iterdir()) > 2)[: len(BODIES)]
    corpus = corpora.from_folder(
        sample, dict(zip(folders, BODIES, strict=True)), tmp_path / "corpus", tmp_path / "hand", 8
    )
    _both(serve(corpus), tmp_path / "hand", BODIES, tmp_path, monkeypatch)


@pytest.mark.slow
@pytest.mark.real
@pytest.mark.skipif(not REAL.is_dir(), reason="PUBLICVALUE_REAL_MIRROR is not set")
def test_live_gives_the_release_of_the_same_real_files_as_a_mirror(
    corpora: Any, serve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies = ("cabinet-office", "hm-treasury", "wales-office", "ministry-of-justice")
    corpus = corpora.from_folder(REAL, {one: one for one in bodies}, tmp_path / "corpus", tmp_path / "hand", 8)
    _both(serve(corpus), tmp_path / "hand", bodies, tmp_path, monkeypatch)


def test_without_a_network_the_run_says_what_it_could_not_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("search", "content"):
        monkeypatch.setenv(f"PUBLICVALUE_GOVUK_{name.upper()}", f"http://127.0.0.1:9/{name}")
    for name, value in {"ALLOW_LOOPBACK": "1", "WAIT": "0", "ATTEMPTS": "2"}.items():
        monkeypatch.setenv(f"PUBLICVALUE_FETCH_{name}", value)
    with pytest.raises(
        PublicValueError, match=r"nothing could be fetched, and nothing was fetched before.*cannot be reached"
    ):
        run(RunOptions(live=True, publishers=("hm-treasury",), home=tmp_path / "home"))


def test_a_publisher_that_says_nowhere_where_it_publishes_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="its entry in the register says nowhere where it publishes"):
        run(RunOptions(live=True, publishers=("croydon-health-services-nhs-trust",), home=tmp_path / "home"))
    with pytest.raises(UsageError, match="not in the register"):
        run(RunOptions(live=True, publishers=("no-such-body",), home=tmp_path / "home"))
