from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.readers.decode import decode
from sources.schema.model import codes


def text_of(data: bytes) -> str:
    decoded = decode(data)
    return decoded.data.decode(decoded.codec)


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        (b"Amount\r\n5\r\n", "utf-8", "Amount\r\n5\r\n"),
        ("Amount (£) – café".encode(), "utf-8", "Amount (£) – café"),
        (b"Amount (\xa3) \x96 caf\xe9 \x91x\x92", "cp1252", "Amount (£) – café ‘x’"),
        (b"Amount (\x9c)\r\n5\r\n", "cp850", "Amount (£)\r\n5\r\n"),
        (
            b"Amount (\xa3) \xd0 the Queen\xd5s \xd2Award\xd3 caf\x8e",
            "mac_roman",
            "Amount (£) – the Queen’s “Award” café",
        ),
        (b"no\xa0break \xa3", "cp1252", "no\xa0break £"),
        (b"\x93odd\x94 \x8d byte \x96 it\x92s \xa3", "cp1252", "“odd” \x8d byte – it’s £"),
        (b"\xc2\xa35,\xa36\r\n", "utf-8+cp1252", "£5,£6\r\n"),
        (b"\xc2\xa35,\x9c6 \x9c7\r\n", "utf-8+cp850", "£5,£6 £7\r\n"),
    ],
)
def test_a_text_is_read_in_the_encoding_that_makes_sense_of_it(data: bytes, encoding: str, text: str) -> None:
    assert decode(data).encoding == encoding
    assert text_of(data) == text


def test_one_placeholder_byte_does_not_make_a_file_macintosh() -> None:
    assert decode(b"\xa3500K accurate \xbf licence").encoding == "cp1252"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", [True, False])
def test_utf16_is_read_with_and_without_a_byte_order_mark(codec: str, mark: bool) -> None:
    text = "Department,Amount\r\nTreasury,£5\r\n"
    signature = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}[codec] if mark else b""
    data = signature + text.encode(codec)
    assert text_of(data) == text
    assert decode(data).encoding == codec


def test_a_utf8_byte_order_mark_is_taken_off_and_noted() -> None:
    decoded = decode(b"\xef\xbb\xbfAmount")
    assert (decoded.data, decoded.encoding) == (b"Amount", "utf-8")
    assert [note.code for note in decoded.notes] == ["byte_order_mark"]


def test_nul_bytes_are_left_out_and_noted_with_their_first_line() -> None:
    decoded = decode(b"Department,Amount\r\nTreas\0ury,5\0\r\n")
    assert decoded.data == b"Department,Amount\r\nTreasury,5\r\n"
    assert [(note.code, note.line) for note in decoded.notes] == [("nul_bytes", 2)]


def test_a_mixture_is_noted_at_the_first_line_that_is_not_utf8() -> None:
    notes = decode(b"a,\xc2\xa31\n\nb,\xa32\n").notes
    assert [(note.code, note.line) for note in notes] == [("encoding_mixed", 3)]


@given(st.binary(max_size=300))
def test_any_bytes_decode_without_error(data: bytes) -> None:
    decoded = decode(data)
    assert "\0" not in decoded.data.decode(decoded.codec)
    assert all(note.code in codes("reading_notes") for note in decoded.notes)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=80))
def test_utf8_comes_through_unchanged(text: str) -> None:
    data = ("plain words, " + text).encode()
    assert text_of(data) == data.decode()


def test_pounds_of_an_old_system_in_a_file_of_another_codec_are_pounds() -> None:
    found = decode(b'Supplier,Amount,Note\nIBM,\xa3693.93,"\x9c693.93 - fixed charges"\nBTO,\xa31.00,x\n')
    assert found.data.decode(found.codec).splitlines()[1] == 'IBM,£693.93,"£693.93 - fixed charges"'
    assert found.encoding == "cp1252+cp850"
    assert [(note.code, note.line) for note in found.notes] == [("encoding_mixed", 2)]
