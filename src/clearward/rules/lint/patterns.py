"""Read strings of YARA as text and as bytes: escapes, hexadecimal, expressions."""

import re

from clearward.rules.lexer import compiled

_ESCAPE = r"\\(?:x([0-9a-fA-F]{2})|(.))"
_NAMED = {"n": "\n", "t": "\t", "r": "\r"}
_HEX_ITEM = r"//[^\n]*|/\*(?:[^*]|\*(?!/))*+\*/|\[[^\]]*\]|~?[0-9a-fA-F?]{2}|[(|)]"
_SIMPLE_HEX = r"\{[0-9a-fA-F\s]*\}"
_REGEX_ITEM = (
    r"\\x(?P<byte>[0-9a-fA-F]{2})|\\(?P<kind>[sSdDwWbB])|\\(?P<escaped>.)"
    r"|(?P<chars>\[\^?\]?(?:\\.|[^\]\\])*+\])"
    r"|(?P<times>\{[0-9,]*\})|(?P<group>\(\?[:i]*)|(?P<one>.)"
)
_UNWRITTEN = frozenset("*+?()^$")


def plain(text: str) -> str:
    """Return a text of YARA without its escapes."""
    if "\\" not in text:
        return text

    def meant(found: re.Match[str]) -> str:
        if found[1]:
            return chr(int(found[1], 16))
        return _NAMED.get(found[2], found[2])

    return compiled(_ESCAPE).sub(meant, text)


def hexadecimal(text: str) -> list[int | None]:
    """Return the bytes of a hexadecimal string; None for one that may be anything.

    Of alternatives the first is taken; a jump is one byte that may be anything.
    """
    if compiled(_SIMPLE_HEX).fullmatch(text):
        digits = "".join(text[1:-1].split())
        return list(bytes.fromhex(digits[: len(digits) & ~1]))
    made: list[int | None] = []
    depth, passed = 0, 0  # open groups; the one whose later alternatives are passed
    for item in compiled(_HEX_ITEM).findall(text):
        if item == "(":
            depth += 1
        elif item == ")":
            passed = 0 if passed == depth else passed
            depth -= 1
        elif item == "|":
            passed = passed or depth
        elif not passed and not item.startswith("/"):
            known = len(item) == len("00") and "?" not in item
            made.append(int(item, 16) if known else None)
    return made


def regex(text: str) -> str:
    """Return one text that a regular expression stands for, roughly.

    A class is its first character; what may be any space or character is a space;
    repetition is passed over, and an alternative is a line of its own.
    """
    made: list[str] = []
    for item in compiled(_REGEX_ITEM).finditer(text):
        kind, value = item.lastgroup, item[0]
        if kind == "byte":
            made.append(chr(int(item["byte"], 16)))
        elif kind == "kind":
            made.append(" " if value[1] in "sSWD" else "")
        elif kind == "escaped":
            made.append(_NAMED.get(value[1], value[1]))
        elif kind == "chars":
            inside = plain(value[1:-1])
            made.append(inside[0] if inside[:1].isalnum() else " ")
        elif kind == "one" and value not in _UNWRITTEN:
            made.append({".": " ", "|": "\n"}.get(value, value))
    return "".join(made)
