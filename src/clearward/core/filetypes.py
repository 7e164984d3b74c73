"""The types of files that ClamAV's signatures name, their numbers and their targets.

A signature says which parts it is for by a *target*, a number from 0 to 14, and which
containers it wants around the part by *types*, such as ``CL_TYPE_ZIP``. The rule image
stores types as numbers: the order below must not change, new ones go to the end.

Sources: docs.clamav.net, "ClamAV File Types", for the names and the targets 0 to 12;
clamscan 1.4.6 for the last names (it takes them in signatures) and for the target of
each type (told by signatures of every target over files of the type).
"""

from enum import IntEnum


class Target(IntEnum):
    """What signatures are for."""

    ANY = 0
    PE = 1
    OLE2 = 2
    HTML = 3
    MAIL = 4
    GRAPHICS = 5
    ELF = 6
    TEXT = 7
    UNUSED = 8
    MACHO = 9
    PDF = 10
    FLASH = 11
    JAVA = 12
    INTERNAL = 13
    OTHER = 14


# A signature with this type as its container wants a part without a container, and
# with it among the intermediates any type there.
ANY = "CL_TYPE_ANY"

BINARY_DATA = "CL_TYPE_BINARY_DATA"

# Those that have a target of their own. Target 0 sees every type.
_TARGETS = {
    Target.PE: "MSEXE",
    Target.OLE2: "MSOLE2 HWPOLE2",
    Target.HTML: "HTML HTML_UTF16",
    Target.MAIL: "MAIL",
    Target.GRAPHICS: "GIF GRAPHICS JPEG PNG TIFF",
    Target.ELF: "ELF",
    Target.TEXT: "SCRIPT TEXT_ASCII TEXT_UTF16BE TEXT_UTF16LE TEXT_UTF8",
    Target.MACHO: "MACHO MACHO_UNIBIN",
    Target.PDF: "PDF",
    Target.FLASH: "SWF",
    Target.JAVA: "JAVA",
    Target.INTERNAL: "INTERNAL",
    Target.OTHER: "BINARY_DATA PYTHON_COMPILED",
}

_LISTED = (  # as in the manual, and behind a line of their own what clamscan knows more
    "7Z 7ZSFX APM ARJ ARJSFX AUTOIT BINARY_DATA BINHEX BZ CABSFX CPIO_CRC CPIO_NEWC "
    "CPIO_ODC CPIO_OLD CRYPTFF DMG EGG ELF GIF GPT GRAPHICS GZ HTML_UTF16 HTML HWP3 "
    "HWPOLE2 INTERNAL ISHIELD_MSI ISO9660 JAVA JPEG LNK MACHO_UNIBIN MACHO MAIL MBR "
    "MHTML MSCAB MSCHM MSEXE MSOLE2 MSSZDD NULSFT OLD_TAR ONENOTE OOXML_HWP OOXML_PPT "
    "OOXML_WORD OOXML_XL PART_HFSPLUS PDF PNG POSIX_TAR PS PYTHON_COMPILED RAR RARSFX "
    "RIFF RTF SCRENC SCRIPT SIS SWF TEXT_ASCII TEXT_UTF16BE TEXT_UTF16LE TEXT_UTF8 "
    "TIFF TNEF UDF UUENCODED XAR XDP XML_HWP XML_WORD XML_XL XZ ZIP ZIPSFX "
    "ALZ IGNORED LHA_LZH PART_ANY"
)

TYPES = tuple("CL_TYPE_" + word for word in _LISTED.split())

# Types that a part may have which is opened as a format. An archive that begins in the
# middle of a part of another type is of the first of them.
_OPENED = {
    "zip": "ZIP OOXML_WORD OOXML_XL OOXML_PPT OOXML_HWP",
    "7z": "7Z",
    "tar": "POSIX_TAR OLD_TAR",
    "cpio": "CPIO_NEWC CPIO_CRC CPIO_ODC CPIO_OLD",
    "mail": "MAIL MHTML",
    "gzip": "GZ",
    "bzip2": "BZ",
    "xz": "XZ",
    "uuencode": "UUENCODED",
    "embedded-program": "MSEXE",
    "macho-fat": "MACHO_UNIBIN",
}
_TYPES_OF = {
    name: tuple(f"CL_TYPE_{word}" for word in words.split())
    for name, words in _OPENED.items()
}

_NUMBERS = {name: number for number, name in enumerate(TYPES, 1)}
_TARGET_OF = {
    "CL_TYPE_" + word: target
    for target, words in _TARGETS.items()
    for word in words.split()
}


def number(name: str) -> int:
    """Return the number of a type, from 1 on; 0 for `ANY`, none and unknown ones."""
    return _NUMBERS.get(name, 0)


def is_known(name: str) -> bool:
    """Say whether signatures may name this type."""
    return name == ANY or name in _NUMBERS


def target(name: str) -> Target:
    """Return the target whose signatures a part of this type meets besides target 0.

    It is `Target.ANY` for types that no other target is for, and for unknown ones.
    """
    return _TARGET_OF.get(name, Target.ANY)


def opened(format: str) -> tuple[str, ...]:
    """Return the types of parts that are opened as a format; none for most formats."""
    return _TYPES_OF.get(format, ())
