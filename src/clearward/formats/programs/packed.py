"""Say whether a Windows program looks packed: its code is not in the file as it runs.

It looks so if it starts in its headers or in a section that it may write to as well, or
if there is a section that may hold code and has no bytes in the file. Names of sections
are no evidence: whoever packs chooses them. It is asked about every program, so it
reads a few hundred bytes of the headers alone.

Source: Microsoft, "PE Format".
"""

from clearward.core.errors import Malformed
from clearward.core.limits import MIB
from clearward.core.reader import Reader
from clearward.formats.programs import image
from clearward.formats.programs.image import EXECUTE, WRITE, Image, Section

MOST = 32 * MIB  # bytes of a file; what is larger is not run


def looks_packed(head: bytes, reader: Reader) -> bool:  # noqa: ARG001 - a check
    """Say whether a program unpacks itself when it runs, by its headers."""
    if reader.size > MOST:
        return False
    try:
        program = image.read(reader)
    except Malformed:
        return False
    return _starts_oddly(program)


def _starts_oddly(program: Image) -> bool:
    if not program.entry:
        return False  # a library that only has resources, say
    number = program.section_of(program.entry)
    if number < 0:
        return program.entry < program.headers
    if program.sections[number].flags & WRITE:
        return True
    return any(map(_awaits_code, program.sections))


def _awaits_code(section: Section) -> bool:
    """Say whether code may be run in a section that has no bytes in the file."""
    return not section.length and section.size > 0 and bool(section.flags & EXECUTE)
