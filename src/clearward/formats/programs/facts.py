"""Give the facts about a part that signatures ask for, whatever its type."""

from clearward.core.errors import Malformed
from clearward.core.facts import Facts
from clearward.core.reader import Reader
from clearward.formats.programs import elf, macho, pe, versions


def facts(kind: str, reader: Reader) -> Facts:
    """Return size, entry point, sections and version strings of a part.

    Args:
        kind: its ClamAV type, such as ``"CL_TYPE_MSEXE"``.
        reader: its bytes.
    """
    if kind == "CL_TYPE_MSEXE":
        return _windows(reader)
    if kind == "CL_TYPE_ELF":
        return elf.facts(reader)
    if kind == "CL_TYPE_MACHO":
        return macho.facts(reader)
    return Facts(reader.size, placed=kind != "CL_TYPE_MACHO_UNIBIN")


def _windows(reader: Reader) -> Facts:
    try:
        program = pe.read(reader)
    except Malformed:
        return Facts(reader.size, placed=False)
    return pe.facts_of(program, versions.offsets(program, reader))
