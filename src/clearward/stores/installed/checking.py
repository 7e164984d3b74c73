"""Whether installed rules are what a log that the user trusts says they are.

This is asked when they are loaded, not only when they are installed: rules that were
changed on the disk, or put there by somebody, do not load.
"""

import hashlib
import os

from clearward.core.errors import ClearwardError, Malformed, Refused
from clearward.stores.installed.place import Place
from clearward.stores.installed.releases import Kept
from clearward.stores.installed.trust import Trust
from clearward.updates.policy import Policy
from clearward.updates.release import Release

_PIECE = 1 << 20  # bytes that are hashed at one time


def refusal(why: object) -> Refused:
    """Return the error for rules that do not load; it says what can be done."""
    return Refused(
        f"the installed rules are not used: {why}; run clearward update, or clearward "
        "update --rollback, or leave them out with --no-default-rules"
    )


def check_proof(place: Place, kept: Kept) -> Release:
    """Check the proof of a release under the policy in the home; return what it says.

    Raises:
        Refused: it does not hold.
    """
    try:
        trust = Trust.kept(place)
        if trust is None:
            raise Refused("the trust folder is missing")
        return proven(kept, trust.policy)
    except OSError as error:
        raise refusal(f"{error.filename}: {error.strerror}") from error
    except ClearwardError as error:
        raise refusal(error) from error


def proven(kept: Kept, policy: Policy) -> Release:
    """Return the release that a proof shows to be in a log.

    Raises:
        ClearwardError: it shows nothing; the kinds are those of `Proof.check`.
        OSError: it cannot be read.
    """
    proof = kept.proof()
    entry = proof.extra or b""
    found = Release.parse(entry)
    proof.check(entry, policy)
    if found.seq != kept.seq:
        raise Malformed("release", 0, "number")
    return found


def digest(descriptor: int) -> str:
    """Return the SHA-256 of an open file, hexadecimal, by pread.

    Raises:
        OSError: it cannot be read.
    """
    whole, offset = hashlib.sha256(), 0
    buffer = bytearray(_PIECE)
    view = memoryview(buffer)
    while size := os.preadv(descriptor, [buffer], offset):
        whole.update(view[:size])
        offset += size
    return whole.hexdigest()


def check_image(kept: Kept, release: Release) -> None:
    """Compare the image of a release on the disk with what its entry says.

    Raises:
        Refused: it is another one.
    """
    try:
        descriptor = os.open(kept.image, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            found = digest(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise refusal(f"{kept.image}: {error.strerror}") from error
    if found != release.rules:
        raise refusal("they are not those that the log has")
