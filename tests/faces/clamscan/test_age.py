"""The age of a database is read from its head."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from clearward.faces.clamscan.age import made, too_old

DAY = 86400
HEAD = b"ClamAV-VDB:23 Nov 2026 08-00 +0000:27811:1:90:md5:dsig:builder:1795420800"


def test_the_newest_counts(tmp_path: Path) -> None:
    (tmp_path / "daily.cvd").write_bytes(HEAD.ljust(512))
    (tmp_path / "main.cvd").write_bytes(HEAD.replace(b"1795", b"1695").ljust(512))
    folder = [str(tmp_path)]
    assert not too_old(folder, 1, 1795420800 + DAY)
    assert too_old(folder, 1, 1795420801 + DAY)
    assert too_old([str(tmp_path / "main.cvd")], 1, 1795420800)


def test_no_date_is_too_old(tmp_path: Path) -> None:
    (tmp_path / "a.ndb").touch()
    (tmp_path / "daily.cvd").write_bytes(b"else")
    assert too_old([str(tmp_path), str(tmp_path / "missing.cvd")], 10**6, 0.0)


@given(st.binary(max_size=600))
def test_any_head_is_read(head: bytes) -> None:
    for text in (head, HEAD[:60] + head):
        date = made(text)
        assert date is None or date >= 0
