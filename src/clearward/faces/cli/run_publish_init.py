"""Read what `clearward publish init` is told of a new repository."""

from clearward.core.errors import Malformed, Refused
from clearward.publishing.beginning import Wanted
from clearward.publishing.judging import reviewer
from clearward.publishing.keys import ROLES
from clearward.updates.keys import Kind, PublicKey
from clearward.updates.policy import Party

_MOST_KEYS = 100


def wanted(
    origin: str,
    witnesses: tuple[str, ...],
    quorum: int | None,
    thresholds: tuple[str, ...],
    reviewers: tuple[str, ...] = (),
) -> Wanted:
    """Return what a person wants.

    Raises:
        Refused: a witness or a threshold is none, or the quorum cannot be met.
    """
    parties = tuple(map(_witness, witnesses))
    least = len(parties) if quorum is None else quorum
    believed = tuple(map(reviewer, reviewers))
    return Wanted(origin, parties, least, dict(map(_threshold, thresholds)), believed)


def _witness(text: str) -> Party:
    """Read URL=VKEY; a key may have equals signs in it, and so may an address."""
    parts = text.split("=")
    for number in range(1, len(parts)):
        address, key = "=".join(parts[:number]), "=".join(parts[number:])
        try:
            found = PublicKey.parse(key)
        except Malformed:
            continue
        if found.kind is Kind.ED25519:
            raise Refused(f"{text}: the key of a log, not of a witness")
        if not _is_address(address):
            raise Refused(f"{text}: the address of a witness is http or https")
        return Party(found, address)
    raise Refused(f"{text}: a witness is URL=VKEY, with the key that it says")


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://")) and not any(map(str.isspace, text))


def _threshold(text: str) -> tuple[str, int]:
    role, equals, count = text.partition("=")
    if (
        role not in ROLES
        or not equals
        or not count.isdecimal()
        or not 0 < int(count) <= _MOST_KEYS
    ):
        raise Refused(f"{text}: a threshold is ROLE=N, with {', '.join(ROLES)}")
    return role, int(count)
