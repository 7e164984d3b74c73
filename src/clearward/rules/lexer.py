"""Take YARA source apart: its rules, their strings, the tokens of their conditions.

    import "pe"
    private global rule name : tag tag {
        meta:       name = "text" or number or true or false, one or more
        strings:    $name = "text" or /regex/ or { hex }, then modifiers, one or more
        condition:  an expression
    }

Comments and white space may stand between any two tokens. A slash outside a comment
always opens a regular expression, since division is written with a backslash.

Every pattern here either takes what it begins with or fails where it stands (possessive
groups), so reading takes time linear in the text, whatever the text is.

Source: the tokens and the grammar of YARA-X 1.23, `parser/src/tokenizer` and
`parser/src/parser`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import AnyStr

from clearward.core.errors import Malformed

_TEXT = r'"""(?:[^"\\]++|\\.)*+"""|"(?:[^"\\\n]++|\\.)*+"'
_COMMENT = r"//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/"
_REGEX = r"/(?:\\.|[^*/\\\n])(?:\\.|[^\\/\n]++)*+/[a-zA-Z]{0,2}"
_SPACE = r" \t\r\n\xa0\u2000-\u200a\u202f\u205f"
_GAP = rf"(?:[{_SPACE}]++|{_COMMENT})*+"
_NAME = r"[A-Za-z_][A-Za-z0-9_]*+"
_HEX = rf"\{{(?:[^}}/]++|{_COMMENT})*+\}}"
_NUMBER = r"0x[0-9a-fA-F_]++|0o[0-7_]++|[0-9][0-9_]*+(?:\.[0-9][0-9_]*+)?(?:KB|MB)?"
_MODIFIER = (
    rf"(?:{_GAP}(?:base64(?:wide)?|xor)(?:{_GAP}\((?:{_TEXT}|{_COMMENT}|[^()\"/])*+\))?"
    rf"|{_GAP}(?:ascii|wide|nocase|fullword|private)(?![A-Za-z0-9_]))"
)

# Compiled when first needed: that takes longer than to read a hundred rules.
_IMPORT = rf"{_COMMENT}|import{_GAP}(\"[^\"\\\n]*+\")"
_BETWEEN = rf"(?:{_GAP}(?:import|include){_GAP}(?:{_TEXT}))*+{_GAP}"
_HEAD = (
    rf"(?P<kind>(?:(?:private|global){_GAP})*+)rule{_GAP}(?P<name>{_NAME}){_GAP}"
    rf"(?::(?:{_GAP}{_NAME})++{_GAP})?\{{{_GAP}"
    rf"(?:meta{_GAP}:(?:{_GAP}{_NAME}{_GAP}={_GAP}"
    rf"(?:{_TEXT}|true|false|-?{_GAP}(?:{_NUMBER})))*+{_GAP})?"
    rf"(?P<strings>strings{_GAP}:)?"
)
_STRING = (
    rf"{_GAP}(?P<identifier>\$[A-Za-z0-9_]*+){_GAP}={_GAP}"
    rf"(?P<text>{_TEXT}|{_REGEX}|{_HEX})(?P<modifiers>{_MODIFIER}*+)"
)
_CONDITION = (
    rf"{_GAP}condition{_GAP}:"
    rf"(?P<tokens>(?:[^\"/}}]++|{_TEXT}|{_COMMENT}|{_REGEX})*+)\}}"
)
_TOKEN = (
    rf"{_COMMENT}|({_TEXT}|{_REGEX}|[$#@][A-Za-z0-9_]*+|!=|![A-Za-z0-9_]*+|{_NAME}"
    rf"|{_NUMBER}|[<>=]=|<<|>>|[^{_SPACE}])"
)
_HEX_JUMP = r"\[([^\]]*)\]"
_REGEX_ITEM = (
    r"\\x[0-9a-fA-F]{2}|\\.|\[(?![\]^]*\])(?:\\.|[^\[\]\\])++\]|\(\?(?!:)|\((?:\?:)?"
    r"|\{(?:[0-9]{0,9},)?[0-9]{1,9}\}|."
)
_INTEGER = r"0x([0-9a-fA-F]+)|0o([0-7]+)|([0-9]+)(KB|MB)?"
_UNITS = {None: 1, "KB": 1024, "MB": 1024 * 1024}

_TEXT_GROWTH = 3  # base64 takes a third more, and twice that if wide
_WIDE = 2
_LONGEST_CHARACTER = 4  # bytes, in UTF-8
_ENDLESS = 1 << 32
# Without an end, or not understood: flags, a lone bracket or brace.
_UNCOUNTED = frozenset(("*", "+", "{", "[", "]", ")", "(?"))


@dataclass(frozen=True, slots=True)
class String:
    """A string of a rule, as it is written.

    Attributes:
        identifier: such as ``"$a"``; ``"$"`` for one without a name.
        text: begins with a double quote, a slash or a brace.
        modifiers: the words behind it and what lies between them.
    """

    identifier: str
    text: str
    modifiers: str

    def longest(self) -> int | None:
        """Return a number of bytes that no match exceeds, or None if none is known."""
        if self.text.startswith('"'):
            return len(self.text.encode()) * _TEXT_GROWTH
        if self.text.startswith("{"):
            return _longest_hex(compiled(_COMMENT).sub(" ", self.text))
        character = _WIDE * (1 if self.text.isascii() else _LONGEST_CHARACTER)
        return _longest_regex(self.text[1 : self.text.rindex("/")], character)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, as it is written.

    Attributes:
        name: its identifier.
        is_global: every other rule of the source depends on it.
        strings: in order.
        tokens: of the condition, without comments.
        text: all of it.
        imports: modules imported before it, in double quotes, each once.
    """

    name: str
    is_global: bool
    strings: tuple[String, ...]
    tokens: tuple[str, ...]
    text: str
    imports: tuple[str, ...]


def read(text: str) -> Iterator[Rule]:
    """Yield the rules of a source, in order.

    Raises:
        Malformed: something that is no rule, import or include. The rules before it
            have been yielded, but a rule behind it might be global.
    """
    gap = _take(_BETWEEN, text, 0)
    imports: dict[str, None] = {}
    while (place := gap.end()) < len(text):
        imports.update(dict.fromkeys(compiled(_IMPORT).findall(gap[0])))
        head = _take(_HEAD, text, place)
        place = head.end()
        strings = []
        while head["strings"] and (found := compiled(_STRING).match(text, place)):
            strings.append(String(*found.group("identifier", "text", "modifiers")))
            place = found.end()
        condition = _take(_CONDITION, text, place)
        tokens = tuple(filter(None, compiled(_TOKEN).findall(condition["tokens"])))
        yield Rule(
            head["name"],
            "global" in head["kind"],
            tuple(strings),
            tokens,
            text[head.start() : condition.end()],
            tuple(filter(None, imports)),
        )
        gap = _take(_BETWEEN, text, condition.end())


def integer(token: str) -> int | None:
    """Read an integer as YARA does, with its KB or MB; None if it is not one."""
    found = compiled(_INTEGER).fullmatch(token.replace("_", ""))
    if found is None or len(token) > len("9_223_372_036_854_775_807MB"):
        return None
    hexadecimal, octal, decimal, unit = found.groups()
    if decimal is None:
        return int(hexadecimal or octal, 16 if hexadecimal else 8)
    return int(decimal) * _UNITS[unit]


def _longest_hex(text: str) -> int | None:
    """At most a byte for each character, and the longest jumps."""
    longest = len(text)
    for jump in compiled(_HEX_JUMP).findall(text):
        bound = integer(jump.rpartition("-")[2].strip())
        if bound is None:
            return None
        longest += bound
    return longest


def _longest_regex(text: str, character: int) -> int | None:
    """The sum of what is in a row or alternative, times what is repeated."""
    sums = [0]  # one for each open group
    last = 0  # what the last item adds
    for item in compiled(_REGEX_ITEM).findall(text):
        if item in ("(", "(?:"):
            sums.append(0)
        elif item == ")" and len(sums) > 1:
            last = sums.pop()
            sums[-1] += last
        elif item in _UNCOUNTED:
            return None
        elif item[0] == "{":
            times = int(item[1:-1].rpartition(",")[2])
            sums[-1] += last * times
            last *= times + 1
        elif item != "?":
            last = character
            sums[-1] += last
        if sums[-1] > _ENDLESS:
            return None
    return sums[0] if len(sums) == 1 else None


def _take(pattern: str, text: str, place: int) -> re.Match[str]:
    found = compiled(pattern).match(text, place)
    if found is None:
        raise Malformed("yara", place, "rule")
    return found


@cache
def compiled(pattern: AnyStr) -> re.Pattern[AnyStr]:
    """Return a pattern that is compiled when it is first needed."""
    return re.compile(pattern)
