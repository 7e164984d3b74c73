"""A tar of rules is read as everybody reads it, or refused."""

import gzip
import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.alarm import no_longer_than
from support.rule_archives import (
    RULE,
    damage_gives_no_other_rules,
    opened,
    rule_tgz,
    rules,
    tgz,
)
from support.tar import END, GNU, header, member, pax, spoiled

KIND = "yara-tar"
FILES = st.dictionaries(
    st.from_regex(r"[a-zü]{1,3}(/[a-z]{1,120})?\.(yar|YARA|txt)", fullmatch=True),
    st.binary(max_size=600),
    max_size=4,
)
A = member(b"a.yar", RULE)
GOOD = rule_tgz([("a.yar", RULE * 9), ("b/c.yara", RULE), ("LICENSE", RULE * 3)])


@given(
    FILES,
    st.sampled_from([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]),
)
def test_rules_are_what_python_writes(files: dict[str, bytes], format: int) -> None:
    if format == tarfile.USTAR_FORMAT:
        files = {name: text for name, text in files.items() if len(name) < 90}
    expected = sorted(
        (name, text)
        for name, text in files.items()
        if name.lower().endswith((".yar", ".yara"))
    )
    archive = opened(KIND, rule_tgz(list(files.items()), format))
    if expected:
        assert sorted(rules(archive)) == expected
        assert archive.others == len(files) - len(expected)
    else:
        assert "without a file" in archive.refused


def test_what_a_repository_holds_besides_rules_is_passed_over() -> None:
    data = b"".join(
        (
            pax(b"g", comment=b"0123456789abcdef0123456789abcdef01234567"),
            member(b"base-1/", kind=b"5"),
            member(b"base-1/rules.yar", kind=b"5"),  # a folder of that name
            member(b"base-1/link", kind=b"2"),
            member(b"base-1/README", b"words"),
            member(b"base-1/yara/a.yar", RULE),
            member(b"././@LongLink", b"elsewhere/" * 20 + b"\0", b"K", GNU),
            member(b"base-1/far", kind=b"2"),
        )
    )
    archive = opened(KIND, tgz(data + END))
    assert rules(archive) == [("base-1/yara/a.yar", RULE)]
    assert archive.others == 1


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(A, "ends too early", id="no end"),
        pytest.param(A + END[:100], "ends too early", id="half an end"),
        pytest.param(A[:600], "ends too early", id="cut in a member"),
        pytest.param(header(b"a.yar", 900), "ends too early", id="nothing of a member"),
        pytest.param(A + END + A, "behind the end", id="another tar behind it"),
        pytest.param(spoiled(A) + END, "damaged header", id="checksum"),
        pytest.param(RULE * 30, "not a tar", id="text"),
        pytest.param(
            header(b"a.yar", b"\xff" * 12) + END, "damaged size", id="size below 0"
        ),
        pytest.param(A + member(b"b.yar", kind=b"2") + END, "b.yar: a link", id="link"),
        pytest.param(
            A + member(b"b.yar", kind=b"1") + END, "b.yar: a link", id="hard link"
        ),
        pytest.param(
            A + member(b"b.yar", RULE, b"1") + END, "not a kind", id="link with content"
        ),
        pytest.param(
            A + member(b"b.yar", RULE, b"S", GNU) + END, "not a kind", id="sparse"
        ),
        pytest.param(A + member(b"b.yar", RULE, b"Z") + END, "not a kind", id="other"),
        pytest.param(
            A + member(b"b.txt", kind=b"Z") + END, "not a kind", id="other and empty"
        ),
        pytest.param(
            pax(GNU__sparse__size=b"9") + A + END, "sparse", id="sparse by records"
        ),
        pytest.param(pax(size=b"3") + A + END, "two sizes", id="two sizes"),
        pytest.param(pax(b"g", path=b"b") + A + END, "for all members", id="for all"),
        pytest.param(
            pax(path=b"b.yar") + pax(path=b"c.yar") + A + END, "two headers", id="two"
        ),
        pytest.param(
            A + pax(path=b"b.yar") + END, "without a member", id="name of nothing"
        ),
        pytest.param(
            A + member(b"L", b"b.yar\0", b"L", GNU) + END,
            "without a member",
            id="long name of nothing",
        ),
        pytest.param(
            member(b"pax", b"x 1=", b"x") + A + END, "damaged", id="damaged records"
        ),
        pytest.param(
            header(b"L", 1 << 20, b"L", GNU) + A + END, "a name, or", id="endless name"
        ),
    ],
)
def test_what_others_may_read_in_another_way_is_refused(data: bytes, why: str) -> None:
    assert why in opened(KIND, tgz(data)).refused


def test_a_name_and_a_size_of_pax_are_the_members() -> None:
    data = pax(path=b"long/b.yar", size=b"%d" % len(RULE)) + member(b"short", RULE)
    assert rules(opened(KIND, tgz(data + END))) == [("long/b.yar", RULE)]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(b"", "not a gzip", id="nothing"),
        pytest.param(A + END, "not a gzip", id="not compressed"),
        pytest.param(GOOD[:-1], "it is damaged", id="cut"),
        pytest.param(GOOD + b"x", "bytes behind", id="behind"),
        pytest.param(
            GOOD[:-8] + bytes([GOOD[-8] ^ 1]) + GOOD[-7:],
            "it is damaged",
            id="checksum",
        ),
    ],
)
def test_a_compressed_file_that_is_not_sound_is_refused(data: bytes, why: str) -> None:
    assert why in opened(KIND, data).refused


def test_no_cut_and_no_flipped_bit_gives_other_rules() -> None:
    assert [name for name, _ in rules(opened(KIND, GOOD))] == ["a.yar", "b/c.yara"]
    damage_gives_no_other_rules(KIND, GOOD)


@given(st.binary(max_size=300), st.integers(0, 2000), st.integers(0, 600))
def test_any_bytes_are_read_or_refused(data: bytes, start: int, size: int) -> None:
    tar = gzip.decompress(GOOD)
    for changed in (
        data,
        tgz(data),
        GOOD[:start] + data + GOOD[start + size :],
        tgz(tar[:start] + data + tar[start + size :]),
    ):
        read = opened(KIND, changed)
        assert bool(read.refused) != bool(read.members)


def test_a_bomb_is_refused_soon_also_if_it_is_in_no_member() -> None:
    about = pax(comment=b"x" * 60_000) * 600
    with no_longer_than(10):
        for bomb in (member(b"a.yar", bytes(32 << 20)) + END, about + A + END):
            assert "times as long unpacked" in opened(KIND, tgz(bomb)).refused


def test_what_follows_the_end_counts_too() -> None:
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as file:
        file.write(A + END)
        file.write(bytes(32 << 20))
    assert "times as long unpacked" in opened(KIND, out.getvalue()).refused
