"""What a condition demands beside the words of a document.

A rule against malware asks for something that only programs, scripts or exploits have.
Here a condition is read for that, with `expression`:

    $a; $a at 0                     code, if the string is
    2 of ($a*)                      code, if fewer of those strings are language
    uint16(0) == 0x5A4D             code: the header of a program
    uint32be(0) == 0x25504446       a document's header: no code
    pe.is_pe, elf.type == ...       code
    filesize < 2MB, not ..., else   nothing

`A and B` demands code if either does, `A or B` if both do.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from clearward.rules.expression import Group, Meaning, judge, listed
from clearward.rules.lexer import Rule, integer

PROGRAMS = frozenset(("pe", "elf", "macho", "dotnet", "lnk", "dex", "crx", "vt"))
DOCUMENT_HEADERS = frozenset(
    (
        *(0x46445025, 0x25504446, 0x5025, 0x2550),  # PDF
        *(
            0xE011CFD0,
            0xD0CF11E0,
            0xCFD0,
            0xD0CF,
            0xE011,
            0xB1A1E11A,
            0xA1B11AE1,
        ),  # OLE
        *(0x04034B50, 0x504B0304, 0x4B50, 0x504B, 0x0304, 0x0403),  # ZIP
        *(0x74725C7B, 0x7B5C7274, 0x5C7B, 0x7B5C),  # RTF
        *(0xFEFF, 0xFFFE, 0xBBEF, 0xEFBB, 0x3C68746D, 0x6D74683C),  # text, HTML
    )
)
PROGRAM_HEADERS = frozenset(
    (
        *(0x5A4D, 0x4D5A, 0x4550, 0x5045, 0x50450000),  # PE
        *(0x457F, 0x7F45, 0x464C457F, 0x7F454C46),  # ELF
        *(0xFEEDFACE, 0xFEEDFACF, 0xCEFAEDFE, 0xCFFAEDFE, 0xFACF),  # Mach-O
        *(0xCAFEBABE, 0xBEBAFECA),  # Java, Mach-O
        *(0x2123, 0x2321, 0x3C3F, 0x3F3C, 0x3C25, 0x253C, 0x6564),  # scripts
        *(0x4C, 0x4643534D),  # shortcuts, cabinets
    )
)
_READING = frozenset(
    f"{sign}int{size}{end}"
    for sign in ("u", "")
    for size in (8, 16, 32)
    for end in ("", "be")
)
_LEAST_HEADER = 0x100  # one byte alone says nothing
_Term = list[str | Group[bool]]


def demands_code(
    rule: Rule, is_code: Callable[[str], bool], before: Mapping[str, bool]
) -> bool:
    """Say whether data must hold something of code for a rule to match.

    Args:
        rule: as it is written.
        is_code: says so of a string, by its identifier.
        before: the answers for the rules before it in its source.
    """
    reading = _Reading(rule, is_code, before)
    return judge(
        rule.tokens,
        Meaning(reading.term, bool.__or__, bool.__and__, nothing=False),
    )


def document_header(tokens: Sequence[str]) -> bool:
    """Say whether a condition compares something with the header of documents."""
    return any(
        first in ("==", "(") and integer(token) in DOCUMENT_HEADERS
        for first, token in pairwise(tokens)
        if token[0].isdigit()
    ) and not _READING.isdisjoint(tokens)


class _Reading:
    """Reads one condition."""

    def __init__(
        self, rule: Rule, is_code: Callable[[str], bool], before: Mapping[str, bool]
    ) -> None:
        self._tokens = rule.tokens
        self._names = [string.identifier for string in rule.strings]
        self._is_code = is_code
        self._before = before

    def term(self, term: _Term) -> bool:
        """Say whether a term demands code."""
        if not term or isinstance(term[0], Group):
            return any(one.shown for one in term[:1] if isinstance(one, Group))
        first = term[0]
        if first in _READING:
            return self._header(term)
        if first == "for":
            return self._loop(term)
        if "of" in term[1:2] or "of" in term[2:3]:  # 50 % of them
            return self._some(first, term)
        return self._word(first, term)

    def _word(self, first: str, term: _Term) -> bool:
        """Say the same of a term that begins with a string, a module or a rule."""
        if first[0] in "$#":
            return self._string(f"${first[1:]}")
        return first in PROGRAMS or (len(term) == 1 and self._before.get(first, False))

    def _string(self, name: str) -> bool:
        return name in self._names and self._is_code(name)

    def _header(self, term: _Term) -> bool:
        """Say whether a comparison is with the header of something but a document."""
        if "==" not in term:
            return False
        value = integer(term[-1]) if isinstance(term[-1], str) else None
        if value is None or value in DOCUMENT_HEADERS:
            return False
        known = value in PROGRAM_HEADERS
        return known or (value >= _LEAST_HEADER and not _is_text(value))

    def _loop(self, term: _Term) -> bool:
        if "of" in term and len(term) > len(("for", "any", "of")):
            return self._some(str(term[1]), term[1:])
        last = term[-1]
        return isinstance(last, Group) and last.shown

    def _some(self, amount: str, term: _Term) -> bool:
        """Say whether so many strings cannot match without one of code."""
        what = term[term.index("of") + 1 :][:1]
        names: list[str] = ["$*"] if what == ["them"] else []
        for one in what:
            if isinstance(one, Group):
                names = listed(self._tokens, one)
        chosen = [
            own
            for own in self._names
            if any(
                own == name or (name.endswith("*") and own.startswith(name[:-1]))
                for name in names
            )
        ]
        if not chosen:
            return False
        language = sum(not self._is_code(name) for name in chosen)
        least = {"any": 1, "all": len(chosen), "none": 0}.get(amount, integer(amount))
        if least is None or "%" in term:
            least = 1
        return language < least


def _is_text(value: int) -> bool:
    """Say whether a number is written with letters."""
    data = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return data.isascii() and data.replace(b" ", b"a").isalpha()
