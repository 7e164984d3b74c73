"""What YARA rules are called in the name table."""

import re

import yara_x

from clearward.core.names import RuleName
from clearward.rules.source import Source

_OUTSIDE_NAMES = re.compile(r"[^!-~]")
_LONGEST_NAME = 128


def name_of(rule: yara_x.Rule, source: Source, *, describe: bool) -> RuleName:
    """Return the entry of a compiled rule; what it says about itself, if asked for."""
    strings = tuple(pattern.identifier for pattern in rule.patterns)
    meta = _meta(rule) if describe else ()
    return rule_name(rule.identifier, source, strings, meta)


def rule_name(
    identifier: str,
    source: Source,
    strings: tuple[str, ...],
    meta: tuple[tuple[str, str], ...] = (),
) -> RuleName:
    """Return the entry of a rule in the name table."""
    return RuleName(
        _printable(identifier),
        source.origin,
        source.number,
        "yara",
        strings,
        meta,
        member=source.member,
    )


def _meta(rule: yara_x.Rule) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, value in rule.metadata)


def _printable(identifier: str) -> str:
    """A name of the allowed characters: YARA-X takes digits of every script."""
    return _OUTSIDE_NAMES.sub("_", identifier)[:_LONGEST_NAME]
