"""What witnesses have cosigned of the ledger: a signed checkpoint for each of them.

    clearward/ledger/4b2f10c3d2a1908f       front of the SHA-256 of the ledger's key
    120
    base64 of the root

The name differs from ledger to ledger, so that one witness can serve many. The file of
a witness is called after the number of its key.

Source: C2SP tlog-checkpoint 1.0.0, tlog-cosignature.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from clearward.core.errors import Malformed
from clearward.egress import folder
from clearward.egress.frontier import Frontier
from clearward.egress.head import ORIGIN
from clearward.egress.lines import blocks
from clearward.egress.record import DIGEST
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.keys import Kind, PublicKey
from clearward.updates.note import Note
from clearward.updates.signatures import Unsigned, check
from clearward.updates.tree import hash_leaf

FRONT = "cosigned-"
_NAME_BYTES = 8  # of the digest of the key


@dataclass(frozen=True, slots=True)
class Cosigned:
    """One head, signed by the ledger and a witness.

    Attributes:
        key: of the witness.
        size: records under it.
        root: over them.
        time: that the witness says, seconds since 1970 UTC.
    """

    key: PublicKey
    size: int
    root: bytes
    time: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a ledger stands to what one witness has signed.

    Attributes:
        key: of the witness.
        head: what it has signed; None if nothing that can be read.
        why: it does not hold; empty if it does, or if there is nothing yet.
    """

    key: PublicKey
    head: Cosigned | None = None
    why: str = ""


def log_key(public: PublicKey) -> PublicKey:
    """Return the key of a ledger under the name that witnesses know it by."""
    name = hashlib.sha256(public.data).digest()[:_NAME_BYTES].hex()
    return PublicKey(f"{ORIGIN}/{name}", Kind.ED25519, public.data)


def file_name(key: PublicKey) -> str:
    """Return the name of the file of a witness."""
    return f"{FRONT}{key.number.hex()}"


def parse(data: bytes, log: PublicKey, key: PublicKey) -> Cosigned:
    """Read a cosigned head.

    Args:
        data: the note.
        log: key of the ledger, as `log_key` gives it.
        key: of the witness.

    Raises:
        Malformed: it is none, or of another ledger.
        Unsigned: one of the two has not signed it.
    """
    note = Note.parse(data)
    check(note, log)
    time = check(note, key)
    head = Checkpoint.parse(note.text)
    if head.origin != log.name or time is None:
        raise Malformed("cosigned head", 0, "origin")
    return Cosigned(key, head.size, head.root, time)


def read(path: str, log: PublicKey, key: PublicKey) -> Cosigned | None:
    """Return what a witness has signed last; None if it never has.

    Raises:
        Malformed: as `parse`.
        Unsigned: likewise.
        Unavailable: it cannot be read.
    """
    try:
        return parse(folder.read(path, file_name(key)), log, key)
    except FileNotFoundError:
        return None


def standing(
    path: str, public: PublicKey, keys: Collection[PublicKey]
) -> list[Standing]:
    """Compare the records with what witnesses have signed.

    Args:
        path: of the folder of the ledger.
        public: key of the ledger.
        keys: of the witnesses.

    Raises:
        Unavailable: it cannot be read.
    """
    log = log_key(public)
    found = [_read(path, log, key) for key in keys]
    sizes = {one.head.size for one in found if one.head}
    under = roots(path, sizes) if sizes else {}
    return [_judged(one, under) for one in found]


def leaves(path: str, most: int) -> list[bytes]:
    """Return the leaf hashes of the first records, damaged ones as they stand.

    Args:
        path: of the folder.
        most: how many.

    Raises:
        Unavailable: they cannot be read.
    """
    found: list[bytes] = []
    try:
        with folder.locked(path, alone=False) as opened:
            end = folder.size(opened)
            folder.release(opened)
            for lines, _ in blocks(opened, 0, end):
                found += (hash_leaf(one[DIGEST + 1 :]) for one in lines)
                if len(found) >= most:
                    break
    except FileNotFoundError:
        return []
    return found[:most]


def roots(path: str, sizes: Collection[int]) -> dict[int, bytes]:
    """Return the roots over the first records, for as many as there are."""
    hashes = leaves(path, max(sizes, default=0))
    tree = Frontier()
    found = {}
    for size in sorted(sizes):
        if size > len(hashes):
            break
        tree.add(hashes[tree.size : size])
        found[size] = tree.root()
    return found


def _read(path: str, log: PublicKey, key: PublicKey) -> Standing:
    try:
        return Standing(key, read(path, log, key))
    except (Malformed, Unsigned) as error:
        return Standing(key, None, f"its cosigned head is not good: {error}")


def _judged(one: Standing, under: dict[int, bytes]) -> Standing:
    if one.head is None or under.get(one.head.size) == one.head.root:
        return one
    if one.head.size in under:
        why = f"the first {one.head.size:,} records are not those that it cosigned"
    else:
        why = f"records are missing: it cosigned {one.head.size:,}"
    return Standing(one.key, one.head, why)
