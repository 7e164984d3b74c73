"""Behaviour of lists of digests."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.clamav import ANY_TEXT

from clearward.rules.clamav.digests import DigestReader
from clearward.rules.clamav.fault import LeftOut, Wrong
from clearward.rules.clamav.listed import DigestSignature, Of

MD5, SHA1, SHA256 = "44d88612fea8a8f36de82e1278abb02f", "ab" * 20, "cd" * 32
FILES, SECTIONS = DigestReader(), DigestReader(Of.SECTION)


@pytest.mark.parametrize("digest", [MD5, MD5.upper(), SHA1, SHA256])
def test_a_digest_comes_with_a_size_and_a_name(digest: str) -> None:
    assert FILES.read(f"{digest}:68:A.b", 7) == DigestSignature(
        "A.b", bytes.fromhex(digest), 68, line=7
    )


def test_of_a_section_the_size_comes_first() -> None:
    assert SECTIONS.read(f"68:{MD5}:a", 1) == DigestSignature(
        "a", bytes.fromhex(MD5), 68, Of.SECTION, line=1
    )


def test_a_list_says_what_its_matches_mean() -> None:
    reader = DigestReader(Of.IMPORTS, allows=True, unwanted=True)
    assert reader.read(f"{MD5}:*:a", 1) == DigestSignature(
        "a", bytes.fromhex(MD5), None, Of.IMPORTS, allows=True, unwanted=True, line=1
    )


@pytest.mark.parametrize("level", ["73", "74", "100:255", "73:"[:2] + ":999"])
def test_any_size_is_allowed_from_level_73_on(level: str) -> None:
    assert FILES.read(f"{MD5}:*:a:{level}", 1).size is None
    assert SECTIONS.read(f"*:{MD5}:a:{level}", 1).size is None


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (f"{MD5}:*:a", 2),
        (f"{MD5}:*:a:72", 2),
        (f"{MD5}:68", 0),
        (f"{MD5}:68:a:1:2000:3", 0),
        (f"{MD5}:68:", 3),
        (f"{MD5}::a", 2),
        (f"{MD5}:0:a", 2),
        (f"{MD5}:-1:a", 2),
        (f"{MD5}:68x:a", 2),
        (f"{MD5}:²:a", 2),
        (f"{MD5}:{'9' * 19}:a", 2),
        (f"{MD5}:{'9' * 99}:a", 2),
        (f"{MD5}0:68:a", 1),
        (f"{MD5[1:]}:68:a", 1),
        (f"{MD5[1:]}g:68:a", 1),
        (f" {MD5}:68:a", 1),
        (":68:a", 1),
    ],
)
def test_a_wrong_line_names_its_field(line: str, field: int) -> None:
    with pytest.raises(Wrong) as caught:
        FILES.read(line, 1)
    assert caught.value.field == field


def test_a_wrong_section_names_its_field() -> None:
    for line, field in ((f"x:{MD5}:a", 1), ("5:x:a", 2), (f"*:{MD5}:a", 1)):
        with pytest.raises(Wrong) as caught:
            SECTIONS.read(line, 1)
        assert caught.value.field == field


@pytest.mark.parametrize("size", [" 68", "+68", "0068"])
def test_a_size_may_be_written_as_clamscan_reads_it(size: str) -> None:
    assert FILES.read(f"{MD5}:{size}:a", 1).size == 68


@pytest.mark.parametrize("level", ["300", "1:50", ":50", "1:x"])
def test_a_line_for_other_levels_is_left_out(level: str) -> None:
    with pytest.raises(LeftOut):
        FILES.read(f"{MD5}:68:a:{level}", 1)
    with pytest.raises(LeftOut):
        FILES.read(f"{MD5}:*:a:{level}", 1)


@given(st.text("0123456789abcdef:*x ") | ANY_TEXT)
def test_any_text_is_a_digest_or_wrong(text: str) -> None:
    for reader in (FILES, SECTIONS):
        with contextlib.suppress(Wrong, LeftOut):
            assert reader.read(text, 1).name
