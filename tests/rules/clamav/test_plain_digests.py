"""Behaviour of the quick reader of digest lists: it says what the other one says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.clamav import source

from clearward.rules.clamav.listed import DigestSignature, Of
from clearward.rules.clamav.load import Databases
from clearward.rules.clamav.plain_digests import Rest, read_plain
from clearward.rules.clamav.read import DIGEST_READERS

DIGITS = ("aB" * 16, "0f" * 20, "c3" * 32, "0" * 31, "g" * 32, "00" * 33)
SIZES = ("1", "99", "0", "010", "*", "-1", "9" * 16, "9" * 17, "9" * 20, "")
NAMES = ("A", "Win.Test-1", "", "a b", "n" * 128, "n" * 129, "\xe9", "#")
BEHIND = (
    "",
    ":73",
    ":999",
    ":73:255",
    ":72",
    ":73:1",
    ":x",
    "\r",
    " ",
    ":73\r",
    "\r\r",
)
LINE = st.one_of(
    st.builds(
        "{}:{}:{}{}".format,
        st.sampled_from((*DIGITS, *SIZES)),
        st.sampled_from((*SIZES, *DIGITS)),
        st.sampled_from(NAMES),
        st.sampled_from(BEHIND),
    ),
    st.sampled_from(("", "# comment", "\r", "\xef\xbb\xbf", "x" * 40)),
)
TEXT = st.lists(LINE, max_size=12).map("\n".join)


def quick(text: str, kind: str) -> tuple[list[object], Databases]:
    """Everything that the quick reader and the other one say together."""
    read = Databases([source(text, kind)], unwanted=True)
    found: list[object] = []
    reader = DIGEST_READERS[kind]

    def take(digest: bytes, size: int | None, name: bytes) -> None:
        one = (name.decode(), digest, size, reader.of, reader.allows, reader.unwanted)
        found.append(one)

    found.extend(meant(one) for one in read.quick_digests(lambda _: take))
    return found, read


def meant(one: DigestSignature) -> object:
    return one.name, one.digest, one.size, one.of, one.allows, one.unwanted


@pytest.mark.parametrize("kind", ["hdb", "hsu", "fp", "mdb", "msu", "imp"])
def test_both_readers_say_the_same(kind: str) -> None:
    @given(TEXT)
    def check(text: str) -> None:
        found, read = quick(text, kind)
        slow = Databases([source(text, kind)], unwanted=True)
        assert sorted(map(repr, found)) == sorted(
            repr(meant(one)) for one in slow.digests()
        )
        assert read.problems == slow.problems
        assert read.left == slow.left

    check()


@given(st.binary(max_size=300))
def test_any_bytes_come_back(data: bytes) -> None:
    lines = b"ab" * 16 + b":5:Name\n"
    found = list(read_plain(lines + data + b"\n" + lines, Of.FILE))
    rests = b"".join(one.text for one in found if isinstance(one, Rest))
    assert len(found) >= 2
    assert len(rests) <= len(data) + 1 + len(lines)


def test_with_an_ignore_list_every_name_is_looked_at() -> None:
    text = f"{'ab' * 16}:5:Name\n{'cd' * 16}:6:Other\n"
    read = Databases([source(text, "hdb"), source("Name\n", "ign2")], unwanted=True)
    taken: list[bytes] = []

    def take(digest: bytes, _size: int | None, _name: bytes) -> None:
        taken.append(digest)

    found = [one.name for one in read.quick_digests(lambda _: take)]
    assert (found, taken) == (["Other"], [])
