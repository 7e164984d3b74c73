"""What `clearward publish` does: init and refresh, and what all of it shares."""

import json as json_text
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from clearward.compiling import Compiled
from clearward.core.errors import Refused
from clearward.egress.ledger import Ledger
from clearward.faces.cli.publish_pins import finder
from clearward.faces.cli.run_ledger_witness import cosign_after
from clearward.faces.text import escaped
from clearward.publishing.beginning import Wanted, begin
from clearward.publishing.history import Cosign, Prove
from clearward.publishing.judging import let_pass
from clearward.publishing.making import Maker
from clearward.publishing.opening import Publishing
from clearward.publishing.posting import door_to, reaching
from clearward.publishing.repository import Repository, alone, make_folder
from clearward.publishing.witnesses import Asked, asking
from clearward.stores.home import home
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.note import Note
from clearward.updates.policy import Policy


@dataclass(frozen=True, slots=True)
class Where:
    """What a person says of every command.

    Attributes:
        repository: a folder.
        keys: one place or several, see `publishing.key_places`.
        lifetime: of the timestamp.
    """

    repository: str
    keys: tuple[str, ...]
    lifetime: timedelta

    def publishing(self) -> Publishing:
        """Return how to publish there now.

        Raises:
            Refused: there can be no keys in such places.
        """
        keys = finder().find(self.keys)
        repository = Repository(self.repository)
        return Publishing(repository, keys, datetime.now(UTC), self.lifetime)


def init(where: Where, wanted: Wanted, *, json: bool) -> None:
    """Make a repository.

    Raises:
        Refused: there is one, or what is wanted cannot be.
        Unavailable: there is no room or no right to.
    """
    publishing = where.publishing()
    make_folder(where.repository)
    with alone(where.repository):
        log = begin(publishing.publisher, publishing.keys, wanted)
    fields = {"log_vkey": str(log), "origin": log.name, "quorum": wanted.quorum}
    say(fields, json=json)


def refresh(where: Where, *, json: bool) -> None:
    """Sign snapshot and timestamp anew.

    Raises:
        Refused: a key or the repository cannot be used.
        Unavailable: there is no room, or no right, to publish.
    """
    with where.publishing().releasing(*no_release()) as releasing:
        expiry = releasing.refresh()
    say({"expires": expiry.isoformat()}, json=json)


def say(fields: dict[str, Any], *, json: bool) -> None:
    """Print a summary."""
    if json:
        sys.stdout.write(json_text.dumps({"summary": fields}) + "\n")
        return
    for name, value in fields.items():
        sys.stdout.write(f"{name + ':':<20}{escaped(_text(value))}\n")


def witnesses(asked: list[Asked]) -> Callable[[Policy], Cosign]:
    """Return what asks the witnesses of a policy, and fills a list with what came."""

    def of(policy: Policy) -> Cosign:
        door = door_to(Ledger(home()), policy)
        ask = asking(reaching(door), asked.append, policy)

        def cosign(note: Note, head: Checkpoint, prove: Prove) -> Note:
            try:
                return ask(note, head, prove)
            finally:
                cosign_after(door)

        return cosign

    return of


def no_release() -> tuple[Maker, Callable[[Policy], Cosign]]:
    """Return what a repository is opened with to do everything but make a release."""

    def refuse(_paths: tuple[str, ...], _output: str) -> Compiled:
        raise Refused("nothing is compiled here")

    return Maker(refuse, let_pass), witnesses([])


def _text(value: Any) -> str:  # noqa: ANN401 - whatever a summary has
    if isinstance(value, list):
        return f"{len(value):,}" if value else "none"
    if isinstance(value, dict):
        return ", ".join(f"{count:,} {name}" for name, count in value.items()) or "none"
    return str(value)
