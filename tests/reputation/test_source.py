"""Lists of digests as people keep them."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from support.digests import digest, digests, written

from clearward.reputation.source import Entries, read


def names(entries: Entries) -> list[tuple[bytes, str]]:
    """Digests and their names."""
    held = entries.digests
    each = [held[at : at + 32] for at in range(0, len(held), 32)]
    return [
        (one, entries.names[place])
        for one, place in zip(each, entries.named, strict=True)
    ]


def test_digests_and_what_they_are() -> None:
    text = (
        b"# a list\n\n"
        + written(1)
        + written(2, name="Trojan.Two of a kind").upper()
        + digest(3).hex().encode()
        + b"  *three.exe\r\n"
        + digest(4).hex().encode()
    )
    entries = read([text])
    assert names(entries) == [
        (digest(1), ""),
        (digest(2), "TROJAN.TWO OF A KIND"),
        (digest(3), "three.exe"),
        (digest(4), ""),
    ]
    assert entries.rejected == 0


def test_what_is_no_digest_is_counted() -> None:
    good = digest(1).hex().encode()
    lines = [
        b"nothing",
        good[:-1],
        good + b"0",
        b"g" * 64,
        good[:32] + b" " + good[32:],
    ]
    entries = read([b"\n".join(lines) + b"\n" + good])
    assert (entries.rejected, names(entries)) == (5, [(digest(1), "")])


def test_a_block_of_bare_lines_is_not_read_across_their_ends() -> None:
    # As long as two lines, with an end where one is due, and blanks among the digits.
    odd = b"ab " * 21 + b"a\n" + b"ab " * 21 + b"a\n"
    assert read([odd]).rejected == 2


@given(st.lists(digests), st.lists(st.integers(0, 200)))
def test_bare_lines_come_back_however_they_are_cut(
    held: list[bytes], cuts: list[int]
) -> None:
    text = b"".join(one.hex().encode() + b"\n" for one in held)
    assert names(read(pieces(text, cuts))) == [(one, "") for one in held]


@given(
    st.lists(
        st.sampled_from([written(1), written(2, name="x"), b"# no\n", b"no\n"])
        | st.binary(max_size=80)
    ),
    st.lists(st.integers(0, 300)),
)
def test_any_bytes_give_the_same_however_they_are_cut(
    lines: list[bytes], cuts: list[int]
) -> None:
    text = b"".join(lines)
    whole, cut = read([text]), read(pieces(text, cuts))
    assert whole == cut
    assert len(whole.digests) == 32 * len(whole.named)
    assert set(whole.named) == set(range(len(whole.names)))


def pieces(text: bytes, cuts: list[int]) -> list[bytes]:
    """The same text, cut."""
    places = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    return [text[one:other] for one, other in pairwise(places)]
