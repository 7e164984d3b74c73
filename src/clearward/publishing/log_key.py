"""A new key for the log, in the place of the old one.

The key of a log is not in the metadata of TUF but in the policy of each client, which
is the user's own. So both keys sign for a while:

    1  log.new is made; from now on heads are signed by both keys
    2  the head and the proof of the last release get the signature of the new key
    3  trust/policy names the new key only
    4  log becomes log-2, log.new becomes log

Clients with the old policy go on until the old key is removed; those who
are given the new one do not take the old key's word any more. Who is killed on the way
calls it again. Witnesses have to be told the new key, too.
"""

from clearward.core.errors import Refused
from clearward.publishing.keys import LOG, Keys, label_of, named, new_label
from clearward.publishing.releasing import Releasing
from clearward.publishing.repository import POLICY
from clearward.updates.keys import PublicKey


def rotate_log(releasing: Releasing, keys: Keys, old: PublicKey) -> PublicKey:
    """Give the log a new key; return it.

    Args:
        releasing: a repository that is open.
        keys: of it.
        old: the key that its policy names.

    Raises:
        Refused: a key is not there, or the log is not what it should be.
        Waiting: targets wait for signatures of keys that are kept elsewhere.
        Unavailable: there is no room or no right to.
    """
    keys.make(new_label(LOG))
    key = keys.get(new_label(LOG))
    if key is None:
        raise Refused(f"{keys.name}: the new key of the log is not there")
    new = named(key, old).public
    if new != old:
        releasing.finish_shown()
        releasing.history.sign_again()
        releasing.prove_again()
        _name(releasing, old, new)
    number = 2
    while keys.get(label_of(LOG, number)) is not None:
        number += 1
    if keys.get(label_of(LOG)) is not None:
        keys.rename(label_of(LOG), label_of(LOG, number))
    keys.rename(new_label(LOG), label_of(LOG))
    return new


def _name(releasing: Releasing, old: PublicKey, new: PublicKey) -> None:
    """Let the policy name the new key."""
    repository = releasing.publisher.repository
    text = repository.read(POLICY).decode("utf-8")
    changed = text.replace(f"log {old}", f"log {new}")
    if changed == text:
        raise Refused(f"{repository.path(POLICY)}: does not name the log as it should")
    repository.write(POLICY, changed.encode())
