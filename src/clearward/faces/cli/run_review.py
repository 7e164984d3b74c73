"""What the subcommands of `clearward rules review` do."""

import json as json_text
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from clearward.core.errors import Malformed, Refused
from clearward.faces.cli.lint_words import line, row, unread
from clearward.faces.cli.run_lint import FLAGGED, UNREAD, shown
from clearward.faces.text import escaped
from clearward.linting import reviewing
from clearward.linting.findings import Finding, Linted
from clearward.linting.lint import lint
from clearward.updates.keys import PublicKey
from clearward.updates.note import MOST
from clearward.updates.signatures import Unsigned


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be reviewed.

    Attributes:
        sources: rule files and folders.
        rules: names; none for all.
    """

    sources: tuple[str, ...]
    rules: tuple[str, ...]


def keygen(name: str, output: str, *, json: bool) -> None:
    """Make a key.

    Raises:
        Refused: nobody may be called so, or something is there already.
        Unavailable: it cannot be written.
    """
    key = reviewing.make_key(output, name)
    _say(
        json_text.dumps({"summary": {"vkey": str(key)}}) if json else escaped(str(key))
    )


def sign(wanted: Wanted, key: tuple[str, str], output: str, *, json: bool) -> None:
    """Lint, and sign what was found.

    Args:
        wanted: what.
        key: file of the reviewer's key, and his name.
        output: where the record goes.
        json: as objects.

    Raises:
        Refused: a source or the key cannot be used, or nothing was found.
        Unavailable: the record cannot be written, or the jail could not be started.
    """
    signer = reviewing.read_key(*key)
    with shown(quiet=json) as show:
        linted = lint(wanted.sources, show)
    findings = [
        one for one in linted.findings if not wanted.rules or one.rule in wanted.rules
    ]
    reviewing.sign(findings, signer, output)
    _tell(findings, linted, {"covered": len(findings)}, json=json)


def check(
    sources: tuple[str, ...], records: Sequence[str], keys: Sequence[str], *, json: bool
) -> int:
    """Lint, and say what no record covers; return the exit status.

    Raises:
        Refused: a source, a record or a key cannot be used.
        Unavailable: the jail could not be started.
    """
    believed = [_key(text) for text in keys]
    reviews = [_record(path) for path in records]
    with shown(quiet=json) as show:
        linted = lint(sources, show)
    try:
        left = reviewing.uncovered(linted, reviews, believed)
    except (Malformed, Unsigned) as error:
        raise Refused(f"a record is not good: {error}") from error
    fields = {"blocking": len(linted.blocking), "uncovered": len(left)}
    _tell(left, linted, fields, json=json)
    return FLAGGED if left else UNREAD if linted.unread else 0


def _tell(
    findings: Sequence[Finding], linted: Linted, fields: dict[str, Any], *, json: bool
) -> None:
    for finding in findings:
        said = line(finding, colours=not json and sys.stdout.isatty())
        _say(json_text.dumps(row(finding)) if json else said)
    if json:
        _say(json_text.dumps({"summary": fields}))
        return
    for said in unread(linted):
        _say(said)
    _say(", ".join(f"{count:,} {name}" for name, count in fields.items()))


def _key(text: str) -> PublicKey:
    try:
        return PublicKey.parse(text)
    except Malformed as error:
        raise Refused(f"{text}: is no public key") from error


def _record(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(MOST + 1)
    except OSError as error:
        raise Refused(f"{path}: cannot be read: {error.strerror}") from error


def _say(said: str) -> None:
    sys.stdout.write(said + "\n")
