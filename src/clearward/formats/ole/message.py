"""Mail of Outlook: its text, where it is compressed.

Attachments and other texts are streams that stand as they are (MS-OXMSG 2.4): number
3701 is an attachment, 1000 the plain text, 1013 the page, 1009 compressed RTF.
"""

from collections.abc import Iterator

from clearward.core.part import Item, Part
from clearward.core.reader import Reader, Stream
from clearward.formats.mapi import rich


def rich_text(packed: Reader) -> Iterator[Item]:
    """Yield the text as RTF; names of properties are kept under the same number."""
    if packed.at(8, 4) in (rich.PACKED, rich.PLAIN):
        yield Part(Stream(rich.expand(packed, "ole")), b"body.rtf", packed=packed.size)
