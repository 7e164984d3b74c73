"""What a rule of YARA looks for that a rule against malware does not need.

A marking is a finding wherever it stands. Other findings are for people to judge, so a
rule that cannot match without something of a program, a script or an exploit has none
of those that are about documents. What a rule says about itself decides nothing.
"""

from collections.abc import Iterator, MutableMapping

from clearward.rules.kinds import OUTSIDE_VARIABLES
from clearward.rules.lexer import Rule, String
from clearward.rules.lint import decode, language, phrases
from clearward.rules.lint.conditions import demands_code, document_header
from clearward.rules.lint.finding import (
    DOCUMENT_TYPE,
    DOCUMENT_WORDS,
    MARKING,
    OPAQUE_HASH,
    TARGETING,
    Finding,
)
from clearward.rules.lint.language import Said
from clearward.rules.lint.numbers import compared
from clearward.rules.lint.patterns import hexadecimal, plain, regex

_HERE = frozenset(("time", "console", "cuckoo"))  # modules that look outside of a file
_SHOWN = 60  # characters of a string in a detail


def findings(rule: Rule, before: MutableMapping[str, bool]) -> Iterator[Finding]:
    """Yield what is wrong with a rule, each kind once.

    Args:
        rule: as it is written.
        before: for each rule before it in its source, whether it demands code; this
            one is added.
    """
    if found := _marking(rule):
        yield Finding(MARKING, found)
    if found := _target(rule):
        yield Finding(TARGETING, f"the condition asks for {found}")
    if "hash" in rule.tokens and not _is_of_programs(rule):
        yield Finding(OPAQUE_HASH, "a digest stands for one file; nobody can say which")
    kinds = _Kinds(rule)
    before[rule.name] = demands_code(rule, kinds.is_code, before)
    if not before[rule.name]:
        yield from kinds.findings()


class _Kinds:
    """The strings of one rule, by what they are made of."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._said = [(string, language.said(string)) for string in rule.strings]
        self._code = {one.identifier for one, said in self._said if said is Said.CODE}
        if "$" in self._code:  # of those without a name, one is enough
            lone = {said for one, said in self._said if one.identifier == "$"}
            self._code -= {"$"} if lone != {Said.CODE} else set()

    def is_code(self, identifier: str) -> bool:
        """Say whether a string is code."""
        return identifier in self._code

    def findings(self) -> Iterator[Finding]:
        """Yield what is found in a rule that can match without any code."""
        words = [one for one, said in self._said if said is Said.WORDS]
        if self._code:  # beside code, one small word is no phrase
            words = [one for one in words if language.is_name(one)]
        if words:
            shown = f"{words[0].identifier} = {words[0].text[:_SHOWN]}"
            yield Finding(DOCUMENT_WORDS, f"matches on words alone: {shown}")
        kinds = [one for one, said in self._said if said is Said.DOCUMENT]
        if document_header(self._rule.tokens) or kinds:
            shown = f": {kinds[0].text[:_SHOWN]}" if kinds else ""
            yield Finding(DOCUMENT_TYPE, f"documents, and no exploit in them{shown}")
        if (
            not self._said
            and not _outside(self._rule)
            and "hash" not in self._rule.tokens
        ):
            yield from self._numbers()

    def _numbers(self) -> Iterator[Finding]:
        tokens = self._rule.tokens
        if any(one.startswith(("uint", "int", "math", "filesize")) for one in tokens):
            yield Finding(OPAQUE_HASH, "numbers alone; nobody can say which files")


def _marking(rule: Rule) -> str | None:
    """Return a marking, and where it stands."""
    said = {one: list(decode.texts(one)) for one in rule.strings}
    whole = [text for texts in said.values() for text in texts]
    if phrases.marking(whole):
        return next(_first(said))
    literals = list(_literals(rule))
    known = compared(rule.tokens)
    numbers = [text for data in known for text in decode.readings(data)]
    read = [text for one in literals for text in decode.of_text(one)]
    if found := phrases.marking([*read, *numbers]):
        return f"condition: {found}"
    pieces = [*map(_bytes, rule.strings), *known]
    if found := phrases.coded(pieces):
        return f"bytes: {found}"
    if found := phrases.hidden(pieces):
        return f"behind one byte of xor: {found}"
    plainly = [texts[0] for texts in said.values()]
    found = phrases.joined(plainly) or phrases.joined(literals)
    return f"several strings together: {found}" if found else None


def _first(said: dict[String, list[str]]) -> Iterator[str]:
    """Yield where markings stand, and which."""
    for string, texts in said.items():
        if found := phrases.marking(texts):
            yield f"{string.identifier}: {found}"
    # Only all strings together have it, which is as good.
    yield "several strings"


def _literals(rule: Rule) -> Iterator[str]:
    """Yield the texts and expressions in a condition."""
    for token in rule.tokens:
        if token[0] == '"':
            yield plain(token.strip('"'))
        elif token[0] == "/" and len(token) > 1:
            yield regex(token[1 : token.rindex("/")])


def _bytes(string: String) -> list[int | None]:
    if string.text.startswith("{"):
        return hexadecimal(string.text)
    if string.text.startswith("/"):
        return []
    return [ord(one) for one in plain(string.text.strip('"')) if one <= "\xff"]


def _target(rule: Rule) -> str | None:
    """Return what a condition asks for that is not in the data."""
    tokens = rule.tokens
    for place, token in enumerate(tokens):
        if token in _HERE and tokens[place + 1 : place + 2] == (".",):
            return f"the module {token}"
    asked = _outside(rule)
    return None if asked is None or _is_of_programs(rule) else asked


def _is_of_programs(rule: Rule) -> bool:
    """Say whether a rule matches nothing but programs, whatever its strings are."""
    return demands_code(rule, lambda _: False, {})


def _outside(rule: Rule) -> str | None:
    """Return a variable of YARA that says where a file is, if it has to be so."""
    tokens = rule.tokens
    for place, token in enumerate(tokens):
        before = tokens[place - 1] if place else ""
        if token in OUTSIDE_VARIABLES and before not in (".", "not"):
            return token
    return None
