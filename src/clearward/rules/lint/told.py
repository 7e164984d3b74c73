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

Rows = dict[tuple[int, str], list[Finding]]  # by source and name of the rule


def told(sources: Sequence[Source]) -> Table:
    """Return a table of the rules with findings; a rule's meta is why and what.

    How many rules of YARA were read is what it says to be left, as ``"rules"``.

    What cannot be read is a problem of its source: nobody can say that it is good.
    """
    rows: Rows = defaultdict(list)
    read: dict[int, list[Rule]] = {}
    problems: list[Problem] = []
    for source in sources:
        if source.kind == "yara":
            read[source.number] = []
            problems += _read(source, read[source.number])
        else:
            for name, finding in lists.findings(source):
                rows[source.number, name].append(finding)
    for number, rules in read.items():
        before: dict[str, bool] = {}
        for rule in rules:
            rows[number, rule.name] += yara_rules.findings(rule, before)
    for number, name, finding in _tried(read):
        if not any(one.why == MARKING for one in rows[number, name]):
            rows[number, name].append(finding)
    by_number = {source.number: source for source in sources}
    return Table(
        tuple(
            _row(by_number[number], name, rows[number, name])
            for number, name in rows
            if rows[number, name]
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
        yield Problem(source.number, 0, 0, said, fatal=True)
    except UnicodeDecodeError:
        yield Problem(source.number, 0, 0, "not UTF-8 text", fatal=True)


def _tried(read: dict[int, list[Rule]]) -> Iterator[tuple[int, str, Finding]]:
    spaces = {f"{number}": rules for number, rules in read.items() if rules}
    if not spaces:
        return
    for space, name, string, marking in behaviour.tried(spaces):
        yield int(space), name, Finding(MARKING, f"{string} finds {marking}")


def _row(source: Source, name: str, findings: Sequence[Finding]) -> RuleName:
    kind = "yara" if source.kind == "yara" else "digest"
    meta = tuple(finding.row() for finding in findings)
    return RuleName(printable(name), "local", source.number, kind, (), meta)
