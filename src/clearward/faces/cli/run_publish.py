"""What `clearward publish` does: init, add and refresh."""

import json as json_text
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from clearward.compiling import Compiled, compile_image
from clearward.core.errors import Refused
from clearward.egress.ledger import Ledger
from clearward.faces.cli.compiling import progress
from clearward.faces.text import escaped
from clearward.jail.control import Progress
from clearward.publishing.beginning import Wanted, begin
from clearward.publishing.history import Cosign
from clearward.publishing.keys import KeysFolder, keys_at
from clearward.publishing.opening import Publishing
from clearward.publishing.posting import reaching
from clearward.publishing.releasing import Added, Compile
from clearward.publishing.repository import Repository, alone, make_folder
from clearward.publishing.staging import Waiting
from clearward.publishing.witnesses import Asked, asking
from clearward.stores.home import home
from clearward.updates.policy import Policy, Unwitnessed

REFUSED = 1
_MOST_MESSAGE = 500  # characters of an error line


def init(
    repo: str, keys: str, wanted: Wanted, expires: timedelta, *, json: bool
) -> None:
    """Make a repository.

    Raises:
        Refused: there is one, or what is wanted cannot be.
        Unavailable: there is no room or no right to.
    """
    publishing = publishing_at(repo, keys, expires)
    if not isinstance(publishing.keys, KeysFolder):
        raise Refused(f"{keys}: keys are made in a folder")
    make_folder(os.path.abspath(repo))
    with alone(repo):
        log = begin(publishing.publisher, publishing.keys, wanted)
    fields = {"log_vkey": str(log), "origin": log.name, "quorum": wanted.quorum}
    say(fields, json=json)


def add(
    sources: tuple[str, ...], repo: str, keys: str, expires: timedelta, *, json: bool
) -> int:
    """Make a release; return the exit status.

    Raises:
        Refused: a source, a key or the repository cannot be used.
        Unavailable: there is no room, or no right, to publish.
    """
    publishing = publishing_at(repo, keys, expires)
    asked: list[Asked] = []
    try:
        with (
            progress(json=json) as show,
            publishing.releasing(_compiling(show), _witnesses(asked)) as releasing,
        ):
            added = releasing.add(sources)
    except Waiting as error:
        say({"published": False, "waiting": str(error)}, json=json)
        return 0
    except Unwitnessed as error:
        return _refused("quorum", str(error), asked, json=json)
    for one in asked:
        if one.why:
            sys.stderr.write(f"clearward: {escaped(_told(one))}\n")
    say({**_fields(added), "witnesses": _rows(asked)}, json=json)
    return 0


def refresh(repo: str, keys: str, expires: timedelta, *, json: bool) -> None:
    """Sign snapshot and timestamp anew.

    Raises:
        Refused: a key or the repository cannot be used.
        Unavailable: there is no room, or no right, to publish.
    """
    publishing = publishing_at(repo, keys, expires)
    with publishing.releasing(*refuse_compiling()) as releasing:
        expiry = releasing.refresh()
    say({"expires": expiry.isoformat()}, json=json)


def publishing_at(repo: str, keys: str, expires: timedelta) -> Publishing:
    """Return what a person says of each command."""
    now = datetime.now(UTC)
    return Publishing(Repository(repo), keys_at(keys, os.environ), now, expires)


def _compiling(
    show: Callable[[Progress], None],
) -> Callable[[tuple[str, ...], str], Compiled]:
    return partial(compile_image, strict=False, show=show)


def _fields(added: Added) -> dict[str, Any]:
    rules = added.compiled.rules
    return {
        "seq": added.release.seq,
        "sha256": added.release.rules,
        "source_sha256": added.release.source,
        "log_size": added.log_size,
        "expires": added.expires.isoformat(),
        "rules": rules.count,
        "unusable": rules.unusable,
        "skipped": added.archived.skipped,
        "without_provenance": len(added.archived.manifest.unknown()),
        "resumed": added.resumed,
    }


def say(fields: dict[str, Any], *, json: bool) -> None:
    """Print a summary."""
    if json:
        sys.stdout.write(json_text.dumps({"summary": fields}) + "\n")
        return
    for name, value in fields.items():
        sys.stdout.write(f"{name + ':':<15}{escaped(str(value))}\n")


def _refused(code: str, detail: str, asked: list[Asked], *, json: bool) -> int:
    detail = "; ".join((detail, *(_told(one) for one in asked if one.why)))
    if json:
        fields = {"published": False, "refused": code, "detail": detail}
        rows = {"witnesses": _rows(asked)}
        sys.stdout.write(json_text.dumps({"summary": {**fields, **rows}}) + "\n")
    sys.stderr.write(f"clearward: {code}: {escaped(detail)}"[:_MOST_MESSAGE] + "\n")
    return REFUSED


def _witnesses(asked: list[Asked]) -> Callable[[Policy], Cosign]:
    """Return what asks the witnesses of a policy, and fills a list with what came."""

    def witnesses(policy: Policy) -> Cosign:
        return asking(reaching(Ledger(home()), policy), asked.append, policy)

    return witnesses


def _told(one: Asked) -> str:
    return f"{one.name} has not cosigned: {one.why}"


def _rows(asked: list[Asked]) -> list[dict[str, Any]]:
    return [
        {"name": one.name, "cosigned": not one.why, "why": one.why} for one in asked
    ]


def refuse_compiling() -> tuple[Compile, Callable[[Policy], Cosign]]:
    """Return what a repository is opened with to do everything but make a release."""

    def refuse(_paths: tuple[str, ...], _output: str) -> Compiled:
        raise Refused("nothing is compiled here")

    return refuse, _witnesses([])
