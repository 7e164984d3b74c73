"""Behaviour of the quick reader of digest lists: it says what the other one says."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.clamav import source

from clearward.rules.clamav import plain_digests
from clearward.rules.clamav.digests import DigestReader
from clearward.rules.clamav.listed import DigestSignature, Of
from clearward.rules.clamav.load import Databases
from clearward.rules.clamav.plain_digests import Alike, Rest, read_plain
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


ALIKE = st.builds(
    lambda digits, size, behind, names: "".join(
        f"{digits}:{size}:{name}{behind}\n" for name in names
    ),
    st.sampled_from(DIGITS),
    st.sampled_from(SIZES),
    st.sampled_from(BEHIND),
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=5),
)


class Taken:
    """Notes what plain lines say."""

    def __init__(self, reader: DigestReader) -> None:
        self._reader = reader
        self.found: list[object] = []

    def add(self, digest: bytes, size: int | None, name: bytes) -> None:
        """Note one."""
        kind = self._reader
        flags = kind.of, kind.allows, kind.unwanted
        self.found.append((name.decode(), digest, size, *flags))

    def add_all(
        self, digests: bytes, sizes: list[int] | None, names: Sequence[bytes]
    ) -> None:
        """Note many."""
        length = len(digests) // len(names)
        for index, name in enumerate(names):
            digest = digests[index * length : (index + 1) * length]
            self.add(digest, None if sizes is None else sizes[index], name)


def quick(text: str, kind: str) -> tuple[list[object], Databases]:
    """Everything that the quick reader and the other one say together."""
    read = Databases([source(text, kind)], unwanted=True)
    taken = Taken(DIGEST_READERS[kind])
    found = [meant(one) for one in read.quick_digests(lambda _: taken)]
    return taken.found + found, read


def meant(one: DigestSignature) -> object:
    return one.name, one.digest, one.size, one.of, one.allows, one.unwanted


@pytest.mark.parametrize("kind", ["hdb", "hsu", "fp", "mdb", "msu", "imp"])
def test_both_readers_say_the_same(kind: str) -> None:
    @given(TEXT | ALIKE | st.lists(ALIKE, max_size=3).map("".join))
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
    assert found
    assert len(rests) <= len(data) + 1 + len(lines)


def test_with_an_ignore_list_every_name_is_looked_at() -> None:
    text = f"{'ab' * 16}:5:Name\n{'cd' * 16}:6:Other\n"
    read = Databases([source(text, "hdb"), source("Name\n", "ign2")], unwanted=True)
    taken = Taken(DIGEST_READERS["hdb"])
    found = [one.name for one in read.quick_digests(lambda _: taken)]
    assert (found, taken.found) == (["Other"], [])


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_lines_that_are_alike_are_taken_together(ending: str) -> None:
    line = f"{'ab' * 16}:*:Name:73"
    (found,) = read_plain(f"{line}\n{line}{ending}".encode(), Of.FILE)
    assert found == Alike(b"\xab" * 32, None, [b"Name", b"Name"])


def test_lists_longer_than_a_block_lose_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plain_digests, "_BLOCK", 100)
    lines = [f"{number:032x}:{number + 1}:Name-{number}" for number in range(50)]
    lines[20:20] = ["# a comment", "no line", f"{'ab' * 16}:*:Other:73"]
    found, read = quick("\n".join(lines), "hdb")
    assert len(found) == 51
    assert [problem.line for problem in read.problems] == [22]
