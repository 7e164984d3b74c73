"""What `clearward update` does."""

import json as json_text
import sys
import time
from dataclasses import dataclass
from typing import Any

from clearward.core.errors import Refused
from clearward.faces.cli.run_ledger_witness import cosign_after
from clearward.faces.text import escaped
from clearward.installing.attempt import attempt
from clearward.installing.opening import opened
from clearward.installing.refusal import Untrusted
from clearward.installing.repository import carried
from clearward.installing.update import Outcome, Update
from clearward.installing.web import WebCarrier
from clearward.stores.home import home
from clearward.stores.installed.place import Place
from clearward.stores.installed.releases import Releases
from clearward.stores.installed.trust import Trust
from clearward.updates.release import Release

REFUSED = 1


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asked for; see the options of `clearward update`."""

    source: str
    trust: str | None
    again: bool
    seconds: float
    json: bool
    tls_keys: str = ""


def run(request: Request) -> int:
    """Update, say what came of it, and return the exit status.

    Raises:
        Refused: wrong use, or rules that cannot be used here.
        Unavailable: the home cannot be written.
    """
    given = Trust.read(request.trust) if request.trust is not None else None
    update = Update(Place(home()), attempt, request.again)
    try:
        with carried():
            opening = opened(request.source, home(), request.seconds, request.tls_keys)
            carrier = opening.__enter__()
        try:
            outcome = update.run(carrier, given, time.time())
        finally:
            opening.__exit__(None, None, None)
            if isinstance(carrier, WebCarrier):
                cosign_after(carrier.door)
    except Untrusted as error:
        return _refuse(error, json=request.json)
    _tell(_fields(outcome), _sentence(outcome), json=request.json)
    return 0


def roll_back(*, json: bool) -> int:
    """Go back to the release before, say so, and return the exit status.

    Raises:
        Refused: there is none that can be used.
        Unavailable: the home cannot be written.
    """
    release = Update(Place(home())).roll_back()
    fields = {"updated": True, "rollback": True, **_named(release)}
    said = (
        f"went back to release {release.seq}; update does not install the newer one "
        "again without --again"
    )
    _tell(fields, said, json=json)
    return 0


def _fields(outcome: Outcome) -> dict[str, Any]:
    fields = {"updated": outcome.updated, **_named(outcome.release)}
    fields["log_size"] = outcome.log_size
    if outcome.held:
        fields["held"] = outcome.held
    return fields


def _named(release: Release) -> dict[str, Any]:
    return {"seq": release.seq, "sha256": release.rules}


def _sentence(outcome: Outcome) -> str:
    seq = outcome.release.seq
    if outcome.updated:
        return f"updated: release {seq} is in force"
    if outcome.held:
        return (
            f"release {seq} stays in force: you went back from release "
            f"{outcome.held}; --again installs it"
        )
    return f"current: release {seq} is in force"


def _refuse(error: Untrusted, *, json: bool) -> int:
    detail = escaped(" ".join(error.detail.split()))
    if json:
        fields = {"updated": False, "refused": error.code.value, "detail": detail}
        sys.stdout.write(json_text.dumps({"summary": fields}) + "\n")
        return REFUSED
    said = f"update refused: {error.code}: {detail}"[:400]
    sys.stderr.write(f"clearward: {said}; {_in_force()}\n")
    return REFUSED


def _in_force() -> str:
    """Say which rules are still in force."""
    try:
        current = Releases(Place(home())).current()
    except Refused:
        return "what is installed is damaged"
    if current is None:
        return "the starter bundle stays in force"
    return f"release {current.seq} stays in force"


def _tell(fields: dict[str, Any], said: str, *, json: bool) -> None:
    line = json_text.dumps({"summary": fields}) if json else said
    sys.stdout.write(line + "\n")
