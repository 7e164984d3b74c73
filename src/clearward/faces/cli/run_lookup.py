"""What `clearward lookup` does."""

import json as json_text
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from clearward.core.errors import Malformed, Refused
from clearward.faces.cli.lookup_buckets import fetch
from clearward.faces.cli.lookup_places import is_address
from clearward.faces.cli.lookup_screen import show_answers, show_revealed
from clearward.faces.cli.lookup_sets import fetch as fetch_set
from clearward.faces.cli.lookup_subjects import Subject, subjects
from clearward.faces.cli.lookup_words import (
    closing,
    costs,
    retrieved,
    revealed,
    row,
    summary,
)
from clearward.faces.cli.run_lookup_reports import Retrieved, retrieve
from clearward.faces.text import escaped, shown
from clearward.reputation import bucket
from clearward.reputation.cover import SECRET_BYTES, covered
from clearward.reputation.lookup import Answer, Exact, State
from clearward.reputation.records import prefix
from clearward.reputation.revealed import Revealed, buckets, nothing, retrieval
from clearward.stores.home import home
from clearward.stores.reputation import SetFolder
from clearward.stores.reputation_installed import NAME, installed
from clearward.stores.reputation_reports import ReportFolder
from clearward.stores.reputation_secret import secret

FOUND, FAILED = 1, 2

Ways = list[tuple[Revealed, bool]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a command line asks for.

    Attributes:
        words: digests and files.
        source: folder of the set, or the address of one; None for that of the home.
        only: id of the set, hexadecimal; None for any.
        buckets: where buckets are fetched; None if nowhere.
        dummies: other buckets to fetch with each.
        pir: folder of reports that are retrieved; None if none are.
        explain: show what is revealed.
    """

    words: tuple[str, ...]
    source: str | None
    only: str | None
    buckets: str | None
    dummies: int
    pir: str | None
    explain: bool


def run(wanted: Wanted, *, json: bool) -> int:
    """Look up, print, and return the exit status.

    Raises:
        Refused: there is no set, or it or a bucket is damaged.
        Unavailable: buckets cannot be fetched.
    """
    if not wanted.words:
        raise Refused("a digest or a file is needed: see clearward lookup --help")
    held = _held(wanted)
    if wanted.only is not None and held.known.head.id.hex() != wanted.only.lower():
        raise Refused(f"{held.folder}: is another set: {held.known.head.id.hex()}")
    asked = subjects(wanted.words)
    digests = [one.digest for one in asked if not one.error]
    exact, ways = _way(held, digests, wanted)
    try:
        found = iter(held.known.look_up(digests, exact))
    except Malformed as error:
        raise Refused(f"{held.folder}: {error}") from error
    answers = [None if one.error else next(found) for one in asked]
    reports = _reports(answers, wanted.pir)
    counts = summary(answers, held.known.head.id)
    say = _say_json if json else _say_plainly
    say(asked, answers, ways if wanted.explain else [])
    for digest, one in reports:
        said = {"retrieved": retrieved(digest, one)}
        _write(json_text.dumps(said) if json else "\n".join(costs(digest, one)))
    _write(json_text.dumps({"summary": counts}) if json else closing(counts))
    if counts[State.KNOWN]:
        return FOUND
    return 0 if counts[State.UNKNOWN] == counts["looked_up"] else FAILED


def explain_ways(dummies: int, *, json: bool) -> None:
    """Show what looking up one digest would reveal, if the filter has it."""
    ways = [nothing(), buckets(1, 1, 1 + dummies, 0), retrieval(1, 1)]
    unused = [(one, False) for one in ways]
    say = _say_json if json else _say_plainly
    say((), (), unused)
    if json:
        _write(json_text.dumps({"summary": {"looked_up": 0}}))


def _held(wanted: Wanted) -> SetFolder:
    """Return the set that is named, fetched if it is on a server; or the home's."""
    if wanted.source is None:
        found = installed(home())
        return found or SetFolder.open(os.path.join(home(), NAME))  # says what is wrong
    if is_address(wanted.source):
        light = wanted.buckets is not None
        return fetch_set(wanted.source, home(), only=wanted.only, light=light)
    return SetFolder.open(wanted.source)


def _reports(
    answers: Sequence[Answer | None], folder: str | None
) -> list[tuple[bytes, Retrieved]]:
    """Retrieve the reports on what is known, if that is asked for."""
    if folder is None:
        return []
    reports = ReportFolder.open(folder)
    known = {one.digest for one in answers if one and one.state is State.KNOWN}
    return [(digest, retrieve(reports, digest)) for digest in sorted(known)]


def _way(
    held: SetFolder, digests: Sequence[bytes], wanted: Wanted
) -> tuple[Exact | None, Ways]:
    """Return what decides, and what each way reveals."""
    perhaps = held.known.perhaps(digests)
    needed = {prefix(one) for one in perhaps}
    fetched: list[int] = []
    exact: Exact | None = held.listed if held.has_list else None
    if needed and (wanted.buckets or wanted.explain):
        # What it would be is shown without making a secret for it.
        chosen = secret(home()) if wanted.buckets else bytes(SECRET_BYTES)
        fetched = covered(chosen, needed, wanted.dummies)
    if wanted.buckets:
        exact = _bucketed(held, wanted.buckets, fetched)
    size = bucket.size(held.known.head.fullest)
    ways = [
        (nothing(), wanted.buckets is None),
        (buckets(len(digests), len(needed), len(fetched), size), bool(wanted.buckets)),
        (retrieval(len(digests), len(perhaps)), wanted.pir is not None),
    ]
    return exact, ways


def _bucketed(held: SetFolder, where: str, fetched: Sequence[int]) -> Exact:
    found = fetch(where, held.known.head, fetched)

    def exact(digest: bytes) -> tuple[int, ...]:
        return bucket.labels_of(found[prefix(digest)], digest)

    return exact


def _say_json(
    asked: Sequence[Subject], answers: Sequence[Answer | None], ways: Ways
) -> None:
    for subject, answer in zip(asked, answers, strict=True):
        _write(json_text.dumps(row(subject, answer)))
    for one, used in ways:
        _write(json_text.dumps({"revealed": revealed(one, used=used)}))


def _say_plainly(
    asked: Sequence[Subject], answers: Sequence[Answer | None], ways: Ways
) -> None:
    pairs = list(zip(asked, answers, strict=True))
    for subject, _ in pairs:
        if subject.error and subject.path is not None:
            said = f"{shown(subject.path)}: {escaped(subject.error)}"
            sys.stderr.write(f"clearward: {said}\n")
    told = [(subject, answer) for subject, answer in pairs if answer is not None]
    if told:
        show_answers(told)
    if ways:
        show_revealed(ways)


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
