"""Icons of a Windows program, by their looks.

    group (resource type 14)   zero 2, one 2, icons 2; for each 14 bytes: sizes and
                               colours 12, number of the icon 2
    icon (type 3)              a bitmap without a file header, or a PNG file

clamscan looks at the first 100 icons of the first group, and at no PNG; so does this.
How it reads 16 bits a point is not known: such icons are told to be unsupported.

Source: Microsoft, "Resource File Formats"; tried with clamscan 1.4.6.
"""

from struct import Struct

from clearward.core.icon import Icon
from clearward.core.reader import Reader
from clearward.core.reasons import NONE, Reason
from clearward.core.sights import Icons
from clearward.formats.pictures import bitmap, iconic, scale
from clearward.formats.programs.pe import Program
from clearward.formats.programs.resources import Tree

ICON, GROUP = 3, 14
HEAD = Struct("<4xH")
ENTRY = Struct("<12xH")
MOST_ICONS = 100
MOST_POINTS = 1 << 20  # of all icons; they take some 5 s


def icons(program: Program, reader: Reader) -> Icons:
    """Return the looks of each icon that can be compared."""
    found: list[Icon] = []
    left, reasons = MOST_POINTS, NONE
    for start in _starts(program, reader):
        shape = bitmap.shape_of(reader, start)
        if shape is None:
            continue
        left -= shape.width * shape.height
        if left < 0:
            reasons |= Reason.SIZE_LIMIT
            break
        if shape.bits == bitmap.HIGH:
            reasons |= Reason.UNSUPPORTED
        elif icon := _look(reader, shape):
            found.append(icon)
    return Icons(tuple(found), reasons)


def _starts(program: Program, reader: Reader) -> list[int]:
    """Return where the icons of the first group begin, each once."""
    tree = Tree(program, reader)
    numbers = _numbers(program, reader, tree)
    places: dict[int, int] = {}
    for number, address, _ in tree.numbered(ICON) if numbers else ():
        start = program.addresses.offset(address)
        if start is not None:
            places.setdefault(number, start)
    return list(dict.fromkeys(places[one] for one in numbers if one in places))


def _look(reader: Reader, shape: bitmap.Shape) -> Icon | None:
    """Return the looks of one, or None if it is cut short or of no size for a list."""
    found = bitmap.read(reader, shape)
    if found is None:
        return None
    small = scale.scaled(found)
    if small.width not in scale.SIDES:
        return None
    return iconic.look(small.points, small.width)


def _numbers(program: Program, reader: Reader, tree: Tree) -> list[int]:
    """Return the numbers of the icons in the first group."""
    for address, size in tree.of_type(GROUP):
        start = program.addresses.offset(address)
        head = reader.at(start, HEAD.size) if start is not None else b""
        if start is None or len(head) < HEAD.size:
            return []
        count = min(HEAD.unpack(head)[0], MOST_ICONS)
        room = min(count * ENTRY.size, max(size - HEAD.size, 0))
        data = reader.at(start + HEAD.size, room)
        whole = len(data) // ENTRY.size * ENTRY.size
        return [number for (number,) in ENTRY.iter_unpack(data[:whole])]
    return []
