"""Show text in an encoding that is not a superset of ASCII as UTF-8.

Rules are written in ASCII and mostly in lower numbers of it; a charset that leaves
ASCII as it is needs no second view. All decoders are loaded here: the jail opens no
files, so a codec that is looked up later would not be found.
"""

import codecs
import encodings.cp037
import encodings.cp273
import encodings.cp500
import encodings.cp1026
import encodings.cp1140
import encodings.utf_7
import encodings.utf_16_be
import encodings.utf_16_le
import encodings.utf_32_be
import encodings.utf_32_le
from collections.abc import Callable, Iterable, Iterator

Decoder = Callable[[str], codecs.IncrementalDecoder]

_UTF_7: tuple[Decoder, ...] = (encodings.utf_7.IncrementalDecoder,)
_UTF_16_LE: tuple[Decoder, ...] = (encodings.utf_16_le.IncrementalDecoder,)
_UTF_16_BE: tuple[Decoder, ...] = (encodings.utf_16_be.IncrementalDecoder,)
_UTF_32_LE: tuple[Decoder, ...] = (encodings.utf_32_le.IncrementalDecoder,)
_UTF_32_BE: tuple[Decoder, ...] = (encodings.utf_32_be.IncrementalDecoder,)
# Where the byte order is not said, programs differ in what they take without a mark.
_UTF_16 = _UTF_16_LE + _UTF_16_BE
_UTF_32 = _UTF_32_LE + _UTF_32_BE

_EBCDIC: dict[bytes, Decoder] = {
    b"037": encodings.cp037.IncrementalDecoder,
    b"273": encodings.cp273.IncrementalDecoder,
    b"500": encodings.cp500.IncrementalDecoder,
    b"1026": encodings.cp1026.IncrementalDecoder,
    b"1140": encodings.cp1140.IncrementalDecoder,
}

# Names without their separators, in lower case.
DECODERS: dict[bytes, tuple[Decoder, ...]] = {
    b"utf7": _UTF_7,
    b"unicode11utf7": _UTF_7,
    b"csunicode11utf7": _UTF_7,
    b"xunicode20utf7": _UTF_7,
    b"utf16": _UTF_16,
    b"utf16le": _UTF_16_LE,
    b"utf16be": _UTF_16_BE,
    b"unicode": _UTF_16,
    b"ucs2": _UTF_16,
    b"ucs2le": _UTF_16_LE,
    b"ucs2be": _UTF_16_BE,
    b"iso10646ucs2": _UTF_16,
    b"csunicode": _UTF_16,
    b"utf32": _UTF_32,
    b"utf32le": _UTF_32_LE,
    b"utf32be": _UTF_32_BE,
    b"ucs4": _UTF_32,
    b"iso10646ucs4": _UTF_32,
} | {
    prefix + number: (decoder,)
    for number, decoder in _EBCDIC.items()
    for prefix in (b"cp", b"cp0", b"ibm", b"ibm0", b"csibm", b"ebcdiccp")
}

_SEPARATORS = b" -_.:/\t\"'"


def decoders(charset: bytes) -> tuple[Decoder, ...]:
    """Return what reads text of a charset, nothing if ASCII in it reads as it is.

    Args:
        charset: its name, in any spelling.
    """
    return DECODERS.get(charset.lower().translate(None, _SEPARATORS), ())


def as_utf8(chunks: Iterable[bytes], decoder: Decoder) -> Iterator[bytes]:
    """Yield text as UTF-8; what cannot be decoded becomes a replacement character."""
    incremental = decoder("replace")
    for chunk in chunks:
        yield _utf8(incremental.decode(chunk))
    yield _utf8(incremental.decode(b"", final=True))


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")
