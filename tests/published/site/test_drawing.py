from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from published.site import artist
from published.site.ahead import draw_ahead
from published.site.artist import Artist, CannotDrawError
from published.site.declared import Chart
from published.site.drawing import Drawings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHART = Chart(query="q", spec="amounts_by_name", title="t", description="d")
ROWS = [{"name": "Smith <script>alert(1)</script> & Sons of the Northern Counties Ltd", "amount_gbp": 2e6}]


@pytest.fixture
def own() -> Iterator[Artist]:
    one = Artist()
    yield one
    one.close()


def test_a_picture_is_drawn_once_and_lasts_in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "charts"
    drawn = Drawings(folder).svg(CHART, ROWS, lasting=True)
    assert drawn.startswith("<svg")
    assert "<script" not in drawn
    assert len(list(folder.glob("*.svg"))) == 1

    def never(_self: Artist, _spec: dict[str, Any]) -> str:
        raise AssertionError("drawn again")

    monkeypatch.setattr(Artist, "draw", never)
    again = Drawings(folder)
    assert again.svg(CHART, ROWS, lasting=True) == drawn
    assert again.svg(CHART, ROWS) == drawn  # from memory
    with pytest.raises(AssertionError, match="drawn again"):
        again.svg(CHART, [{"name": "other", "amount_gbp": 1.0}], lasting=True)


def test_a_picture_that_was_cut_short_is_drawn_again_and_others_do_not_last(tmp_path: Path) -> None:
    folder = tmp_path / "charts"
    drawn = Drawings(folder).svg(CHART, ROWS, lasting=True)
    (path,) = folder.glob("*.svg")
    path.write_text("<svg", encoding="utf-8")
    assert Drawings(folder).svg(CHART, ROWS, lasting=True) == drawn
    assert Drawings(folder).svg(CHART, [{"name": "other", "amount_gbp": 1.0}]).startswith("<svg")
    assert len(list(folder.iterdir())) == 1


def test_charts_of_a_release_are_drawn_when_it_is_built_and_once(released_site: Path, tmp_path: Path) -> None:
    release = tmp_path / "releases/sample/1.0.0"
    shutil.copytree(released_site, release, copy_function=os.link)
    assert draw_ahead(release) == 4
    assert len(list((tmp_path / "charts").glob("*.svg"))) == 4
    assert draw_ahead(release) == 0


def test_a_folder_that_cannot_be_written_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert Drawings(tmp_path / "file").svg(CHART, ROWS, lasting=True).startswith("<svg")


def test_what_cannot_be_drawn_says_so_and_the_next_is_drawn(own: Artist) -> None:
    with pytest.raises(CannotDrawError):
        own.draw({"mark": "nonsense"})
    assert own.draw({"mark": "point", "data": {"values": [{"a": 1}]}}).startswith("<svg")


def test_a_process_that_died_or_hangs_is_followed_by_another(own: Artist, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = {"mark": "point", "data": {"values": [{"a": 1}]}}
    own.draw(spec)
    assert own._process is not None
    own._process.kill()
    own._process.wait()
    assert own.draw(spec).startswith("<svg")
    monkeypatch.setattr(artist, "MOST_SECONDS", 0.0)
    with pytest.raises(CannotDrawError):
        own.draw(spec)
    monkeypatch.setattr(artist, "MOST_SECONDS", 30.0)
    assert own.draw(spec).startswith("<svg")


def test_nothing_is_fetched_from_outside(own: Artist) -> None:
    with pytest.raises(CannotDrawError):
        own.draw({"mark": "point", "data": {"url": "http://127.0.0.1:9/data.json"}})
