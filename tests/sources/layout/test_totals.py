from __future__ import annotations

from sources.layout.totals import RunningTotals


def test_the_sum_of_all_lines_is_a_total_within_a_pound() -> None:
    running = RunningTotals()
    running.add(10_000, 1)
    running.add(5_000, 2)
    assert [running.kind_of(pence) for pence in (15_000, 15_100, 14_900)] == ["total"] * 3
    assert [running.kind_of(pence) for pence in (15_101, 14_899, -15_000)] == [None] * 3


def test_the_sum_since_the_last_total_is_a_subtotal() -> None:
    running = RunningTotals()
    running.add(10_000, 1)
    running.close_part()
    running.add(5_000, 1)
    assert (running.kind_of(5_000), running.kind_of(15_000)) == ("subtotal", "total")


def test_a_part_without_lines_has_no_subtotal() -> None:
    running = RunningTotals()
    running.add(10_000, 1)
    running.close_part()
    assert running.kind_of(0) is None


def test_the_number_of_lines_is_a_row_count() -> None:
    running = RunningTotals()
    running.add(90_000, 12)
    assert (running.kind_of(1_200), running.kind_of(1_300)) == ("row_count", None)


def test_without_lines_nothing_is_added_up() -> None:
    assert RunningTotals().kind_of(0) is None
