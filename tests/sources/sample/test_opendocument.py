from sources.readers import read_content
from sources.sample.opendocument import spreadsheet

ROWS = [["Supplier", "Amount"], [], ["Nook & <Cranny> Ltd", "£1.50"], ["", "2"]]


def test_a_spreadsheet_is_read_back_as_it_was_written() -> None:
    content = read_content(spreadsheet([("April & May", ROWS), ("June", [["x"]])]), "a.ods")
    assert (content.container, content.reason) == ("ods", None)
    assert [grid.sheet for grid in content.grids] == ["April & May", "June"]
    assert content.grids[0].rows == ROWS


def test_a_second_spreadsheet_of_the_same_process_has_the_same_bytes() -> None:
    assert spreadsheet([("April", ROWS)]) == spreadsheet([("April", ROWS)])
