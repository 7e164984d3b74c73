"""The log: is its head one that the user's policy believes, and does it go on.

A log that shows two histories to two people shows one of them a head that does not
continue the one he has seen. Whether it does is computed from the tiles, which are not
trusted: first they have to lead to the new head, then the old one has to be in them.

Source: C2SP tlog-tiles 0.1.0, tlog-policy; RFC 9162, section 2.1.4.
"""

from collections.abc import Callable

from clearward.core.errors import Malformed
from clearward.installing.carrier import Files, Missing
from clearward.installing.refusal import Code, Untrusted
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.note import Note
from clearward.updates.policy import Policy, Unwitnessed
from clearward.updates.signatures import Unsigned, check
from clearward.updates.tiles import WIDTH, Tiles
from clearward.updates.tree import (
    HASH_BYTES,
    Unproven,
    check_consistency,
    prove_consistency,
)

HEAD = "log/checkpoint"
MOST_HEAD = 1 << 18  # bytes
_MOST_TILE = WIDTH * HASH_BYTES


def believed(data: bytes, policy: Policy, what: str = "checkpoint") -> Checkpoint:
    """Return a head that a policy believes.

    Args:
        data: the signed note.
        policy: the user's.
        what: it is called in a refusal.

    Raises:
        Untrusted: it does not.
    """
    try:
        return policy.check(data)
    except Malformed as error:
        raise Untrusted(Code.TAMPERED, f"the {what}: {error}") from error
    except Unsigned as error:
        raise Untrusted(Code.SIGNATURE, f"the {what}: {error}") from error
    except Unwitnessed as error:
        raise Untrusted(Code.QUORUM, f"the {what}: {error}") from error


def check_age(data: bytes, policy: Policy, oldest: float) -> None:
    """Refuse a head that too few witnesses have signed lately.

    Args:
        data: the signed note; the policy believes it.
        policy: the user's.
        oldest: seconds since 1970 UTC; signatures from before do not count.

    Raises:
        Untrusted: they are too few.
    """
    note = Note.parse(data)
    fresh = set()
    for name, witness in policy.witnesses.items():
        try:
            time = check(note, witness.key)
        except Unsigned:
            continue
        if time is not None and time >= oldest:
            fresh.add(name)
    if not policy.is_met(fresh):
        raise Untrusted(
            Code.EXPIRED,
            f"only {len(fresh)} witnesses have signed the checkpoint lately enough",
        )


def check_continued(old: Checkpoint, new: Checkpoint, carrier: Files) -> None:
    """Refuse a head that does not go on where an older one ended.

    Args:
        old: of the same log.
        new: believed.
        carrier: has the tiles; it is only asked where the log has grown.

    Raises:
        Untrusted: the log is smaller than it was, another one, or its tiles are wrong.
        Unavailable: the carrier cannot be reached.
    """
    if new.size < old.size:
        raise Untrusted(
            Code.ROLLBACK, f"the log has {new.size} entries, and had {old.size} before"
        )
    if new.size == old.size:
        if new.root != old.root:
            raise Untrusted(
                Code.FORK, f"another log of {new.size} entries than the one seen before"
            )
        return
    if not old.size:  # every log continues an empty one
        return
    tiles = Tiles(new.size, _reader(carrier))
    try:
        before = tiles.subtree(0, old.size)
        proof = prove_consistency(old.size, new.size, tiles.subtree)
        check_consistency(old.size, new.size, before, new.root, proof)
    except (Malformed, Unproven) as error:
        said = f"the tiles of the log do not lead to its checkpoint: {error}"
        raise Untrusted(Code.TAMPERED, said) from error
    except FileNotFoundError as error:
        raise Untrusted(Code.UNREACHABLE, f"a tile of the log: {error}") from error
    if before != old.root:
        raise Untrusted(
            Code.FORK,
            f"the log of {new.size} entries does not continue the one of {old.size} "
            "that was seen before",
        )


def _reader(carrier: Files) -> Callable[[str], bytes]:
    def read(name: str) -> bytes:
        try:
            return carrier.read(f"log/{name}", _MOST_TILE)
        except Missing as error:
            raise FileNotFoundError(str(error)) from error

    return read
