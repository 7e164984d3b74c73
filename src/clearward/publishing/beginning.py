"""A new repository: keys, an empty log, and what clients are given once.

Whoever was killed on the way calls it again: keys that are there are used, and the
timestamp, without which there is no repository, is written last.

Source: the contract of `publish init`; C2SP tlog-policy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from securesystemslib.signer import Key
from tuf.api.metadata import Role, Root

from clearward.core.errors import Malformed, Refused
from clearward.publishing.history import History
from clearward.publishing.judging import REVIEWERS
from clearward.publishing.keys import LOG, ROLES, Keys, make_keys
from clearward.publishing.metadata import Publisher
from clearward.publishing.published import TIMESTAMP
from clearward.publishing.repository import POLICY
from clearward.publishing.signing_key import MetadataSigner
from clearward.updates.keys import Kind, PublicKey
from clearward.updates.policy import Party, Policy
from clearward.updates.signers import Signer

_GROUP = "witnesses"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person says of a new repository.

    Attributes:
        origin: name of its log.
        witnesses: with their addresses.
        quorum: how many of them have to sign.
        thresholds: how many keys of a role have to sign, if more than one.
        reviewers: whose reviews of rules are believed.
    """

    origin: str
    witnesses: Sequence[Party] = ()
    quorum: int = 0
    thresholds: Mapping[str, int] = field(default_factory=dict)
    reviewers: Sequence[PublicKey] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.quorum <= len(self.witnesses):
            raise Refused(
                f"a quorum of {self.quorum}, and {len(self.witnesses)} witnesses"
            )
        keys = {one.key.data for one in self.witnesses}
        if len(keys) != len(self.witnesses):
            raise Refused("the key of a witness is there twice")

    def policy(self, log: PublicKey) -> str:
        """Return the text of the policy."""
        names = [f"witness-{number + 1}" for number in range(len(self.witnesses))]
        lines = [f"log {log}"]
        for name, one in zip(names, self.witnesses, strict=True):
            lines.append(f"witness {name} {one.key} {one.address}".rstrip())
        if self.quorum:
            lines.append(f"group {_GROUP} {self.quorum} {' '.join(names)}")
        lines.append(f"quorum {_GROUP if self.quorum else 'none'}")
        text = "".join(f"{line}\n" for line in lines)
        Policy.parse(text)
        return text


def begin(publisher: Publisher, keys: Keys, wanted: Wanted) -> PublicKey:
    """Make a repository; return the public key of its log.

    Raises:
        Refused: there is one already, or what is wanted cannot be.
        Unavailable: there is no room or no right to.
    """
    repository = publisher.repository
    if repository.has(TIMESTAMP):
        raise Refused(f"{repository.folder}: there is a repository already")
    for role in (*ROLES, LOG):
        make_keys(keys, role, wanted.thresholds.get(role, 1))
    signer = _named(keys, wanted.origin)
    if wanted.reviewers:
        keys_of = "".join(f"{one}\n" for one in wanted.reviewers)
        repository.write(REVIEWERS, keys_of.encode())
    repository.write(POLICY, wanted.policy(signer.public).encode())
    log = repository.log(wanted.origin)
    if repository.has("log/checkpoint"):
        log.head()  # of this very log
    else:
        History(log, lambda: [signer], lambda note, _head, _prove: note).create()
    publisher.begin(_root(keys, wanted))
    return signer.public


def _named(keys: Keys, origin: str) -> Signer:
    """Return the key of the log with its name."""
    try:
        key = keys.find(LOG)[0]
        return Signer(PublicKey(origin, Kind.ED25519, key.public), key)
    except Malformed as error:
        if error.field == "name":
            raise Refused(
                f"{origin}: no name of a log: it has no spaces and no plus"
            ) from error
        raise Refused(f"{keys.name}: the key of the log: {error}") from error


def _root(keys: Keys, wanted: Wanted) -> Root:
    found: dict[str, Key] = {}
    roles = {}
    for role in ROLES:
        publics = [MetadataSigner(one).public_key for one in keys.find(role)]
        found.update((one.keyid, one) for one in publics)
        least = wanted.thresholds.get(role, 1)
        roles[role] = Role([one.keyid for one in publics], least)
    return Root(1, keys=found, roles=roles, consistent_snapshot=True)
