"""Behaviour of the engine: whatever is wrapped around a mark, the answer is honest."""

import bz2
import gzip
import hashlib
import io
import lzma
import tarfile
import time
import zipfile
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.marks import EICAR, MARK

from clearward.core.limits import MIB, WHOLE, Limits
from clearward.core.reader import Reader
from clearward.core.reasons import NONE, Reason
from clearward.engine import walk
from clearward.engine.result import Result
from clearward.engine.scan import QUICK, Engine
from clearward.formats.identify import MARKS
from clearward.rules.compile import compile_rules
from clearward.rules.source import Source

Wrap = Callable[[bytes], bytes]

RULE = f'rule mark {{ strings: $a = "{MARK.decode()}" condition: $a }}'


def engine(limits: Limits | None = None, rule: str = RULE) -> Engine:
    source = Source(0, "test", "yara", "local", rule.encode())
    rules, _ = compile_rules([source], test_file=True, marks=MARKS)
    return Engine(rules, limits or Limits(), time.monotonic)


ENGINE = engine()


def look(data: bytes, limits: Limits | None = None) -> Result:
    return (engine(limits) if limits else ENGINE).scan(Reader.of(data))


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner", data)
    return out.getvalue()


def tarred(data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo("inner")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def mailed(data: bytes) -> bytes:
    message = EmailMessage()
    message["From"] = "a@example.org"
    message["Subject"] = "a file"
    message.set_content("See the attachment.\n")
    message.add_attachment(data, maintype="application", subtype="x", filename="x")
    return message.as_bytes()


WRAPS: dict[str, Wrap] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "lzma": lambda data: lzma.compress(data, format=lzma.FORMAT_ALONE),
    "zip": zipped,
    "tar": tarred,
    "mail": mailed,
}

wraps = st.lists(st.sampled_from(sorted(WRAPS)), max_size=5)


def wrapped(data: bytes, names: list[str]) -> bytes:
    for name in names:
        data = WRAPS[name](data)
    return data


@settings(deadline=None)
@given(wraps, st.binary(max_size=200))
def test_wrapping_what_is_found_keeps_it_found(names: list[str], noise: bytes) -> None:
    assert look(wrapped(noise + MARK, names)).rules


@settings(deadline=None)
@given(wraps, st.binary(max_size=200))
def test_appending_bytes_keeps_it_found(names: list[str], behind: bytes) -> None:
    assert look(wrapped(MARK, names) + behind).rules


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(wraps, st.floats(0.3, 0.99))
def test_cutting_a_file_anywhere_is_found_or_said(
    names: list[str], share: float
) -> None:
    whole = wrapped(b"x" * 100 + MARK, ["gzip", *names])
    cut = whole[: int(share * len(whole))]
    result = look(cut)
    assert result.rules or result.reasons or "zip" in names or "mail" in names


@settings(deadline=None)
@given(wraps, st.integers(0, 6), st.integers(1, 8), st.integers(0, 4000))
def test_a_larger_limit_never_turns_found_into_clean(
    names: list[str], depth: int, parts: int, size: int
) -> None:
    data = wrapped(MARK, names)
    small = look(data, Limits(depth=depth, parts=parts, scan_size=size))
    assert small.rules or small.reasons
    large = look(data, Limits(depth=depth + 5, parts=parts + 9, scan_size=size + 99999))
    assert not small.rules or large.rules


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_arbitrary_bytes_never_raise(data: bytes) -> None:
    for magic in (b"", b"\x1f\x8b\x08", b"BZh9", b"PK\3\4", b"\xfd7zXZ\0", b"070701"):
        look(magic + data)


ORDINARY = [b"", b"ordinary text", bytes(QUICK), b"\x7fELF\2\1\1" + bytes(100)]


@pytest.mark.parametrize("data", ORDINARY)
def test_a_quick_look_at_an_ordinary_file_is_enough(data: bytes) -> None:
    assert ENGINE.is_plain(data)


@settings(deadline=None)
@given(wraps, st.sampled_from([MARK, EICAR, *ORDINARY]) | st.binary(max_size=200))
def test_a_quick_look_says_plain_only_where_the_long_one_finds_nothing(
    names: list[str], content: bytes
) -> None:
    data = wrapped(content, names)
    plain = Result(parts=1)
    assert ENGINE.is_plain(data) == (look(data) == plain)


def test_the_test_file_is_found_inside_a_container() -> None:
    assert list(look(gzip.compress(EICAR)).rules) == [0]


def test_parts_and_depth_are_counted() -> None:
    result = look(gzip.compress(tarred(b"x")))
    assert (result.parts, result.depth) == (3, 2)


def test_containers_at_the_depth_limit_are_not_opened() -> None:
    result = look(gzip.compress(gzip.compress(MARK)), Limits(depth=1))
    assert (result.rules, result.reasons) == ({}, Reason.DEPTH_LIMIT)


def test_depth_far_beyond_pythons_recursion_limit_is_a_depth_limit() -> None:
    data = MARK
    for _ in range(400):
        data = gzip.compress(data)
    assert look(data).reasons == Reason.DEPTH_LIMIT
    deeper = look(data, Limits(depth=1000))
    assert deeper.rules or deeper.reasons == Reason.DEPTH_LIMIT


def test_what_was_unpacked_before_a_limit_is_still_matched() -> None:
    data = gzip.compress(MARK + bytes(100_000))
    assert look(data, Limits(scan_size=50_000)).rules
    empty = gzip.compress(bytes(100_000))
    assert look(empty, Limits(scan_size=0)).reasons == Reason.SIZE_LIMIT


def test_a_bomb_is_a_size_limit() -> None:
    data = gzip.compress(gzip.compress(bytes(600 * MIB), 9), 9)
    assert look(data).reasons & Reason.SIZE_LIMIT


def test_the_same_container_is_opened_once_and_counts_each_time() -> None:
    inner = gzip.compress(b"x" * 50)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(20):
            archive.writestr(str(number), inner)
    result = look(out.getvalue(), Limits(parts=1 + 20 + 1))
    assert not result.reasons
    assert result.parts == 1 + 20 * 2


def test_damage_behind_a_good_part_is_said() -> None:
    data = bytearray(gzip.compress(b"content"))
    data[-6] ^= 0xFF
    assert look(bytes(data)).reasons == Reason.CORRUPT


def test_a_part_that_reads_short_has_changed() -> None:
    reader = Reader(lambda offset, size: b"abc"[offset : offset + size], 100)
    assert ENGINE.scan(reader).reasons == Reason.CHANGED


def test_an_unreadable_file_is_said() -> None:
    def read(_offset: int, _size: int) -> bytes:
        raise PermissionError(1, "no")

    reader = Reader(read, WHOLE)
    assert ENGINE.scan(reader).reasons == Reason.PERMISSION


class TestLargeParts:
    """Parts beyond what is matched whole; the sizes are made small here."""

    @pytest.fixture(autouse=True)
    def small_sizes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(walk, "WHOLE", 100_000)
        monkeypatch.setattr("clearward.engine.budget.HELD", 100_000)

    def test_a_mark_at_the_end_of_a_file_is_found(self) -> None:
        data = bytes(20 * MIB) + MARK
        reader = Reader(lambda offset, size: data[offset : offset + size], len(data))
        assert ENGINE.scan(reader).rules

    def test_a_mark_at_the_end_of_a_stream_is_found(self) -> None:
        assert look(gzip.compress(bytes(20 * MIB) + MARK, 1)).rules

    def test_a_tar_inside_a_stream_is_opened_as_it_passes(self) -> None:
        member = gzip.compress(MARK)
        data = gzip.compress(tarred(member) + tarred(bytes(300_000)), 1)
        assert look(data).rules

    def test_a_container_that_needs_the_whole_is_a_memory_limit(self) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("noise", hashlib.sha512(b"x").digest() * 5000)
            archive.writestr("mark", gzip.compress(MARK))
        assert look(gzip.compress(out.getvalue(), 9)).reasons & Reason.MEMORY_LIMIT

    def test_a_rule_that_windows_cannot_decide_is_a_memory_limit(self) -> None:
        rule = 'rule both { strings: $a = "aaaa1" $b = "bbbb2" condition: $a and $b }'
        data = b"aaaa1" + bytes(20 * MIB) + b"bbbb2"
        reader = Reader(lambda offset, size: data[offset : offset + size], len(data))
        result = engine(rule=rule).scan(reader)
        assert (result.rules, result.reasons) == ({}, Reason.MEMORY_LIMIT)

    def test_a_rule_for_small_files_leaves_a_large_one_clean(self) -> None:
        rule = 'rule s { strings: $a = "aaaa1" condition: filesize < 1MB and $a }'
        data = b"aaaa1" + bytes(70 * MIB)
        reader = Reader(lambda offset, size: data[offset : offset + size], len(data))
        result = engine(rule=rule).scan(reader)
        assert (result.rules, result.reasons) == ({}, NONE)


def test_explain_names_the_way_and_the_place() -> None:
    data = mailed(zipped(b"..." + MARK))
    result = ENGINE.scan(Reader.of(data), explain=True)
    assert result.explanation is not None
    (match,) = result.explanation.matches
    place = result.explanation.places[match.place]
    assert (match.rule, match.offset, place.name) == (1, 3, b"inner")
