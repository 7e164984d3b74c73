"""What `clearward publish add` does: make a release, and say what came of it."""

import json as json_text
import sys
from dataclasses import dataclass
from functools import partial
from typing import Any

from clearward.compiling import compile_image
from clearward.core.errors import Refused
from clearward.faces.cli.compiling import progress
from clearward.faces.cli.publish_judge import judging
from clearward.faces.cli.run_publish import Where, say, witnesses
from clearward.faces.text import escaped
from clearward.publishing.judging import (
    Objection,
    Objectionable,
    Reviews,
    reviewer,
    reviewers,
)
from clearward.publishing.making import Maker
from clearward.publishing.releasing import Added
from clearward.publishing.repository import Repository
from clearward.publishing.staging import Waiting
from clearward.publishing.witnesses import Asked
from clearward.updates.note import MOST
from clearward.updates.policy import Unwitnessed

REFUSED = 1
_MOST_MESSAGE = 500  # characters of an error line
_SHOWN = 20  # findings on a terminal; JSON has all


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be released.

    Attributes:
        sources: files and folders.
        reviews: files with records of reviewers.
        reviewers: keys that are believed besides those that the repository names.
    """

    sources: tuple[str, ...]
    reviews: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()

    def read(self, repository: Repository) -> Reviews:
        """Return what reviewers have signed.

        Raises:
            Refused: a record or a key cannot be used.
        """
        keys = [*reviewers(repository), *map(reviewer, self.reviewers)]
        if self.reviews and not keys:
            raise Refused("there is a review, and no reviewer is named: see --reviewer")
        return Reviews(tuple(map(_record, self.reviews)), keys)


def add(where: Where, wanted: Wanted, *, json: bool) -> int:
    """Make a release; return the exit status.

    Raises:
        Refused: a source, a key or the repository cannot be used.
        Unavailable: there is no room, or no right, to publish.
    """
    asked: list[Asked] = []
    reviews = wanted.read(Repository(where.repository))
    try:
        with progress(json=json) as show:
            compile = partial(compile_image, strict=False, show=show)
            maker = Maker(compile, judging(show))
            with where.publishing().releasing(maker, witnesses(asked)) as releasing:
                added = releasing.add(wanted.sources, reviews)
    except Waiting as error:
        say({"published": False, "waiting": str(error)}, json=json)
        return 0
    except Objectionable as error:
        _show(error.objections, json=json)
        return _refused("review", str(error), asked, json=json)
    except Unwitnessed as error:
        return _refused("quorum", str(error), asked, json=json)
    _show(added.made.objections, json=json)
    for one in asked:
        if one.why:
            sys.stderr.write(f"clearward: {escaped(_told(one))}\n")
    say({**_fields(added), "witnesses": _rows(asked)}, json=json)
    return 0


def _fields(added: Added) -> dict[str, Any]:
    rules = added.made.compiled.rules
    return {
        "seq": added.release.seq,
        "sha256": added.release.rules,
        "source_sha256": added.release.source,
        "log_size": added.log_size,
        "expires": added.expires.isoformat(),
        "rules": rules.count,
        "unusable": rules.unusable,
        "skipped": added.made.archived.skipped,
        "without_provenance": len(added.made.archived.manifest.unknown()),
        "resumed": added.resumed,
    }


def _refused(code: str, detail: str, asked: list[Asked], *, json: bool) -> int:
    detail = "; ".join((detail, *(_told(one) for one in asked if one.why)))
    if json:
        fields = {"published": False, "refused": code, "detail": detail}
        rows = {"witnesses": _rows(asked)}
        sys.stdout.write(json_text.dumps({"summary": {**fields, **rows}}) + "\n")
    sys.stderr.write(f"clearward: {code}: {escaped(detail)}"[:_MOST_MESSAGE] + "\n")
    return REFUSED


def _show(objections: list[Objection] | tuple[Objection, ...], *, json: bool) -> None:
    """Print what the lint has found."""
    for one in objections if json else objections[:_SHOWN]:
        if json:
            row = {"rule": one.rule, "file": one.file, "why": one.why}
            said = {**row, "detail": one.detail, "blocks": one.blocks}
            sys.stdout.write(json_text.dumps(said) + "\n")
        else:
            said_line = f"{one.file}: {one.rule}: {one.why}: {one.detail}"
            sys.stdout.write(escaped(said_line) + "\n")
    if not json and len(objections) > _SHOWN:
        sys.stdout.write(f"and {len(objections) - _SHOWN:,} more\n")


def _told(one: Asked) -> str:
    return f"{one.name} has not cosigned: {one.why}"


def _rows(asked: list[Asked]) -> list[dict[str, Any]]:
    return [
        {"name": one.name, "cosigned": not one.why, "why": one.why} for one in asked
    ]


def _record(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            data = file.read(MOST + 1)
    except OSError as error:
        raise Refused(f"{path}: cannot be read: {error.strerror}") from error
    if len(data) > MOST:
        raise Refused(f"{path}: longer than a review")
    return data
