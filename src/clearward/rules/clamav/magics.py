"""What file types are known by: ftm.

    how:offset:magic:name:given type:type[:least level[:most level]]

How is 0 (bytes at a place), 1 (a body, anywhere if the offset is ``*``) or 4 (bytes at
a place in a partition table). Other ways are left out, as clamscan 1.4.6 does.

Source: docs.clamav.net, "File Type Magic"; tried with clamscan 1.4.6, which takes an
empty magic, too; that would fit every file and is refused here.
"""

from binascii import unhexlify

from clearward.native.layout import Where
from clearward.rules.clamav.body import read_chain
from clearward.rules.clamav.fault import LeftOut, Why, Wrong
from clearward.rules.clamav.fields import demand_strict_level, number
from clearward.rules.clamav.file_types import FILE_TYPES
from clearward.rules.clamav.listed import Magic
from clearward.rules.clamav.model import Body, Bytes, Chain, Place
from clearward.rules.clamav.place import read_place

_FIELDS = (6, 8)
_LEVELS = 7  # field
_PLAIN_BYTES, _BODY, _PARTITION = "0", "1", "4"
_PLAIN = frozenset({_PLAIN_BYTES, _PARTITION})


def read_magic(line: str, number_of_line: int) -> Magic:
    """Return what a line of an ftm file says.

    Raises:
        LeftOut: it is not meant for this program.
        Wrong: it is no such line.
    """
    fields = line.split(":", _FIELDS[1])
    count = len(fields)
    if not _FIELDS[0] <= count <= _FIELDS[1]:
        raise Wrong(f"{count} fields, not {_FIELDS[0]} to {_FIELDS[1]}")
    if count > _FIELDS[0]:
        most = fields[7] if count == _FIELDS[1] else None
        demand_strict_level(fields[6], most, _LEVELS)
    for field in (4, 5):
        if fields[field] not in FILE_TYPES:
            raise Wrong("an unknown type", field + 1)
    body = _body(fields[0], fields[1], fields[2])
    fixed = body.place.where is Where.START and not body.place.shift
    return Magic(
        name=fields[3],
        offset=body.place.offset if fixed else None,
        body=body,
        given=fields[4],
        becomes=fields[5],
        carved=fields[0] == _BODY and body.place.where is Where.ANYWHERE,
        line=number_of_line,
        plain=fields[0] == _PLAIN_BYTES,
        partition=fields[0] == _PARTITION,
    )


def _body(how: str, offset: str, text: str) -> Body:
    if how in _PLAIN:
        place = Place(Where.START, number(offset, "offset", 2))
        try:
            data = unhexlify(text)
        except ValueError:
            data = b""
        if not data:
            raise Wrong("not bytes in hexadecimal digits", 3)
        return Body((Chain(((Bytes(data),),)),), place)
    if how != _BODY:
        number(how, "the first field", 1)
        raise LeftOut(Why.WORD)
    try:
        return Body((read_chain(text),), read_place(offset, 0))
    except Wrong as wrong:
        raise Wrong(f"offset or magic: {wrong}", 3) from None
