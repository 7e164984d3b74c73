"""Scripts of the Windows script encoder (.vbe, .jse, JScript.Encode), decoded.

    #@~^  length  ==  script  checksum  ==  ^#~@

Length and checksum are six characters of base64. In the script each byte below 0x80 is
replaced through one of three alphabets, in an order of 64; bytes above stand for
themselves and do not count. ``@&``, ``@#``, ``@*``, ``@!`` and ``@$`` are a newline,
a carriage return, ``>``, ``<`` and ``@``.

Source: encoder.txt. The length is not looked at: what ends a script is its mark.
"""

import re
from dataclasses import dataclass

MARK = b"#@~^"

_ENCODED = re.compile(
    rb"#@~\^[A-Za-z0-9+/]{6}==(.*?)(?:[A-Za-z0-9+/]{6}==\^#~@|\Z)", re.DOTALL
)
_ESCAPES = ((b"@&", b"\n"), (b"@#", b"\r"), (b"@*", b">"), (b"@!", b"<"), (b"@$", b"@"))
_HIGH = re.compile(rb"[\x80-\xff]+")


def _read() -> tuple[bytes, tuple[bytes, ...]]:
    # Without importlib.resources, which takes longer to import than all of this.
    with open(f"{__file__.removesuffix('.py')}.txt", encoding="ascii") as file:
        text = file.read()
    alphabets = [bytearray(range(256)) for _ in range(3)]
    order = b""
    for line in text.splitlines():
        name, *values = line.split()
        if name == "order":
            order = bytes(int(digit) for digit in values[0])
        elif name != "#":
            for alphabet, value in zip(alphabets, values, strict=True):
                alphabet[int(name, 16)] = int(value, 16)
    return order, tuple(bytes(alphabet) for alphabet in alphabets)


ORDER, ALPHABETS = _read()


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with an encoded script in it.

    Attributes:
        before, after: what stands around it.
        script: decoded.
    """

    before: bytes
    script: bytes
    after: bytes


def decode(text: bytes) -> Decoded | None:
    """Return the first encoded script in a text, decoded; None if there is none."""
    encoded = _ENCODED.search(text)
    if encoded is None:
        return None
    script = encoded[1]
    for escape, byte in _ESCAPES:
        script = script.replace(escape, byte)
    return Decoded(text[: encoded.start()], _decoded(script), text[encoded.end() :])


def _decoded(script: bytes) -> bytes:
    """Decode a script whose escapes are decoded.

    All bytes are decoded at each place of the order, every 64th at once.
    """
    counted = script.translate(None, bytes(range(0x80, 0x100)))
    plain = bytearray(counted)
    for place, alphabet in enumerate(ORDER):
        plain[place :: len(ORDER)] = counted[place :: len(ORDER)].translate(
            ALPHABETS[alphabet]
        )
    if len(counted) == len(script):
        return bytes(plain)
    return _with_high_bytes(script, plain)


def _with_high_bytes(script: bytes, plain: bytearray) -> bytes:
    """Put the bytes that do not count back between the others."""
    whole = bytearray()
    end = taken = 0
    for high in _HIGH.finditer(script):
        length = high.start() - end
        whole += plain[taken : taken + length]
        whole += high[0]
        taken += length
        end = high.end()
    return bytes(whole + plain[taken:])
