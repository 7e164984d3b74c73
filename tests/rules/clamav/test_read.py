"""Behaviour of the readers together."""

import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.clamav import ANY_TEXT, message, read_all, source
from support.clamav_signing import KEYS, container

from clearward.core.names import Problem
from clearward.rules.clamav import lines as lines_module
from clearward.rules.clamav.fault import Left, Why
from clearward.rules.clamav.ignored import IgnoreList
from clearward.rules.clamav.listed import (
    DigestSignature,
    Icon,
    Ignored,
    Link,
    Magic,
    MemberSignature,
    Of,
)
from clearward.rules.clamav.model import Signature
from clearward.rules.clamav.read import KINDS, READERS, UNWANTED, read

MD5 = "44d88612fea8a8f36de82e1278abb02f"
LINES = {
    **dict.fromkeys(("hdb", "hdu", "hsb", "hsu", "fp", "sfp", "imp"), f"{MD5}:68:a"),
    **dict.fromkeys(("mdb", "mdu", "msb", "msu"), f"68:{MD5}:a"),
    **dict.fromkeys(("ndb", "ndu"), "a:0:*:616263"),
    **dict.fromkeys(("ldb", "ldu"), "a;Target:0;0;6162"),
    **dict.fromkeys(("ign", "ign2"), "a"),
    "cdb": "a:*:*:*:*:*:*:*:*:*",
    "idb": "a:b:c:10" + "0" * 122,
    "ftm": "0:0:47:a:CL_TYPE_ANY:CL_TYPE_GIF",
    "pdb": "H:a.com",
    "wdb": "M:a.com:b.com",
}
TYPES = {
    "cdb": MemberSignature,
    "idb": Icon,
    "ftm": Magic,
    "pdb": Link,
    "wdb": Link,
    "ign": Ignored,
    "ign2": Ignored,
    **dict.fromkeys(("ndb", "ndu", "ldb", "ldu"), Signature),
}


def test_there_is_a_line_here_for_every_kind() -> None:
    assert set(LINES) == set(READERS)


@pytest.mark.parametrize("kind", sorted(LINES))
def test_every_kind_is_read(kind: str) -> None:
    [item] = read_all(LINES[kind], kind)
    assert type(item) is TYPES.get(kind, DigestSignature)
    assert not isinstance(item, Problem | Left)
    assert item.line == 1
    if isinstance(item, Signature | DigestSignature):
        assert item.unwanted is (kind in UNWANTED)
    if isinstance(item, DigestSignature):
        assert item.allows is (kind in {"fp", "sfp"})
        sections = {"mdb", "mdu", "msb", "msu"}
        expected = Of.SECTION if kind in sections else Of.FILE
        assert item.of is (Of.IMPORTS if kind == "imp" else expected)


@pytest.mark.parametrize("kind", sorted(LINES))
def test_a_bad_line_does_not_stop_the_rest(kind: str) -> None:
    line = LINES[kind]
    found = read_all(f"{line}\n:\n# {line}\n{line}\n", kind)
    assert [one.line for one in found] == [1, 2, 4]
    problem = found[1]
    assert isinstance(problem, Problem)
    assert problem.source == 3
    assert not problem.fatal
    assert problem.message.startswith(f"{kind}: ")


def test_a_problem_names_its_field() -> None:
    [problem] = read_all("a;Target:0;0&1;6162;61", "ldb")
    assert isinstance(problem, Problem)
    assert problem.column == 5
    assert problem.message == "ldb: sub-signature 1: no 2 adjacent bytes in a piece"


def test_lines_for_others_are_counted_with_their_reason() -> None:
    text = "a:0:*:616263:999\na:15:*:616263\n"
    assert read_all(text, "ndb") == [
        Left(3, "ndb", Why.LEVEL, 1),
        Left(3, "ndb", Why.TARGET, 2),
    ]


@pytest.mark.parametrize("kind", sorted(UNWANTED))
def test_what_is_unwanted_is_counted_unless_asked_for(kind: str) -> None:
    text = f"{LINES[kind]}\n# comment\n{LINES[kind]}\n"
    assert read_all(text, kind, unwanted=False) == [
        Left(3, kind, Why.UNWANTED, count=2)
    ]


@pytest.mark.parametrize(("kind", "count"), [("cbc", 1), ("crb", 3), ("yar", 3)])
def test_what_is_not_supported_is_counted(kind: str, count: int) -> None:
    assert read_all("a\nb\nc\n", kind) == [Left(3, kind, Why.UNSUPPORTED, count=count)]
    assert read_all("", "crb") == []


@pytest.mark.parametrize("kind", sorted(LINES))
def test_an_ignored_signature_is_counted(kind: str) -> None:
    ignored = IgnoreList([Ignored("a")])
    [found] = read(source(LINES[kind], kind), unwanted=True, ignored=ignored)
    if TYPES.get(kind) in {Link, Ignored}:
        assert isinstance(found, Link | Ignored)
    else:
        assert found == Left(3, kind, Why.IGNORED, 1)


def test_a_container_is_read_file_by_file() -> None:
    files = [(f"main.{kind}", f"{line}\n".encode()) for kind, line in LINES.items()]
    data = container("cvd", *files, ("main.cbc", b"x"), ("bad.ndb", b"x"))
    found = list(read(source(data, "cvd"), unwanted=False, keys=KEYS))
    assert Counter(type(one) for one in found) == {
        DigestSignature: 7,
        Signature: 2,
        Ignored: 2,
        Link: 2,
        MemberSignature: 1,
        Icon: 1,
        Magic: 1,
        Left: 7,
        Problem: 1,
    }
    [problem] = [one for one in found if isinstance(one, Problem)]
    assert problem.message == "bad.ndb: ndb: 1 fields, not 4 to 6"


def test_nothing_of_a_container_that_is_refused_is_read() -> None:
    data = container("cvd", ("a.ndb", LINES["ndb"].encode())) + b"x"
    [problem] = read(source(data, "cvd"), unwanted=False, keys=KEYS)
    assert isinstance(problem, Problem)
    assert problem.fatal


@pytest.mark.parametrize("kind", sorted(READERS))
def test_a_line_of_millions_of_characters_takes_little(kind: str) -> None:
    for character in ("a", ":", ";", "(", "0&", "6162*", "=1"):
        start = time.process_time()
        assert read_all(character * (3_000_000 // len(character)), kind)
        assert time.process_time() - start < 10


def test_a_line_that_is_too_long_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_module, "LONGEST", 5)
    assert "a line of more than" in message("a" * 6, "ign2")


@given(
    st.sampled_from(sorted(KINDS)),
    st.text(":;*,&|()=<>{}[]?!-0126abfLBW/#$\n") | ANY_TEXT,
    st.booleans(),
)
def test_any_text_is_accounted_for(kind: str, text: str, unwanted: bool) -> None:  # noqa: FBT001 - hypothesis
    data = text.encode()
    found = read_all(data, kind, unwanted=unwanted)
    if kind in READERS:
        counts = [one.count if isinstance(one, Left) else 1 for one in found]
        assert sum(counts) == sum(
            1 for line in data.split(b"\n") if line.rstrip(b"\r") and line[:1] != b"#"
        )
    assert (
        all(not one.fatal for one in found if isinstance(one, Problem))
        or len(found) == 1
    )
