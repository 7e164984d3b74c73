"""Behaviour of digest lists."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.limits import MIB
from clearward.core.names import RULE_NAME, Problem, RuleName
from clearward.rules.hashes import SIZES, DigestSet, read
from clearward.rules.source import Source

KINDS = pytest.mark.parametrize("kind", SIZES)


def digest_of(data: bytes, kind: str = "sha256") -> bytes:
    return hashlib.new(kind, data, usedforsecurity=False).digest()


def entries(text: bytes | str, kind: str = "sha256") -> list[tuple[bytes, str]]:
    """Digest and name of each line; no line is bad."""
    lines = read_list(text, kind)
    assert not [line for line in lines if isinstance(line, Problem)]
    return [(line[0], line[1].name) for line in lines if not isinstance(line, Problem)]


def problems(text: bytes | str, kind: str = "sha256") -> list[tuple[int, int, str]]:
    """Line, column and message of each bad line."""
    return [
        (line.line, line.column, line.message)
        for line in read_list(text, kind)
        if isinstance(line, Problem)
    ]


def read_list(
    text: bytes | str, kind: str = "sha256"
) -> list[tuple[bytes, RuleName] | Problem]:
    data = text.encode() if isinstance(text, str) else text
    return list(read(Source(3, "list", kind, "local", data)))


@KINDS
def test_each_kind_reads_digests_of_its_length(kind: str) -> None:
    digest = digest_of(b"a", kind)
    assert entries(f"{digest.hex()} Some.Name\n", kind) == [(digest, "Some.Name")]


@KINDS
def test_a_digest_of_another_kind_is_a_problem(kind: str) -> None:
    others = [digest_of(b"a", other).hex() for other in SIZES if other != kind]
    found = problems("\n".join(others), kind)
    message = f"not a digest of {2 * SIZES[kind]} hexadecimal digits"
    assert found == [(1, 1, message), (2, 1, message)]


def test_an_entry_says_where_it_comes_from() -> None:
    [line] = read_list(digest_of(b"a").hex())
    assert not isinstance(line, Problem)
    name = line[1]
    assert (name.origin, name.source, name.kind, name.strings) == (
        "local",
        3,
        "digest",
        (),
    )


def test_upper_case_digits_are_the_same_digest() -> None:
    digest = digest_of(b"a")
    name = digest.hex()
    assert entries(digest.hex().upper()) == [(digest, name)]


def test_comments_and_blank_lines_say_nothing() -> None:
    digest = digest_of(b"a").hex()
    text = f"# {digest}\n\n   \t\n  # indented\n{digest} Name # why\n{digest}#x\n"
    assert [name for _, name in entries(text)] == ["Name", digest]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_usual_line_end_ends_a_line(end: str) -> None:
    lines = [f"{digest_of(b'1').hex()} One", "", f"{digest_of(b'2').hex()} Two", "zz"]
    found = read_list(end.join(lines))
    assert [line[1].name for line in found[:2] if not isinstance(line, Problem)] == [
        "One",
        "Two",
    ]
    assert isinstance(found[2], Problem)
    assert found[2].line == 4


def test_other_control_bytes_and_line_separators_do_not_end_a_line() -> None:
    digest = digest_of(b"a").hex()
    text = f"# a\x0bb\x0c\x1c\x85\u2028{digest}\n{digest} a\u2028b\n"
    assert [name for _, name in entries(text)] == ["a_b"]


def test_a_byte_order_mark_says_nothing() -> None:
    digest = digest_of(b"a")
    assert entries(b"\xef\xbb\xbf" + digest.hex().encode()) == [(digest, digest.hex())]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        pytest.param("Two words", "Two_words", id="space"),
        pytest.param("Tab\tand  more", "Tab_and_more", id="runs"),
        pytest.param("Größe", "Gr_e", id="letters outside ASCII"),
        pytest.param("a\x1b[31mred\x00", "a_[31mred_", id="control bytes"),
        pytest.param("trailing  ", "trailing", id="trailing space"),
        pytest.param("*./file.exe", "*./file.exe", id="as sha256sum writes"),
        pytest.param("x" * 300, "x" * 128, id="too long"),
        pytest.param("\u202e", "_", id="nothing left"),
    ],
)
def test_names_are_made_of_allowed_characters(line: str, name: str) -> None:
    assert entries(f"{digest_of(b'a').hex()}  {line}\n") == [(digest_of(b"a"), name)]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        pytest.param("0" * 63, 1, id="a digit short"),
        pytest.param("0" * 65, 1, id="a digit long"),
        pytest.param("0" * 66, 1, id="a byte long"),
        pytest.param("g" * 64, 1, id="no digits"),
        pytest.param("  not a digest", 3, id="words"),
        pytest.param("\u0661" * 64, 1, id="digits of another script"),
        pytest.param("0x" + "0" * 62, 1, id="prefix"),
        pytest.param('"' + "0" * 64 + '"', 1, id="quoted"),
        pytest.param("d41d8cd9:8f00b204", 1, id="colons"),
        pytest.param("\x00", 1, id="zero byte"),
    ],
)
def test_a_bad_line_is_reported_with_its_place_and_the_rest_is_read(
    line: str, column: int
) -> None:
    good = digest_of(b"a").hex()
    found = read_list(f"# one\n{good} A\n{line}\n{good} B")
    assert [entry[1].name for entry in found if not isinstance(entry, Problem)] == [
        "A",
        "B",
    ]
    [problem] = [entry for entry in found if isinstance(entry, Problem)]
    assert (problem.source, problem.line, problem.column) == (3, 3, column)
    assert not problem.fatal
    assert len(problem.message.splitlines()) == 1


def test_lines_are_counted_on_behind_the_first_block() -> None:
    digest = digest_of(b"a").hex()
    many = 3 * MIB // len(digest)
    assert problems(f"{digest}\n" * many + "bad\n")[0][:2] == (many + 1, 1)


@given(st.binary(max_size=300), st.sampled_from(list(SIZES)))
def test_arbitrary_bytes_give_entries_or_problems_inside_the_text(
    text: bytes, kind: str
) -> None:
    for line in read_list(text, kind):
        if isinstance(line, Problem):
            assert 1 <= line.line <= len(text.splitlines())
            assert 1 <= line.column <= len(text)
        else:
            assert len(line[0]) == SIZES[kind]
            assert RULE_NAME.fullmatch(line[1].name)


@given(
    st.lists(st.binary(min_size=20, max_size=20)), st.binary(min_size=20, max_size=20)
)
def test_a_set_finds_what_it_holds_and_nothing_else(
    digests: list[bytes], other: bytes
) -> None:
    first: dict[bytes, int] = {}
    for number, digest in enumerate(digests):
        first.setdefault(digest, number)
    known = DigestSet("sha1", ((digest, n) for n, digest in enumerate(digests)))
    assert len(known) == len(first)
    assert {digest: known.find(digest) for digest in first} == first
    assert known.find(other) == first.get(other)


def test_of_a_digest_that_is_there_twice_the_first_number_counts() -> None:
    a, b = digest_of(b"a"), digest_of(b"b")
    known = DigestSet("sha256", [(a, 5), (b, 6), (a, 70_000), (b, 1)])
    assert (known.find(a), known.find(b), len(known)) == (5, 1, 2)


def test_digests_that_differ_in_the_last_bit_are_told_apart() -> None:
    digests = [bytes(15) + bytes([last]) for last in (0, 1, 2, 254, 255)]
    known = DigestSet("md5", zip(digests[1::2], (7, 2**31), strict=True))
    assert [known.find(digest) for digest in digests] == [None, 7, None, 2**31, None]


def test_an_empty_set_finds_nothing() -> None:
    known = DigestSet("md5", [])
    assert len(known) == 0
    assert known.find(bytes(16)) is None
