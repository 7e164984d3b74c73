"""All shares of a file together see what one scan sees, or say that they cannot."""

import gzip
import io
import tarfile
import time
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.marks import MARK
from support.scans import Scan
from typing_extensions import override

from clearward.core.limits import Limits
from clearward.core.part import Gap, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import NONE, Reason
from clearward.engine.notes import Alone
from clearward.engine.result import Result
from clearward.engine.scan import Engine
from clearward.engine.share import Numbered, Share, may_be_shared
from clearward.formats.identify import MARKS
from clearward.rules.compile import compile_rules
from clearward.rules.source import Source

RULE = f'rule mark {{ strings: $a = "{MARK.decode()}" condition: $a }}'

Members = list[tuple[str, bytes]]


def engine(limits: Limits | None = None) -> Engine:
    source = Source(0, "test", "yara", "local", RULE.encode())
    rules, _ = compile_rules([source], test_file=False, marks=MARKS)
    return Engine(rules, limits or Limits(), time.monotonic)


ENGINE = engine()


def zipped(members: Members) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, (name, data) in enumerate(members):
            how = zipfile.ZIP_DEFLATED if number % 2 else zipfile.ZIP_STORED
            archive.writestr(zipfile.ZipInfo(name), data, how)
    return out.getvalue()


def streamed(members: Members) -> bytes:
    """A zip whose sizes stand behind the data."""

    class Forward(io.RawIOBase):
        def __init__(self) -> None:
            self.out = bytearray()

        @override
        def writable(self) -> bool:
            return True

        @override
        def write(self, data: object) -> int:
            self.out += bytes(memoryview(data))  # type: ignore[arg-type]
            return len(memoryview(data))  # type: ignore[arg-type]

    out = Forward()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return bytes(out.out)


def tarred(members: Members) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in members:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def newc(members: Members) -> bytes:
    out = b""
    for name, data in [*members, ("TRAILER!!!", b"")]:
        raw = name.encode() + b"\0"
        fields = [0, 0o100644, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(raw), 0]
        out += b"070701" + b"".join(b"%08x" % field for field in fields) + raw
        out += bytes(-len(out) % 4) + data
        out += bytes(-len(out) % 4)
    return out


CONTAINERS: list[Callable[[Members], bytes]] = [zipped, streamed, tarred, newc]


def together(data: bytes, of: int, scanned: Engine = ENGINE) -> list[Result]:
    return [
        scanned.scan_share(Reader.of(data), Numbered(number, of))
        for number in range(of)
    ]


def decided(results: list[Result]) -> bool:
    """Say whether the shares can speak for the file."""
    return not any(one.whole or one.heavy or one.rules for one in results)


INNER = st.sampled_from(
    [
        b"text",
        gzip.compress(b"text in gzip", mtime=0),
        zipped([("a", b"x" * 99), ("b", gzip.compress(b"deeper", mtime=0))]),
        tarred([("c", b"y" * 99)]),
    ]
)
NAMES = st.text("abc/.", min_size=1, max_size=9)
MEMBERS = st.lists(
    st.tuples(NAMES, INNER | st.binary(max_size=3000)),
    max_size=12,
    unique_by=lambda member: member[0],
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MEMBERS, st.sampled_from(CONTAINERS), st.integers(2, 5))
def test_shares_of_an_ordinary_container_add_up_to_the_whole(
    members: Members, container: Callable[[Members], bytes], of: int
) -> None:
    data = container(members)
    whole = ENGINE.scan(Reader.of(data))
    results = together(data, of)
    if decided(results):
        assert (whole.reasons, list(whole.rules)) == (NONE, [])
        assert sum(one.parts for one in results) == whole.parts
        assert max(one.depth for one in results) == whole.depth


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    MEMBERS,
    st.sampled_from(CONTAINERS),
    st.integers(2, 3),
    st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), max_size=4),
    st.binary(max_size=40),
)
def test_shares_of_a_damaged_container_never_say_clean_where_the_whole_is_not(
    members: Members,
    container: Callable[[Members], bytes],
    of: int,
    flips: list[tuple[float, int]],
    behind: bytes,
) -> None:
    data = bytearray(container(members) + behind)
    for place, value in flips:
        if data:
            data[int(place * (len(data) - 1))] ^= value
    whole = ENGINE.scan(Reader.of(bytes(data)))
    results = together(bytes(data), of)
    if decided(results):
        assert not whole.reasons
        assert not whole.rules
        assert sum(one.parts for one in results) == whole.parts


@pytest.mark.parametrize("container", CONTAINERS)
def test_members_of_an_ordinary_container_are_really_shared(
    container: Callable[[Members], bytes],
) -> None:
    members = [(f"{number}", b"line %d.\n" % number * 99) for number in range(40)]
    results = together(container(members), 4)
    assert decided(results)
    assert sum(one.parts for one in results) == 41
    assert max(one.parts for one in results) < 20


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("place", [0, 7, 39])
def test_a_match_in_any_member_is_found_by_one_share(
    container: Callable[[Members], bytes], place: int
) -> None:
    members = [(f"{number}", b"ordinary") for number in range(40)]
    members[place] = ("bad", gzip.compress(MARK))
    results = together(container(members), 3)
    assert sum(bool(one.rules) for one in results) == 1


def test_a_gap_ends_a_share() -> None:
    members = [("good", b"text"), ("cut", gzip.compress(b"x" * 500)[:-9])] * 3
    results = together(tarred(members), 2)
    assert any(one.whole for one in results)
    assert not any(one.reasons for one in results)


def test_shares_together_keep_within_the_limits() -> None:
    members = [(f"{number}", bytes(1000)) for number in range(40)]
    for limits in (Limits(parts=30), Limits(scan_size=30_000), Limits(depth=0)):
        results = together(tarred(members), 2, engine(limits))
        assert not decided(results)


def test_a_member_that_all_would_have_to_read_ends_a_share() -> None:
    share = Share(Numbered(0, 2))
    with pytest.raises(Alone):
        list(share.own([Part(Stream(iter([b"x"])), b"a stream")]))


def test_what_is_no_member_is_for_every_share() -> None:
    gap = Gap(Reason.ENCRYPTED)
    assert [list(Share(Numbered(number, 2)).own([gap])) for number in (0, 1)] == [
        [gap],
        [gap],
    ]


@given(st.lists(st.integers(-5, 10**9), max_size=50), st.integers(2, 6))
def test_every_member_is_of_exactly_one_share(sizes: list[int], of: int) -> None:
    shares = [Share(Numbered(number, of), 1000) for number in range(of)]
    for size in sizes:
        assert [share.mine(size) for share in shares].count(True) == 1


def test_signatures_see_the_file_in_every_share() -> None:
    scan = Scan(ndb="Sig.A:0:*:6e6565646c65\n")
    members = [(f"{number}", b"ordinary") for number in range(20)]
    data = tarred(members) + b"needle"
    results = together(data, 2, scan.engine)
    assert all(one.rules for one in results)


@pytest.mark.parametrize("container", [zipped, tarred, newc])
def test_containers_of_many_members_may_be_shared(
    container: Callable[[Members], bytes],
) -> None:
    members = [(f"{number}", b"text") for number in range(20)]
    assert may_be_shared(Reader.of(container(members)))


@pytest.mark.parametrize(
    "data",
    [b"", b"text" * 100, gzip.compress(b"text", mtime=0), zipped([("one", b"text")])],
)
def test_other_files_are_not(data: bytes) -> None:
    assert not may_be_shared(Reader.of(data))
