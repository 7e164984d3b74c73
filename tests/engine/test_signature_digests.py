"""Behaviour of ClamAV's lists of digests in a scan, of parts and of sections."""

import hashlib

import pytest
from support.containers import in_zip
from support.scans import BODY, PROGRAM, Scan, digest_line


def test_digests_are_of_the_part_with_that_size() -> None:
    data = b"some content"
    assert Scan(hdb=digest_line(data)).names(in_zip(data)) == ["Test.Digest"]
    wrong = digest_line(data).replace(":12:", ":13:")
    assert Scan(hdb=wrong).names(data) == []


def test_a_digest_is_made_only_of_parts_as_long_as_what_is_listed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = b"some content"
    scan = Scan(hdb=digest_line(data))
    made = []

    new = hashlib.new

    def counted(name: str, *, usedforsecurity: bool) -> object:
        made.append(name)
        return new(name, usedforsecurity=usedforsecurity)

    monkeypatch.setattr("clearward.engine.digests.hashlib.new", counted)
    assert scan.names(data + b"!") == []
    assert made == []
    assert scan.names(data) == ["Test.Digest"]
    assert made == ["md5"]


def test_what_is_allowed_is_trusted_with_all_that_is_in_it() -> None:
    inner = b"say hello world"
    outer = in_zip(inner)
    for allowed in (inner, outer):
        scan = Scan(ndb=BODY, fp=digest_line(allowed, "Test.Allowed"))
        assert scan.names(outer) == []
        assert scan.names(in_zip(b"also hello world")) == ["Test.Body"]


def test_digests_of_sections_are_of_the_sections_of_programs() -> None:
    section = PROGRAM[0x200:]
    made = hashlib.md5(section, usedforsecurity=False).hexdigest()
    scan = Scan(mdb=f"{len(section)}:{made}:Test.Section\n")
    assert scan.names(PROGRAM) == ["Test.Section"]
    assert scan.names(section) == []


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256"])
@pytest.mark.parametrize("count", [1, 2, 3, 9])
@pytest.mark.parametrize("sized", [True, False])
def test_a_list_of_any_kind_of_digest_is_looked_up(
    algorithm: str,
    count: int,
    sized: bool,  # noqa: FBT001 - pytest's shape
) -> None:
    lines = ""
    for number in range(count):
        data = b"content %d" % number
        made = hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()
        size = f"{len(data)}:Test.{number}" if sized else f"*:Test.{number}:73"
        lines += f"{made}:{size}\n"
    scan = Scan(hsb=lines)
    for number in range(count):
        assert scan.names(b"content %d" % number) == [f"Test.{number}"]
    assert scan.names(b"content x") == []
