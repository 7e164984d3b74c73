"""Turn rule sources into one matcher and one name table.

Numbers: the EICAR test file if it is a rule, then YARA rules, then digests by
algorithm; sources in the order given, rules in the order of their source. Then what
ClamAV's databases say, signatures before digests; then compiled images, as they are.
"""

import gc
import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from clearward.core.names import Problem, RuleName, Table
from clearward.rules import eicar, hashes
from clearward.rules.ruleset import RuleSet
from clearward.rules.source import Source
from clearward.rules.yara import compile_yara
from clearward.rules.yara_joined import joined
from clearward.rules.yara_spaces import others_in

if TYPE_CHECKING:
    from clearward.rules.databases import Compiled
    from clearward.rules.image_loader import Loaded


_NOT_IN_IMAGES = (
    "what it ignores by the digest of a line is not left out of compiled images; "
    "compile it with their sources"
)


class CompileDatabases(Protocol):
    """What compiles ClamAV's databases."""

    def __call__(
        self, sources: Sequence[Source], first: int, *, unwanted: bool
    ) -> "Compiled":
        """Compile the sources of ClamAV's kinds."""


def compile_rules(
    sources: Sequence[Source],
    *,
    test_file: bool,
    describe: bool = False,
    unwanted: bool = False,
    marks: Sequence[bytes] = (),
    databases: "CompileDatabases | None" = None,
    images: "Callable[[int], Sequence[Loaded]] | None" = None,
) -> tuple[RuleSet, Table]:
    """Compile every source.

    Args:
        sources: numbered from 0 in this order.
        test_file: the EICAR test file is a rule, too.
        describe: put what rules say about themselves into the table.
        unwanted: rules of the potentially unwanted kinds are in force, too.
        marks: bytes that `RuleSet.look` tells about.
        databases: `databases.compile_databases`, if any source is of ClamAV's kinds.
        images: puts compiled images in force; it is given the number of the first rule.

    Returns:
        The matcher, and the table of names and problems.

    Raises:
        ValueError: there is a source of ClamAV's kinds, and nothing to read it; or an
            image cannot be used.
    """
    others = {source.kind for source in sources} - {"yara", *hashes.SIZES}
    if others and databases is None:
        raise ValueError(f"nothing was loaded that reads {min(others)}")
    names: list[RuleName] = []
    if test_file:
        names.append(RuleName(eicar.NAME, "builtin", -1, "code"))
    yara, problems = compile_yara(
        [source for source in sources if source.kind == "yara"],
        len(names),
        describe=describe,
        marks=marks,
    )
    if yara is not None:
        names.extend(yara.names)
    with _collector_off():
        sets = [
            hashes.DigestSet(algorithm, _entries(algorithm, sources, names, problems))
            for algorithm in hashes.SIZES
        ]
        compiled = None
        if databases is not None:
            compiled = databases(sources, len(names), unwanted=unwanted)
            names += compiled.names
            problems += compiled.problems
    if images is not None and compiled is not None:
        problems += [
            Problem(number, 0, 0, _NOT_IN_IMAGES, fatal=False)
            for number in compiled.ignoring
        ]
    problems.sort(key=lambda problem: (problem.source, problem.line, problem.column))
    table = Table(
        tuple(names),
        tuple(problems),
        tuple(hashlib.sha256(source.text).hexdigest() for source in sources),
        left=(
            *(compiled.left if compiled is not None else ()),
            *others_in(sources).items(),
        ),
    )
    digests = tuple(made for made in sets if len(made))
    loaded = images(len(names)) if images is not None else ()
    if compiled is not None:
        for image in loaded:
            image.signatures.ignore(compiled.ignored)
    rules = RuleSet(
        0 if test_file else None,
        digests + tuple(each for image in loaded for each in image.digests),
        joined([each for each in (yara, *(image.yara for image in loaded)) if each]),
        compiled.signatures if compiled is not None else None,
        tuple(image.signatures for image in loaded if image.asks),
    )
    read = {
        source.number: digest
        for source, digest in zip(sources, table.digests, strict=True)
    }
    read.update((image.rules.source, image.digest) for image in loaded)
    return rules, replace(
        table,
        digests=tuple(read[number] for number in sorted(read)),
        images=tuple(image.rules for image in loaded),
    )


def _entries(
    algorithm: str,
    sources: Sequence[Source],
    names: list[RuleName],
    problems: list[Problem],
) -> Iterator[tuple[bytes, int]]:
    """Yield the digests of one algorithm, numbered; add their names and problems."""
    for source in sources:
        if source.kind != algorithm:
            continue
        for line in hashes.read(source):
            if isinstance(line, Problem):
                problems.append(line)
            else:
                digest, name = line
                yield digest, len(names)
                names.append(name)


@contextmanager
def _collector_off() -> Iterator[None]:
    """Make a million names without looking for circles among them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
