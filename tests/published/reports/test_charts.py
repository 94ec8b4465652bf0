from __future__ import annotations

import re

from published.reports.charts import Bar, calendar, strip, trend


def test_a_calendar_has_a_letter_for_each_month_due_and_none_for_the_others() -> None:
    picture = calendar("c", "Title <1>", "Words", {2024: [None] * 9 + ["on_time", "late", "missing"]})
    assert re.findall(r'class="mark">(.)<', picture) == ["O", "L", "M"]
    assert '<title id="c-t">Title &lt;1&gt;</title><desc id="c-d">Words</desc>' in picture
    assert 'aria-labelledby="c-t c-d"' in picture


def test_a_strip_draws_one_square_a_status() -> None:
    assert strip("s", "Title", ["late", "late", "on_time"]).count("v22") == 3


def test_bars_are_as_high_as_what_they_count() -> None:
    picture = trend("t", "Title", "Words", [Bar("April <2024>", 5, 3, 2), Bar("May 2024", 0, 0, 0)])
    rects = re.findall(r'<rect class="sv-(\w+)" x="(\d+)" y="(\d+)" width="68" height="(\d+)"/>', picture)
    assert rects == [("error", "44", "70", "60"), ("warning", "44", "34", "36"), ("advice", "44", "10", "24")]
    assert "April &lt;2024&gt;" in picture


def test_few_bars_fill_the_width_and_many_widen_the_picture() -> None:
    def widths(count: int) -> tuple[str, set[str]]:
        picture = trend("t", "Title", "Words", [Bar("x", 1, 0, 0)] * count)
        return re.findall(r'viewBox="0 0 (\d+)', picture)[0], set(re.findall(r'<rect [^>]*width="(\d+)"', picture))

    assert widths(6) == ("320", {"43"})
    assert widths(60) == ("704", {"8"})


def test_pictures_hold_no_style_script_or_address() -> None:
    picture = trend("t", "Title", "Words", [Bar("x", 1, 1, 1)]) + calendar("c", "T", "D", {2024: ["late"] * 12})
    assert re.search(r"style=|<script|href|url\(|http", picture) is None
