"""New keys in the place of old ones, so that clients never see a gap.

A new key signs beside the old one before the root names it, and the old one is gone
when the root does not name it any more:

    1  ROLE.new is made
    2  the metadata of the role is signed by both keys
    3  the next root names the new key only
    4  ROLE.new becomes ROLE

Who is killed on the way calls it again. While a root waits for keys that are kept
elsewhere, step 3 is done by `publish sign`, and 4 by whoever publishes next.

The key of the log is another matter, see `log_key`.

Source: TUF 1.0.31, section 6.
"""

from tuf.api.metadata import Root

from clearward.core.errors import Refused
from clearward.publishing import staging
from clearward.publishing.keys import (
    Keys,
    coming,
    label_of,
    new_label,
    settle,
)
from clearward.publishing.metadata import Publisher
from clearward.publishing.published import current, newest_root
from clearward.publishing.signing_key import MetadataSigner


def rotate(publisher: Publisher, keys: Keys, role: str) -> str:
    """Give a role of TUF a new key; return its id.

    Raises:
        Refused: a key that is needed is not there.
        Waiting: the root waits for signatures of keys that are kept elsewhere.
        Unavailable: there is no room or no right to.
    """
    repository = publisher.repository
    settle(keys, newest_root(repository).signed)
    keys.make(new_label(role))
    (new,) = coming(keys, role)
    if role != "root":
        seen = current(repository)
        publisher.need(role, seen.root.signed)
        if role == "targets":
            publisher.release(seen, list(seen.targets.signed.targets.values()))
        else:
            publisher.refresh(seen)
    old = newest_root(repository).signed
    staged = staging.read(repository, "root", Root)
    root = newest_root(repository).signed if staged is None else staged.signed
    if new.public_key.keyid not in root.roles[role].keyids:
        root.revoke_key(_old(keys, role, root), role)
        root.add_key(new.public_key, role)
    publisher.change_root(old, root)
    settle(keys, root)
    return new.public_key.keyid


def _old(keys: Keys, role: str, root: Root) -> str:
    """Return the id of the key whose place is taken.

    Raises:
        Refused: the root names several, and the key does not say which.
    """
    named = root.roles[role].keyids
    label = label_of(role)
    old = keys.get(label)
    if old is not None:
        keyid = MetadataSigner(old).public_key.keyid
        if keyid in named:
            return keyid
    if len(named) != 1:
        said = f"the old key {label} is not there, and {role} has several"
        raise Refused(f"{keys.name}: {said}")
    return named[0]
