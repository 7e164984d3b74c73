"""Puts what the lint finds into a name table: a row for each rule with a finding.

The zygote sends it in place of the rules in force, of which there are none: it was
asked about rules, and scans nothing.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence

from clearward.core.errors import Malformed
from clearward.core.names import Problem, RuleName, Table, printable
from clearward.rules import lexer
from clearward.rules.lexer import Rule
from clearward.rules.lint import behaviour, lists, yara_rules
from clearward.rules.lint.finding import MARKING, Finding
from clearward.rules.source import Source
from clearward.rules.yara_source import decoded
from clearward.rules.yara_spaces import said_of, spaces_of

Rows = dict[tuple[str, str], list[Finding]]  # by name space and name of the rule


def told(sources: Sequence[Source]) -> Table:
    """Return a table of the rules with findings; a rule's meta is why and what.

    How many rules of YARA were read is what it says to be left, as ``"rules"``.

    What cannot be read is a problem of its source: nobody can say that it is good.
    """
    rows: Rows = defaultdict(list)
    read: dict[str, list[Rule]] = {}
    spaces, problems = spaces_of(sources)
    for space, source in spaces.items():
        if source.kind == "yara":
            read[space] = []
            problems += _read(source, read[space])
        else:
            for name, finding in lists.findings(source):
                rows[space, name].append(finding)
    for space, rules in read.items():
        before: dict[str, bool] = {}
        for rule in rules:
            rows[space, rule.name] += yara_rules.findings(rule, before)
    for space, name, finding in _tried(read):
        if not any(one.why == MARKING for one in rows[space, name]):
            rows[space, name].append(finding)
    return Table(
        tuple(
            _row(spaces[space], name, rows[space, name])
            for space, name in rows
            if rows[space, name]
        ),
        tuple(problems),
        tuple(hashlib.sha256(source.text).hexdigest() for source in sources),
        left=(("rules", sum(map(len, read.values()))),),
    )


def _read(source: Source, rules: list[Rule]) -> Iterator[Problem]:
    """Take the rules of a source; yield what cannot be read."""
    try:
        rules.extend(lexer.read(decoded(source)))
    except Malformed as error:
        said = f"cannot be taken apart behind character {error.offset:,}"
        yield Problem(source.number, 0, 0, said_of(source, said), fatal=True)
    except UnicodeDecodeError:
        said = said_of(source, "not UTF-8 text")
        yield Problem(source.number, 0, 0, said, fatal=True)


def _tried(read: dict[str, list[Rule]]) -> Iterator[tuple[str, str, Finding]]:
    spaces = {space: rules for space, rules in read.items() if rules}
    if not spaces:
        return
    for space, name, string, marking in behaviour.tried(spaces):
        yield space, name, Finding(MARKING, f"{string} finds {marking}")


def _row(source: Source, name: str, findings: Sequence[Finding]) -> RuleName:
    kind = "yara" if source.kind == "yara" else "digest"
    meta = tuple(finding.row() for finding in findings)
    member = source.member
    return RuleName(
        printable(name), "local", source.number, kind, (), meta, member=member
    )
