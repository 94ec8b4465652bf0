from __future__ import annotations

import gzip
import os
from pathlib import Path

from published.formats.gzip_file import write_gzip


def test_text_survives_and_the_header_tells_no_name_and_no_time(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_bytes(b"a,b\n1,2\n" * 10_000)
    write_gzip(source, tmp_path / "a.csv.gz")
    packed = (tmp_path / "a.csv.gz").read_bytes()
    assert gzip.decompress(packed) == source.read_bytes()
    assert packed[:4] == b"\x1f\x8b\x08\x00"  # no flags, so no name
    assert packed[4:8] == b"\x00\x00\x00\x00"


def test_the_same_text_gives_the_same_bytes_at_another_time_and_under_another_name(tmp_path: Path) -> None:
    for name, at in (("a.csv", 1), ("b.csv", 2_000_000_000)):
        (tmp_path / name).write_bytes(b"x,y\n1,2\n")
        os.utime(tmp_path / name, (at, at))
        write_gzip(tmp_path / name, tmp_path / f"{name}.gz")
    assert (tmp_path / "a.csv.gz").read_bytes() == (tmp_path / "b.csv.gz").read_bytes()
