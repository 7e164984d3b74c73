"""Parts that were clean are known again, and never change an answer."""

import gzip
import io
import time
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.marks import MARK
from support.scans import Scan
from typing_extensions import override

from clearward.core.limits import Limits
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.engine import walk
from clearward.engine.budget import NOTHING
from clearward.engine.memory import Known, Memory
from clearward.engine.result import Result
from clearward.engine.scan import Engine
from clearward.formats.identify import MARKS
from clearward.rules.compile import compile_rules
from clearward.rules.ruleset import RuleSet
from clearward.rules.source import Source

RULE = f'rule mark {{ strings: $a = "{MARK.decode()}" condition: $a }}'
LARGE = walk.SMALL + 1


def rules() -> RuleSet:
    source = Source(0, "test", "yara", "local", RULE.encode())
    return compile_rules([source], test_file=False, marks=MARKS)[0]


class Counted(RuleSet):
    """Rules that count at how many parts they look."""

    looked = 0

    @override
    def look(self, data: bytes) -> tuple[list[int], bool]:
        self.looked += 1
        return super().look(data)


RULES = rules()


def engine(limits: Limits | None = None) -> Engine:
    return Engine(RULES, limits or Limits(), time.monotonic)


def scan(engine: Engine, data: bytes, *, every: bool = False) -> Result:
    return engine.scan(Reader.of(data), every=every)


def zipped(*members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, data in enumerate(members):
            archive.writestr(str(number), data)
    return out.getvalue()


INNER = zipped(b"one", b"two", gzip.compress(b"three"))


def test_a_part_that_was_clean_is_not_looked_at_in_the_next_file() -> None:
    counting = Counted(None, (), None)
    scanning = Engine(counting, Limits(), time.monotonic)
    first = scan(scanning, zipped(INNER, b"a"))
    looked = counting.looked
    assert scan(scanning, zipped(INNER, b"b")) == first
    assert counting.looked - looked == len(("the file", "b"))


def test_a_large_container_that_was_clean_is_not_opened_again() -> None:
    large = zipped(*(b"%d" % number * 50 for number in range(900)))
    assert len(large) > LARGE
    counting = Counted(None, (), None)
    scanning = Engine(counting, Limits(), time.monotonic)
    first = scan(scanning, large)
    looked = counting.looked
    assert scan(scanning, large) == first
    assert counting.looked - looked == 1


@pytest.mark.parametrize("fill", [b"", bytes(LARGE)])
def test_what_was_found_once_is_found_again(fill: bytes) -> None:
    same = engine()
    for number in range(3):
        data = zipped(zipped(fill, MARK, b"x"), b"%d" % number)
        assert scan(same, data, every=True).rules


@pytest.mark.parametrize("fill", [b"", bytes(range(256)) * 300])
def test_damage_is_said_each_time(fill: bytes) -> None:
    same = engine()
    damaged = bytearray(gzip.compress(b"content" + fill))
    damaged[-6] ^= 0xFF
    for number in range(3):
        data = zipped(bytes(damaged), b"%d" % number)
        assert scan(same, data).reasons == Reason.CORRUPT


def test_damage_that_is_no_matter_in_a_guess_is_said_of_a_member() -> None:
    same = engine()
    broken = b"\x1f\x8b\x08" + b"\xff" * 99
    encoded = "".join(f"\\x{byte:02x}" for byte in broken)
    assert not scan(same, f'run("{encoded}")\n'.encode()).reasons
    assert scan(same, zipped(broken)).reasons == scan(engine(), zipped(broken)).reasons
    assert scan(same, zipped(broken)).reasons


def test_a_part_known_from_the_top_is_not_taken_at_the_limit_of_depth() -> None:
    same = engine(Limits(depth=2))
    nested = gzip.compress(gzip.compress(b"content"))
    assert not scan(same, nested).reasons
    assert scan(same, zipped(nested)).reasons == Reason.DEPTH_LIMIT


def test_depth_is_told_of_what_is_known() -> None:
    same = engine()
    scan(same, INNER)
    assert scan(same, zipped(INNER)).depth == scan(engine(), zipped(INNER)).depth


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(scan_size=150_000), Reason.SIZE_LIMIT),
        (Limits(parts=7), Reason.PARTS_LIMIT),
    ],
)
def test_what_is_known_is_charged_again(limits: Limits, reason: Reason) -> None:
    same = engine(limits)
    ones = [zipped(bytes((number,)) * 50_000, b"") for number in range(3)]
    for one in ones:
        assert not scan(same, one).reasons
    assert scan(same, zipped(*ones)).reasons == reason
    assert scan(engine(limits), zipped(*ones)).reasons == reason


def test_what_repeats_in_one_file_is_charged_once() -> None:
    limits = Limits(scan_size=70_000)
    same = engine(limits)
    one = zipped(bytes(50_000))
    assert not scan(same, one).reasons
    assert not scan(same, zipped(one, one, one)).reasons


def test_a_signature_that_asks_what_is_around_is_asked_again_elsewhere() -> None:
    scanning = Scan(
        ldb=f"In.A.Zip;Engine:51-255,Container:CL_TYPE_ZIP,Target:0;0;{MARK.hex()}\n"
    )
    assert scanning.names(gzip.compress(MARK)) == []
    assert scanning.names(zipped(MARK)) == ["In.A.Zip"]
    assert scanning.names(gzip.compress(MARK)) == []


def test_with_an_explanation_everything_is_looked_at() -> None:
    same = engine()
    first = same.scan(Reader.of(zipped(INNER)), explain=True)
    scan(same, zipped(INNER))
    assert same.scan(Reader.of(zipped(INNER)), explain=True) == first


small_parts = st.sampled_from(
    [
        b"plain",
        MARK,
        INNER,
        gzip.compress(MARK),
        gzip.compress(b"cut short")[:-3],
        zlib.compress(b"x" * 300),
        zipped(gzip.compress(b"deep"), b"plain"),
    ]
)


@settings(deadline=None)
@given(st.lists(st.lists(small_parts, min_size=1, max_size=4), min_size=2, max_size=5))
def test_the_answer_is_that_of_a_worker_that_remembers_nothing(
    files: list[list[bytes]],
) -> None:
    same = engine()
    for members in files:
        data = zipped(*members)
        assert scan(same, data, every=True) == scan(engine(), data, every=True)


def test_the_oldest_part_is_forgotten_first() -> None:
    memory = Memory(most=2)
    nothing = Known(NOTHING, 0)
    for letter in (b"a", b"b", b"c"):
        memory.keep((letter, ()), nothing)
    kept = [letter for letter in (b"a", b"b", b"c") if memory.recall((letter, ()))]
    assert kept == [b"b", b"c"]
