"""Behaviour of lists of signatures to leave out."""

import hashlib

import pytest

from clearward.rules.clamav.fault import Wrong
from clearward.rules.clamav.ignored import IgnoreList, read_ignored
from clearward.rules.clamav.listed import Ignored

MD5 = "bc356bae4c42f19a3de16e333ba3569c"


@pytest.mark.parametrize(
    ("line", "name", "digest"),
    [
        ("Foo", "Foo", None),
        ("Foo bar", "Foo bar", None),
        (f"Foo:{MD5}", "Foo", bytes.fromhex(MD5)),
        (f"Foo:{MD5.upper()}", "Foo", bytes.fromhex(MD5)),
        (f"Foo:{MD5}:1", "Foo", bytes.fromhex(MD5)),
        ("main.hdb:5:Foo", "Foo", None),
    ],
)
def test_a_signature_is_named(line: str, name: str, digest: bytes | None) -> None:
    assert read_ignored(line, 6) == Ignored(name, digest, line=6)


@pytest.mark.parametrize(
    "line",
    ["Foo:xyz", "Foo:", f"Foo:{MD5[1:]}", f":{MD5}", "a:5:", "a:1:2:3", f"Foo:{MD5}00"],
)
def test_a_wrong_line_is_refused(line: str) -> None:
    with pytest.raises(Wrong):
        read_ignored(line, 1)


def test_a_signature_is_left_out_by_its_whole_name() -> None:
    ignored = IgnoreList([Ignored("Foo.Bar")])
    assert ignored.holds("Foo.Bar", "any line")
    for other in ("Foo", "Foo.Bar.Baz", "foo.bar", ""):
        assert not ignored.holds(other, "any line")


def test_with_a_digest_only_that_line_is_left_out() -> None:
    line = "Foo:0:*:616263\xff"
    digest = hashlib.md5(line.encode("latin-1"), usedforsecurity=False).digest()
    ignored = IgnoreList([Ignored("Foo", bytes(16)), Ignored("Foo", digest)])
    assert ignored.holds("Foo", line)
    assert not ignored.holds("Foo", "Foo:0:*:616264")
    assert IgnoreList([Ignored("Foo", digest), Ignored("Foo")]).holds("Foo", "x")
