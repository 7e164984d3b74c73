"""Turn rule sources into one matcher and one name table."""

import hashlib
from collections.abc import Sequence

from clearward.core.names import Problem, RuleName, Table
from clearward.rules import eicar, hashes
from clearward.rules.ruleset import RuleSet
from clearward.rules.source import Source
from clearward.rules.yara import compile_yara


def compile_rules(
    sources: Sequence[Source], *, test_file: bool, describe: bool = False
) -> tuple[RuleSet, Table]:
    """Compile every source.

    Args:
        sources: numbered from 0 in this order.
        test_file: the EICAR test file is a rule, too.
        describe: put what rules say about themselves into the table.

    Returns:
        The matcher, and the table of names and problems.
    """
    names: list[RuleName] = []
    if test_file:
        names.append(RuleName(eicar.NAME, "builtin", -1, "code"))
    yara, problems = compile_yara(
        [source for source in sources if source.kind == "yara"],
        len(names),
        describe=describe,
    )
    if yara is not None:
        names.extend(yara.names)
    digests = tuple(
        made
        for algorithm in hashes.SIZES
        if (made := _digest_set(algorithm, sources, names, problems))
    )
    problems.sort(key=lambda problem: (problem.source, problem.line, problem.column))
    table = Table(
        tuple(names),
        tuple(problems),
        tuple(hashlib.sha256(source.text).hexdigest() for source in sources),
    )
    return RuleSet(0 if test_file else None, digests, yara), table


def _digest_set(
    algorithm: str,
    sources: Sequence[Source],
    names: list[RuleName],
    problems: list[Problem],
) -> hashes.DigestSet | None:
    """Read the lists of one algorithm; add their names and problems."""
    entries = []
    for source in sources:
        if source.kind != algorithm:
            continue
        for line in hashes.read(source):
            if isinstance(line, Problem):
                problems.append(line)
            else:
                digest, name = line
                entries.append((digest, len(names)))
                names.append(name)
    return hashes.DigestSet(algorithm, entries) if entries else None
