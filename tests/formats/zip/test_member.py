"""Behaviour of one member, as one header shows it."""

from zlib import crc32

import pytest
from formats.zip.test_build import PACK, File, deflated, lzma_packed
from hypothesis import given, settings
from hypothesis import strategies as st
from support.parts import read

from clearward.core.part import Gap, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.zip.claim import AES, ENCRYPTED, Claim
from clearward.formats.zip.member import Member, Outcome
from clearward.formats.zip.methods import METHODS
from clearward.formats.zip.window import Window

CONTENT = b"the content of a member"
CRC = crc32(CONTENT)
NEXT = b"PK\1\2"
EVERY = pytest.mark.parametrize("method", [0, *sorted(METHODS)])


def opened(
    data: bytes, claim: Claim, name: bytes = b"name"
) -> tuple[list[bytes], list[Reason], Outcome]:
    """Contents and gaps of the member, and what is known then."""
    window = Window(Reader.of(data))
    items = Member(window, name, 0, claim).items()
    contents: list[bytes] = []
    gaps: list[Reason] = []
    while True:
        try:
            item = next(items)
        except StopIteration as stop:
            outcome: Outcome = stop.value
            return contents, gaps, outcome
        assert item.name == name
        if isinstance(item, Part):
            contents.append(read(item.content))
        else:
            assert isinstance(item, Gap)
            gaps.append(item.reason)


def right(method: int, content: bytes = CONTENT) -> Claim:
    packed = PACK[method](content)
    return Claim(method, 0, (crc32(content),), len(packed), len(content))


@EVERY
def test_a_right_header_gives_its_content(method: int) -> None:
    data = PACK[method](CONTENT)
    contents, gaps, outcome = opened(data + NEXT, right(method))
    assert (contents, gaps, outcome.sound) == ([CONTENT], [], True)
    assert outcome.next <= len(data)


@EVERY
@pytest.mark.parametrize("lie", ["crc", "size"])
def test_a_header_that_lies_gives_its_content_and_a_gap(method: int, lie: str) -> None:
    data = PACK[method](CONTENT) + NEXT
    true = right(method)
    crcs = (1,) if lie == "crc" else true.crcs
    size = len(CONTENT) - 1 if lie == "size" else true.size
    contents, gaps, outcome = opened(data, Claim(method, 0, crcs, true.packed, size))
    assert CONTENT.startswith(contents[0])
    assert (gaps, outcome.sound) == ([Reason.CORRUPT], False)


def test_one_of_two_checksums_has_to_be_right() -> None:
    claim = Claim(0, 0, (1, CRC), len(CONTENT), len(CONTENT))
    assert opened(CONTENT, claim)[1] == []


@pytest.mark.parametrize("method", [8, 12, 93, 95])
def test_a_stream_longer_than_its_packed_size_is_read_and_told(method: int) -> None:
    claim = Claim(method, 0, (CRC,), 3, len(CONTENT))
    contents, gaps, _ = opened(PACK[method](CONTENT) + NEXT, claim)
    assert (contents, gaps) == ([CONTENT], [Reason.CORRUPT])


def test_a_stream_shorter_than_its_packed_size_leaves_the_rest_uncovered() -> None:
    data = deflated(CONTENT)
    claim = Claim(8, 0, (CRC,), len(data) + 9, len(CONTENT))
    contents, gaps, outcome = opened(data + bytes(20), claim)
    assert (contents, gaps, outcome.end) == ([CONTENT], [], len(data))


def test_stored_data_are_read_by_either_size() -> None:
    claim = Claim(0, 0, (CRC,), 3, len(CONTENT))
    contents, gaps, outcome = opened(CONTENT + NEXT, claim)
    assert (contents, gaps) == ([CONTENT[:3], CONTENT], [Reason.CORRUPT])
    assert (outcome.end, outcome.used) == (3, len(CONTENT))


@EVERY
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_a_member_that_is_cut_is_read_as_far_as_it_is_there(
    method: int, data: st.DataObject
) -> None:
    whole = PACK[method](CONTENT)
    cut = data.draw(st.integers(0, len(whole) - 1))
    contents, gaps, outcome = opened(whole[:cut], right(method))
    assert CONTENT.startswith(b"".join(contents))
    assert set(gaps) <= {Reason.TRUNCATED, Reason.CORRUPT}
    assert bool(gaps) is not outcome.sound
    if method != 14:  # the last bytes of it hold no content
        assert gaps


def test_a_member_that_is_cut_in_its_header_is_truncated() -> None:
    items = Member(Window(Reader.of(b"PK")), b"name", 40, right(0)).items()
    assert [item.name for item in items] == [b"name"]


@pytest.mark.parametrize("method", [0, 8, 12, 93])
@pytest.mark.parametrize("marked", [True, False])
def test_sizes_may_stand_behind_the_data(method: int, *, marked: bool) -> None:
    file = File(CONTENT, b"name", method)
    data = file.streamed(marked=marked)[len(file.header()) :]
    claim = Claim(method, 8, (), None, None)
    contents, gaps, outcome = opened(data + NEXT, claim)
    assert (contents, gaps) == ([CONTENT], [])
    assert (outcome.sound, outcome.next) == (True, len(data))


@pytest.mark.parametrize("method", [0, 8])
@pytest.mark.parametrize(
    ("behind", "reason"), [(NEXT, Reason.CORRUPT), (b"", Reason.TRUNCATED)]
)
def test_sizes_that_do_not_come_are_told(
    method: int, behind: bytes, reason: Reason
) -> None:
    claim = Claim(method, 8, (), None, None)
    contents, gaps, outcome = opened(PACK[method](CONTENT) + behind, claim)
    assert (contents, gaps, outcome.sound) == ([CONTENT], [reason], False)


@pytest.mark.parametrize(
    ("claim", "data"),
    [
        (Claim(0, 0, (0,), 0, 0), b"anything"),
        (Claim(8, 0, (0,), 0, 0), NEXT),
        (Claim(8, 0, (0,), 0, 0), b""),
        (Claim(8, 0, (0,), 2, 0), b"\3\0" + NEXT),
        (Claim(8, 8, (), None, None), b"PK\7\x08" + bytes(12)),
        (Claim(0, 8, (), None, None), bytes(12) + NEXT),
    ],
)
def test_a_member_without_content_is_an_empty_part(claim: Claim, data: bytes) -> None:
    contents, gaps, outcome = opened(data, claim)
    assert (b"".join(contents), gaps, outcome.sound) == (b"", [], True)
    assert opened(data, claim, b"folder/")[0] == []


def test_a_folder_with_content_is_a_part() -> None:
    assert opened(CONTENT, right(0), b"folder/")[0] == [CONTENT]


@pytest.mark.parametrize(
    "claim", [Claim(8, 0, (0,), 0, 0), Claim(8, 8, (), None, None)]
)
def test_content_behind_a_header_that_names_none_is_read(claim: Claim) -> None:
    contents, gaps, _ = opened(deflated(CONTENT) + NEXT, claim)
    assert (contents, gaps) == ([CONTENT], [Reason.CORRUPT])


def test_a_header_that_leaves_sizes_to_an_end_that_is_missing_is_cut() -> None:
    assert opened(b"", Claim(8, 8, (), None, None))[1] == [Reason.TRUNCATED]


@pytest.mark.parametrize("method", [0, 8, 12])
def test_plain_data_that_is_called_encrypted_is_read(method: int) -> None:
    true = right(method)
    claim = Claim(method, ENCRYPTED, true.crcs, true.packed, true.size)
    contents, gaps, outcome = opened(PACK[method](CONTENT) + NEXT, claim)
    # Who has a password may get something else out of it.
    assert (contents, gaps, outcome.sound) == ([CONTENT], [Reason.ENCRYPTED], True)


@pytest.mark.parametrize("method", [7, 10, 97, 98, 99, 0x1234])
@pytest.mark.parametrize("packed", [CONTENT, deflated(CONTENT)])
def test_plain_data_of_an_unknown_method_is_read(method: int, packed: bytes) -> None:
    claim = Claim(method, 0, (CRC,), len(packed), len(CONTENT))
    assert opened(packed + NEXT, claim)[:2] == ([CONTENT], [])


def test_large_plain_data_that_is_called_encrypted_is_told_if_it_is_damaged() -> None:
    content = bytes(range(256)) * 100
    data = deflated(content)
    claim = Claim(8, ENCRYPTED, (1,), len(data), len(content))
    told = [Reason.ENCRYPTED, Reason.CORRUPT]
    assert opened(data + NEXT, claim)[:2] == ([content], told)


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        (Claim(8, ENCRYPTED, (CRC,), 30, 23), Reason.ENCRYPTED),
        (Claim(0, ENCRYPTED, (CRC,), 30, 18), Reason.ENCRYPTED),
        (Claim(0, ENCRYPTED, (CRC,), 30, 30), Reason.ENCRYPTED),
        (Claim(0, ENCRYPTED, (), None, None), Reason.ENCRYPTED),
        (Claim(AES, ENCRYPTED, (0,), 30, 2), Reason.ENCRYPTED),
        (Claim(7, 0, (CRC,), 30, 40), Reason.UNSUPPORTED),
        (Claim(97, 0, (CRC,), 999, 999), Reason.UNSUPPORTED),
    ],
)
def test_data_that_cannot_be_read_is_a_gap(claim: Claim, reason: Reason) -> None:
    data = b"\xff" * 30 + NEXT
    contents, gaps, outcome = opened(data, claim)
    assert (contents, gaps) == ([], [reason])
    assert outcome.sound is (claim.packed == 30)
    assert outcome.end == 0


def test_a_dictionary_that_is_too_large_is_told() -> None:
    data = lzma_packed(CONTENT, 0xFFFFFFFF)
    claim = Claim(14, 2, (CRC,), len(data), None)
    assert opened(data, claim)[:2] == ([b""], [Reason.MEMORY_LIMIT])


def test_a_stream_that_nobody_read_is_not_called_damaged() -> None:
    window = Window(Reader.of(deflated(CONTENT)))
    items = Member(window, b"name", 0, right(8)).items()
    next(items)
    assert list(items) == []


@settings(max_examples=50, deadline=None)
@given(
    st.binary(max_size=60),
    st.builds(
        Claim,
        st.sampled_from([0, 6, 8, 9, 12, 14, 93, 95, 99]),
        st.sampled_from([0, 1, 8, 9]),
        st.sampled_from([(), (0,), (CRC,)]),
        st.none() | st.integers(0, 70),
        st.none() | st.integers(0, 70),
    ),
)
def test_arbitrary_bytes_move_on_inside_the_part(data: bytes, claim: Claim) -> None:
    contents, _, outcome = opened(data, claim)
    assert outcome.end <= len(data)
    assert outcome.used <= max(len(data), 4096)
    if claim.method == 0:
        assert all(content in data for content in contents)
