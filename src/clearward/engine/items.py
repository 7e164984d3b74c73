"""What an unpacker yields, whatever it raises."""

from collections.abc import Iterable, Iterator, Sequence

from clearward.core.filetypes import opened
from clearward.core.part import Item
from clearward.core.reader import Content, Cursor, Reader
from clearward.engine.faults import note_fault
from clearward.engine.notes import Notes
from clearward.engine.share import Share
from clearward.formats.format import Format


def items_of(
    format: Format, content: Content, notes: Notes, share: Share | None = None
) -> Iterator[Item]:
    """Yield what an unpacker yields; whatever it raises ends it and is noted.

    Args:
        format: how to unpack.
        content: what.
        notes: where errors go.
        share: only its members are of interest; None for all.
    """
    iterator = iter(_items(format, content, share))
    while True:
        try:
            item = next(iterator, None)
        except Exception as error:  # noqa: BLE001 - see faults
            note_fault(notes, error)
            return
        if item is None:
            return
        yield item


def _items(format: Format, content: Content, share: Share | None) -> Iterable[Item]:
    if share is not None and format.shared is not None and isinstance(content, Reader):
        return format.shared(content, share.mine)
    items: Iterable[Item] = ()
    if format.unpack is not None and isinstance(content, Reader):
        items = format.unpack(content)
    elif format.unpack_ahead is not None:
        ahead = Cursor(content) if isinstance(content, Reader) else content
        items = format.unpack_ahead(ahead)
    return items if share is None else share.own(items)


def layer(format: Format, around: Sequence[str]) -> tuple[str, ...]:
    """Return the type of an archive in the middle of a part, a layer of its own.

    Args:
        format: of the archive.
        around: types of what lies around the part, and its own.
    """
    types = opened(format.name)
    known = bool(around) and around[-1] in types
    return types[:1] if format.anywhere and not known else ()
