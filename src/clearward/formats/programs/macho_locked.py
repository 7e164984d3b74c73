"""Say whether a Mach-O program has encrypted code: of a shop, or Apple's own.

Load commands as `macho` draws them; of these

    21h, 2Ch        offset, size and kind of what is encrypted; kind 0: not yet
    1, 19h          a segment, whose flags say 8 where Apple encrypted it

Source: Apple, "OS X ABI Mach-O File Format Reference", mach-o/loader.h.
"""

from struct import Struct

from clearward.core.reader import Reader

MAGICS = {  # byte order and whether it is of 64 bits
    b"\xce\xfa\xed\xfe": ("<", False),
    b"\xcf\xfa\xed\xfe": ("<", True),
    b"\xfe\xed\xfa\xce": (">", False),
    b"\xfe\xed\xfa\xcf": (">", True),
}
COMMANDS = {False: 28, True: 32}  # place of the first
ENCRYPTION = (0x21, 0x2C)
ENCRYPTED = "12xII"
SEGMENTS = {1: 52, 0x19: 68}  # and the place of their flags
PROTECTED = 8
MOST = 4096  # load commands that are looked at
LEAST = 8  # bytes of one


def is_encrypted(head: bytes, reader: Reader) -> bool:  # noqa: ARG001 - a check
    """Say whether any of a program's bytes are encrypted."""
    known = MAGICS.get(head[:4])
    if known is None or len(head) < COMMANDS[False]:
        return False
    order, wide = known
    (count,) = Struct(order + "16xI").unpack_from(head)
    command = Struct(order + "II")
    place = COMMANDS[wide]
    for _ in range(min(count, MOST)):
        if place + command.size > len(head):
            return False
        kind, length = command.unpack_from(head, place)
        if _encrypted(head[place : place + max(length, LEAST)], kind, order):
            return True
        place += max(length, LEAST)
    return False


def _encrypted(command: bytes, kind: int, order: str) -> bool:
    fields = Struct(order + ENCRYPTED)
    if kind in ENCRYPTION and len(command) >= fields.size:
        return all(fields.unpack_from(command))
    place = SEGMENTS.get(kind, len(command))
    flags = command[place : place + 4]
    return bool(int.from_bytes(flags, "little" if order == "<" else "big") & PROTECTED)
