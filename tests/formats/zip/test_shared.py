"""Shares of a zip archive: what none of them doubts is all that a reader sees."""

import io
import zipfile

from hypothesis import given, settings
from hypothesis import strategies as st
from support.parts import read

from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.formats.zip.archive import Archive
from clearward.formats.zip.shared import Shared

OF = 3


def archive(members: list[bytes], comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for number, data in enumerate(members):
            made.writestr(zipfile.ZipInfo(f"{number}"), data, 8 * (number % 2))
        made.comment = comment
    return out.getvalue()


def share(data: bytes, number: int) -> list[tuple[str, bytes, bytes, int]]:
    """What one share sees, in order; a gap is an entry of its own."""
    asked = iter(range(1 << 30))
    items = Shared(Reader.of(data)).shared(lambda _: next(asked) % OF == number)
    return [seen(item) for item in items]


def seen(item: Item) -> tuple[str, bytes, bytes, int]:
    position = item.member.position if item.member is not None else 0
    if isinstance(item, Part):
        return "part", item.name, read(item.content), position
    return "gap" if isinstance(item, Gap) else "mention", item.name, b"", position


def agree(data: bytes) -> bool:
    """Check shares against the whole; return whether none of them has a doubt."""
    shares = [each for number in range(OF) for each in share(data, number)]
    if any(kind == "gap" for kind, *_ in shares):
        return False
    assert sorted(shares) == sorted(map(seen, Archive(Reader.of(data)).items()))
    return True


def test_members_of_a_regular_archive_are_shared_in_turn() -> None:
    data = archive([b"%d" % number * 30 for number in range(10)], b"a comment")
    names = [name for _, name, _, _ in share(data, 1)]
    assert names == [b"1", b"4", b"7"]
    assert agree(data)


def test_each_member_keeps_its_position() -> None:
    data = archive([b"text"] * 5)
    assert [position for *_, position in share(data, 2)] == [3]


def test_an_archive_behind_something_else_is_for_one_reader() -> None:
    assert not agree(b"in front" + archive([b"text"] * 5))


def test_an_archive_with_something_behind_it_is_for_one_reader() -> None:
    assert not agree(archive([b"text"] * 5) + b"behind")


def test_an_archive_in_the_comment_is_seen_by_one_of_them() -> None:
    assert agree(archive([b"text"] * 5, archive([b"hidden"])))


def test_a_member_that_no_directory_names_is_for_one_reader() -> None:
    whole = archive([b"text"] * 3)
    hidden = archive([b"hidden"])[: 30 + 1 + 6]
    at = whole.index(b"PK\3\4", 4)
    moved = bytearray(whole[:at] + hidden + whole[at:])
    assert not agree(bytes(moved))


def test_an_empty_archive_is_for_one_reader() -> None:
    assert not agree(archive([]))


@settings(deadline=None)
@given(
    st.lists(st.binary(max_size=300), min_size=1, max_size=6),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=3)), max_size=4),
)
def test_shares_without_a_doubt_are_what_a_reader_sees(
    members: list[bytes], changes: list[tuple[float, bytes]]
) -> None:
    data = archive(members)
    for place, new in changes:
        at = int(place * len(data))
        data = data[:at] + new + data[at + len(new) // 2 :]
    assert agree(data) or changes
