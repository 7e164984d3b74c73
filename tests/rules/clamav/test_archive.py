"""Behaviour of the tar inside a database."""

import contextlib
import gzip
import tarfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.clamav_signing import tar

from clearward.rules.clamav import archive as module
from clearward.rules.clamav.archive import members
from clearward.rules.clamav.fault import Wrong

FILES = st.lists(
    st.tuples(
        st.sampled_from(["a.hdb", "b_1-2+.ldb", "COPYING"]), st.binary(max_size=2000)
    ),
    max_size=4,
)


def contents(data: bytes) -> list[tuple[str, bytes]]:
    return [
        (member.name, b"".join(member.pieces)) for member in members(memoryview(data))
    ]


@given(FILES)
def test_files_come_back_in_order(files: list[tuple[str, bytes]]) -> None:
    made = tar(*files)
    assert contents(made) == files
    assert contents(gzip.compress(made)) == files


def test_a_tar_may_end_without_a_mark() -> None:
    made = tar(("a", b"x" * 600))[: 512 + 1024]
    assert contents(made) == [("a", b"x" * 600)]
    assert contents(gzip.compress(made)) == [("a", b"x" * 600)]
    assert contents(b"") == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (tar(("a", b"x"))[:700], "too early"),
        (gzip.compress(tar(("a", b"x")))[:-9], "compressed tar ends"),
        (gzip.compress(tar(("a", b"x"))) + b"x", "behind the compressed"),
        (gzip.compress(tar(("a", b"x")))[:-8] + b"12345678", "damaged"),
        (tar(("a", b"x")) + b"x", "behind the end"),
        (b"x" * 512, "header of a member"),
        (tar(("a/b", b"x")), "plain name"),
        (tar(("../b", b"x")), "plain name"),
        (tar((".a", b"x")), "plain name"),
    ],
    ids=range(9),
)
def test_damage_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(Wrong, match=message):
        contents(data)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE])
def test_only_files_are_taken(kind: bytes) -> None:
    made = BytesIO()
    member = tarfile.TarInfo("a")
    member.type = kind
    with tarfile.open(fileobj=made, mode="w") as archive:
        archive.addfile(member)
    with pytest.raises(Wrong, match="not a file"):
        contents(made.getvalue())


def test_sizes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_MEMBER", 10)
    with pytest.raises(Wrong, match="a member of more than 10"):
        contents(tar(("a", b"x" * 11)))
    monkeypatch.setattr(module, "MOST_UNPACKED", 1000)
    with pytest.raises(Wrong, match="more than 1000 bytes unpacked"):
        contents(gzip.compress(tar(("a", b"x" * 9))))


def test_a_member_is_taken_before_the_next() -> None:
    found = members(memoryview(tar(("a", b"x" * (1 << 21)), ("b", b"y"))))
    next(next(found).pieces)
    with pytest.raises(Wrong, match="not taken"):
        next(found)


@given(st.binary(max_size=1500), st.integers(0, 1535), st.booleans())
def test_any_bytes_are_a_tar_or_wrong(data: bytes, place: int, packed: bool) -> None:  # noqa: FBT001 - hypothesis
    damaged = bytearray(tar(("a", b"x")))
    damaged[place : place + len(data)] = data
    for made in (data, bytes(damaged)):
        with contextlib.suppress(Wrong):
            contents(gzip.compress(made) if packed else made)
