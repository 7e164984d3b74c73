"""What programs keep in the streams of a compound file, as parts of its own.

The name of a stream says which program reads it; that is how they find it, too.
"""

from collections.abc import Callable, Iterator

from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.ole import encryption, excel, message, native, powerpoint
from clearward.formats.ole.directory import STREAM, Placed
from clearward.formats.ole.macros import Macros

Read = Callable[[Reader], Iterator[Item]]

WORD = (0xA5EC, 0xA5DC)  # the first number of a document, from Word 97 on and before
WORD_ENCRYPTED = 0x100  # among the flags at 10


def word(document: Reader) -> Iterator[Item]:
    """Yield a gap if a document of Word is encrypted (MS-DOC 2.5.2)."""
    head = document.at(0, 12)
    known = int.from_bytes(head[:2], "little") in WORD
    if known and int.from_bytes(head[10:12], "little") & WORD_ENCRYPTED:
        yield Gap(Reason.ENCRYPTED)


def locked(content: Reader) -> Iterator[Item]:
    """Yield a gap for a stream whose content is encrypted."""
    if content.size:
        yield Gap(Reason.ENCRYPTED)


READERS: dict[str, Read] = {
    "worddocument": word,
    "workbook": excel.workbook,
    "book": excel.workbook,
    "__substg1.0_10090102": message.rich_text,
    "powerpoint document": powerpoint.objects,
    "\x01ole10native": native.payload,
    "\tdrmcontent": locked,
}


class Contents:
    """Reads the streams of one compound file."""

    def __init__(self) -> None:
        self._macros = Macros()
        self._information: dict[int, Reader] = {}  # of encrypted packages, by storage
        self._packages: dict[int, Reader] = {}

    def enter(self, each: Placed) -> None:
        """Note an entry before its content is read."""
        if each.entry.kind != STREAM:
            self._macros.storage(each)

    def stream(self, each: Placed, content: Reader) -> Iterator[Item]:
        """Yield what is packed in a stream."""
        name = each.entry.name.lower()
        if name == "encryptioninfo":
            self._information[each.storage] = content
        elif name == "encryptedpackage":
            self._packages[each.storage] = content
        read = READERS.get(name)
        if read is not None:
            yield from read(content)
        yield from self._macros.stream(each, content)

    def finish(self) -> Iterator[Item]:
        """Yield what only shows when all streams are known."""
        yield from self._macros.finish()
        for storage, package in self._packages.items():
            information = self._information.get(storage)
            opened = None if information is None else encryption.opener(information)
            if opened is None:
                yield from locked(package)
            else:
                content = Stream(opened(package))
                yield Part(content, b"package", packed=package.size)
