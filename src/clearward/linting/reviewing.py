"""Keys of reviewers, and the records that they sign over findings.

What a record says, and whether it covers something, is decided in `updates.review`.
"""

import os
from collections.abc import Collection, Iterable

from clearward.core.errors import Malformed, Refused, Unavailable
from clearward.linting.findings import Finding, Linted
from clearward.stores.durable import write_all
from clearward.stores.new_file import new_file
from clearward.updates.keys import Kind, PublicKey
from clearward.updates.review import covers, signed
from clearward.updates.signers import Signer

_MOST_KEY = 16 * 1024  # bytes of a file with a private key


def make_key(path: str, name: str) -> PublicKey:
    """Make a reviewer's key and write it to a new file that only its owner can read.

    Raises:
        Refused: nobody may be called so, or something is there already.
        Unavailable: it cannot be written.
    """
    try:
        signer = Signer.made(name, Kind.ED25519)
    except Malformed as error:
        raise Refused(f"a reviewer cannot be called so: {name}") from error
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags, 0o600)
        try:
            write_all(descriptor, signer.pem())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except FileExistsError as error:
        raise Refused(f"{path}: is there already; a key is not replaced") from error
    except OSError as error:
        raise Unavailable(f"{path}: cannot be written: {error.strerror}") from error
    return signer.public


def read_key(path: str, name: str) -> Signer:
    """Read a reviewer's private key.

    Raises:
        Refused: it cannot be read, is none, or nobody may be called so.
    """
    try:
        with open(path, "rb") as file:
            return Signer.parse(name, Kind.ED25519, file.read(_MOST_KEY))
    except OSError as error:
        raise Refused(f"{path}: cannot be read: {error.strerror}") from error
    except Malformed as error:
        raise Refused(f"{path}: not a key of a reviewer: {error}") from error


def sign(findings: Iterable[Finding], signer: Signer, output: str) -> None:
    """Sign that some findings may pass, and write the record.

    Raises:
        Refused: there is no finding.
        Unavailable: it cannot be written.
    """
    reviewed = [one.reviewed for one in findings]
    if not reviewed:
        raise Refused("there is no finding to review")
    with new_file(output) as descriptor:
        write_all(descriptor, signed(reviewed, signer))


def uncovered(
    linted: Linted, reviews: Iterable[bytes], keys: Collection[PublicKey]
) -> list[Finding]:
    """Return the findings that block and that no review covers; none of them is good.

    Args:
        linted: what the lint found.
        reviews: records, as files have them.
        keys: of the reviewers that are believed.

    Raises:
        Malformed: one of the records is none.
        Unsigned: one is not signed by a key that is believed.
    """
    blocking = linted.blocking
    left = set(covers([one.reviewed for one in blocking], reviews, keys))
    return [one for one in blocking if one.reviewed in left]
