"""Signatures say of a part too large to be held what they say of all of it."""

import random

import pytest

from clearward.core.facts import Facts
from clearward.core.reader import Reader
from clearward.core.reasons import NONE, Reason
from clearward.rules import signature_windows
from clearward.rules.databases import compile_databases
from clearward.rules.said import Said
from clearward.rules.signature_windows import Following, Passing, Survey
from clearward.rules.signatures import Signatures
from clearward.rules.source import Source

HEAD = "Engine:81-255,Target:0"
LINES = (
    "Test.Plain:0:*:" + b"hello world".hex(),
    "Test.Gap:0:*:" + b"hello".hex() + "*" + b"there".hex(),
    "Test.End:0:EOF-40,20:" + b"mark".hex(),
    "Test.Front:0:3:" + b"front".hex(),
    "Test.Other:6:*:" + b"hello world".hex(),
)
LOGICAL = (
    f"Test.Count;{HEAD};0>2&1=0;" + b"counted".hex() + ";" + b"nothing".hex(),
    f"Test.Always;{HEAD};0=0;" + b"always there".hex(),
    f"Test.Compare;{HEAD};0&1;" + b"size".hex() + ";0(>>4#db2#=42)",
    f"Test.Regex;{HEAD};0&1;" + b"pattern".hex() + ";0/wo+rd/",
    f"Test.Sure;{HEAD};0|1;" + b"surely".hex() + ";0/wo+rd/",
    f"Test.Small;{HEAD},FileSize:1-100;0;" + b"hello world".hex(),
)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signature_windows, "WINDOW", 200)
    monkeypatch.setattr(signature_windows, "MOST_SIZE", 0)


def compiled(ndb: str = "\n".join(LINES), ldb: str = "\n".join(LOGICAL)) -> Signatures:
    sources = [
        Source(0, "a.ndb", "ndb", "local", ndb.encode()),
        Source(1, "a.ldb", "ldb", "local", ldb.encode()),
    ]
    found = compile_databases(sources, 0, unwanted=False)
    assert not found.problems
    assert found.signatures is not None
    return found.signatures


ALL = compiled()


def windowed(
    data: bytes, chunk: int = 97, signatures: Signatures = ALL, size: int | None = None
) -> Said:
    size = len(data) if size is None else size
    survey = Survey(signatures, [0])
    for start in range(0, len(data), chunk):
        survey.feed(data[start : start + chunk])
    content = Reader(lambda offset, count: data[offset : offset + count], size)
    following = Following(signatures, content, Facts(size), lambda: None)
    return following.said(survey.candidates() | survey.always())


def part(seed: int) -> bytes:
    chosen = random.Random(seed)  # noqa: S311 - not secret
    words = [
        *(b"hello world", b"hello", b"there", b"mark", b"counted", b"nothing"),
        *(b"always there", b"size42", b"size43"),
        *(b"pattern", b"surely", bytes(400), bytes(7), chosen.randbytes(90)),
    ]
    return b"".join(chosen.choices(words, k=12))


@pytest.mark.parametrize("chunk", [5, 64, 97, 1000])
def test_what_is_found_is_what_is_found_in_the_whole(chunk: int) -> None:
    found = 0
    for seed in range(60):
        data = part(seed)
        expected = ALL.match(data, 0, Facts(len(data)))
        said = windowed(data, chunk)
        assert said.rules == expected.rules, seed
        found += len(said.rules)
    assert found > 60


def names(said: Said) -> list[str]:
    return [ALL.name(rule) for rule in said.rules]


def test_what_counts_from_a_match_is_asked_of_the_part_at_random() -> None:
    data = bytes(500) + b"size42" + bytes(500)
    assert names(windowed(data)) == ["Test.Always", "Test.Compare"]
    assert names(windowed(data + b"size41")) == ["Test.Always"]


def test_an_expression_is_not_looked_for_but_what_is_sure_is_found() -> None:
    said = windowed(bytes(500) + b"pattern woord")
    assert (names(said), said.reasons) == (["Test.Always"], Reason.SIZE_LIMIT)
    said = windowed(bytes(500) + b"surely")
    assert names(said) == ["Test.Always", "Test.Sure"]


def test_a_part_of_which_an_expression_could_see_all_is_not_decided(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(signature_windows, "MOST_SIZE", 10_000)
    said = windowed(bytes(500) + b"size42")
    assert (names(said), said.reasons) == (["Test.Always"], Reason.MEMORY_LIMIT)


def test_a_part_that_got_shorter_is_changed() -> None:
    said = windowed(b"hello world" + bytes(500), size=1000)
    assert said.reasons == Reason.CHANGED
    said = windowed(b"", size=1000)
    assert said.reasons == Reason.CHANGED


def test_bytes_that_go_missing_later_are_a_change() -> None:
    data = bytes(500) + b"size42" + bytes(500)
    asked: list[int] = []

    def read(offset: int, size: int) -> bytes:
        asked.append(offset)
        return data[offset : offset + size] if len(asked) <= 6 else b""

    survey = Survey(ALL, [0])
    survey.feed(data)
    content = Reader(read, len(data))
    said = Following(ALL, content, Facts(len(data)), lambda: None).said(
        survey.candidates() | survey.always()
    )
    assert said.reasons & Reason.CHANGED


def test_signatures_for_other_targets_are_not_asked() -> None:
    survey = Survey(ALL, [1, 3])
    survey.feed(b"hello world")
    assert not survey.candidates()
    assert not survey.always()


def test_what_repeats_is_surveyed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    plain = Signatures.candidates

    def counted(self: Signatures, data: bytes, target: int) -> list[int]:
        asked.append(len(data))
        return plain(self, data, target)

    monkeypatch.setattr(Signatures, "candidates", counted)
    survey = Survey(ALL, [0])
    for _ in range(100):
        survey.feed(bytes(400))
    survey.feed(b"..hello world")
    assert len(asked) <= 4
    assert survey.candidates()


def test_too_many_steps_are_a_time_limit() -> None:
    line = "Test.Slow:0:*:" + "(61|6161)" * 9 + "6262"
    signatures = compiled(line, "")
    data = b"a" * 3000 + b"bb"
    patched = signatures.matcher
    patched._most_steps = 500  # type: ignore[attr-defined] # noqa: SLF001 - no other way
    patched._steps = 500  # noqa: SLF001 - likewise
    said = windowed(data, signatures=signatures)
    assert (said.rules, said.reasons) == ((), Reason.TIME_LIMIT)


def test_a_part_with_nothing_to_verify_is_not_read_again() -> None:
    signatures = compiled(LINES[0], "")

    def read(_offset: int, _size: int) -> bytes:
        raise AssertionError

    following = Following(signatures, Reader(read, 1000), Facts(1000), lambda: None)
    said = following.said(set())
    assert (said.rules, said.reasons) == ((), NONE)


def passing(data: bytes, chunk: int, signatures: Signatures = ALL) -> Said:
    part = Passing(signatures, [0], Facts(0))
    for start in range(0, len(data), chunk):
        part.feed(data[start : start + chunk])
    return part.said()


@pytest.mark.parametrize("chunk", [5, 64, 97, 1000])
def test_of_a_part_that_passes_nothing_wrong_is_said(chunk: int) -> None:
    found = undecided = 0
    for seed in range(60):
        data = part(seed)
        expected = ALL.match(data, 0, Facts(len(data)))
        said = passing(data, chunk)
        assert set(said.rules) <= set(expected.rules), seed
        if not said.reasons:
            assert said.rules == expected.rules, seed
        undecided += bool(said.reasons)
        found += len(said.rules)
    assert found > 10
    assert undecided > 30


def test_a_part_that_passes_without_an_anchor_is_decided() -> None:
    signatures = compiled(LINES[0], "\n".join(LOGICAL[:2]))
    for size in (0, 6, 199, 200, 201, 399, 400, 1000):
        said = passing(bytes(size), 50, signatures)
        assert [signatures.name(rule) for rule in said.rules] == ["Test.Always"]
        assert said.reasons == NONE
    said = passing(bytes(900) + b"always there", 50, signatures)
    assert (said.rules, said.reasons) == ((), NONE)


def test_a_place_counted_from_the_end_is_not_known_as_it_passes() -> None:
    signatures = compiled(LINES[2], "")
    assert passing(bytes(900), 50, signatures).reasons == Reason.MEMORY_LIMIT
