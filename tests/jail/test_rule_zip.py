"""A zip of rules is read as everybody reads it, or refused."""

import io
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.alarm import no_longer_than
from support.rule_archives import (
    RULE,
    damage_gives_no_other_rules,
    deflated,
    ending,
    local,
    opened,
    record,
    rule_zip,
    rules,
)
from typing_extensions import override

KIND = "yara-zip"
FILES = st.dictionaries(
    st.from_regex(r"[a-zü]{1,3}(/[a-z]{1,3})?\.(yar|YARA|txt)", fullmatch=True),
    st.binary(max_size=200),
    max_size=4,
)
A, B = local(b"a.yar"), local(b"b.yar")
FIRST = record(b"a.yar", 0)
PACKED = zlib.compress(RULE, wbits=-15)
BLOCK = b"/" * 65531  # with what stands before it, as much as is read at one time
LENGTHS = b"\xfb\xff\x04\0"
SOUND = A + ending(len(A), FIRST)
DEFLATED = rule_zip([("a.yar", RULE * 9), ("b/c.yara", RULE), ("LICENSE", RULE * 3)])


class Pipe(io.BytesIO):
    """Cannot be sought in, so that sizes stand behind the data."""

    @override
    def tell(self) -> int:
        raise io.UnsupportedOperation

    @override
    def seekable(self) -> bool:
        return False


@given(FILES)
def test_rules_are_what_python_writes(files: dict[str, bytes]) -> None:
    expected = sorted(
        (name, text)
        for name, text in files.items()
        if name.lower().endswith((".yar", ".yara"))
    )
    archive = opened(KIND, rule_zip(list(files.items())))
    if expected:
        assert sorted(rules(archive)) == expected
        assert archive.others == len(files) - len(expected)
    else:
        assert "without a file" in archive.refused


def test_sizes_may_stand_behind_the_data_and_a_comment_behind_all() -> None:
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("pack")
        archive.writestr("pack/a.yar", RULE * 5)
        archive.writestr("pack/empty.txt", b"")
        archive.comment = b"0123456789abcdef"
    assert b"PK\x07\x08" in pipe.getvalue()
    read = opened(KIND, pipe.getvalue())
    assert rules(read) == [("pack/a.yar", RULE * 5)]
    assert read.others == 1


def test_a_member_of_nothing_may_leave_its_sizes_open() -> None:
    empty = local(b"b.yar", b"", flags=8)
    data = (
        A
        + empty
        + ending(len(A + empty), FIRST, record(b"b.yar", len(A), b"", flags=8))
    )
    assert rules(opened(KIND, data)) == [("a.yar", RULE), ("b.yar", b"")]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(b"", "not a zip", id="nothing"),
        pytest.param(SOUND + b"x", "not a zip", id="behind"),
        pytest.param(b"x" + SOUND, "bytes before it", id="in front"),
        pytest.param(
            A + B + ending(len(A + B), FIRST), "bytes between", id="hidden at the end"
        ),
        pytest.param(
            A + B + ending(len(A + B), record(b"b.yar", len(A))),
            "bytes between",
            id="hidden in front",
        ),
        pytest.param(
            A + ending(len(A), FIRST, FIRST), "overlap", id="one member twice"
        ),
        pytest.param(
            A + ending(len(A), record(b"b.yar", 0)),
            "not what its directory names",
            id="two names",
        ),
        pytest.param(
            A + ending(len(A), record(b"a.yar", 0, RULE + b" ")),
            "do not agree",
            id="two sizes",
        ),
        pytest.param(
            local(b"a.yar", flags=1) + ending(len(A), record(b"a.yar", 0, flags=1)),
            "a.yar: is encrypted",
            id="encrypted",
        ),
        pytest.param(
            local(b"a.yar", flags=1) + ending(len(A), FIRST),
            "a.yar: is encrypted",
            id="encrypted by one header",
        ),
        pytest.param(
            local(b"a.yar", method=12) + ending(len(A), record(b"a.yar", 0, method=12)),
            "neither stored nor deflated",
            id="bzip2",
        ),
        pytest.param(
            local(b"a.yar", method=8) + ending(len(A), FIRST),
            "do not agree",
            id="two methods",
        ),
        pytest.param(
            local(b"a.yar", size=0xFFFFFFFF) + ending(len(A), FIRST),
            "do not agree",
            id="sizes that stand nowhere",
        ),
        pytest.param(
            local(b"a.yar", flags=32) + ending(len(A), record(b"a.yar", 0, flags=32)),
            "flags that rules never need",
            id="patch",
        ),
        pytest.param(
            A + ending(len(A), FIRST, disk=1), "several disks", id="second disk"
        ),
        pytest.param(
            A + ending(len(A), record(b"a.yar", 0, disk=1)),
            "directory is damaged",
            id="member on another disk",
        ),
        pytest.param(
            A + ending(len(A), FIRST, record(b"b.yar", 0), less=1),
            "more than it counts",
            id="not all counted",
        ),
        pytest.param(
            deflated(b"a.yar", RULE, PACKED + b"x"), "damaged", id="behind the data"
        ),
        pytest.param(
            deflated(b"a.yar", BLOCK, b"\1" + LENGTHS + BLOCK + b"x"),
            "damaged",
            id="behind data of one read",
        ),
        pytest.param(
            deflated(b"a.yar", RULE, PACKED[:-1]), "damaged", id="data too short"
        ),
        pytest.param(deflated(b"a/", b"", PACKED), "damaged", id="folder with content"),
        pytest.param(
            A[:-1] + b"x" + ending(len(A), FIRST), "a.yar: is damaged", id="checksum"
        ),
        pytest.param(
            A + ending(len(A), FIRST)[:-12] + bytes(12), "directory", id="lost"
        ),
        pytest.param(
            A + FIRST + ending(len(A + FIRST)), "bytes between", id="not counted"
        ),
        pytest.param(
            A
            + ending(
                len(A),
                record(b"a.txt", 0, extra=b"up\x0a\0\x01\0\0\0\0a.yar"),
            ),
            "second name",
            id="rules by a second name",
        ),
    ],
)
def test_what_others_may_read_in_another_way_is_refused(data: bytes, why: str) -> None:
    assert why in opened(KIND, data).refused


def test_a_second_name_that_says_the_same_is_good() -> None:
    extra = b"xx\0\0up\x0a\0\x01\0\0\0\0a.yar"
    data = A + ending(len(A), record(b"a.yar", 0, extra=extra))
    assert rules(opened(KIND, data)) == [("a.yar", RULE)]


def test_a_zip64_is_refused() -> None:
    locator = b"PK\x06\x07" + bytes(16)
    end64 = b"PK\x06\x06" + (44).to_bytes(8, "little") + bytes(44)
    directory, end = SOUND[len(A) : -22], SOUND[-22:]
    assert "zip64" in opened(KIND, A + directory + end64 + locator + end).refused


def test_a_member_that_ends_in_the_directory_is_damaged() -> None:
    size = len(RULE) + 200
    data = local(b"a.yar", size=size)
    entry = record(b"a.yar", 0)
    entry = entry[:20] + size.to_bytes(4, "little") * 2 + entry[28:]
    assert "damaged" in opened(KIND, data + ending(len(data), entry)).refused


def test_no_cut_and_no_flipped_bit_gives_other_rules() -> None:
    assert [name for name, _ in rules(opened(KIND, DEFLATED))] == ["a.yar", "b/c.yara"]
    damage_gives_no_other_rules(KIND, DEFLATED)


@given(st.binary(max_size=300), st.integers(0, len(DEFLATED)), st.integers(0, 60))
def test_any_bytes_are_read_or_refused(data: bytes, start: int, size: int) -> None:
    for changed in (
        data,
        A + data + SOUND[len(A) :],
        DEFLATED[:start] + data + DEFLATED[start + size :],
    ):
        read = opened(KIND, changed)
        assert bool(read.refused) != bool(read.members)


def test_a_bomb_is_refused_soon() -> None:
    with no_longer_than(5):
        bomb = rule_zip([("a.yar", bytes(32 << 20))])
        assert "times as long unpacked" in opened(KIND, bomb).refused
