"""The user's own word on which logs count, and how many of which witnesses.

    log VKEY [URL]
    witness NAME VKEY [URL]
    group NAME all|any|K NAME...
    quorum NAME|none

A name is defined before it is used, and is a member of one group at most.

Source: C2SP tlog-policy.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from clearward.core.errors import ClearwardError, Malformed
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.keys import Kind, PublicKey
from clearward.updates.note import Note
from clearward.updates.signatures import Unsigned, check

_NOBODY = "none"
_MOST = 1 << 20  # characters
_LEAST_OF_GROUP = 4  # words


class Unwitnessed(ClearwardError):
    """Fewer witnesses than the policy wants have signed."""


@dataclass(frozen=True, slots=True)
class Party:
    """A log or a witness.

    Attributes:
        key: of it.
        address: where it is asked, if the policy says so.
    """

    key: PublicKey
    address: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses and groups of which some have to agree.

    Attributes:
        least: how many.
        members: their names.
    """

    least: int
    members: tuple[str, ...]


@dataclass(slots=True)
class Policy:
    """What a user trusts.

    Attributes:
        logs: any of them may have signed.
        witnesses: by their names here.
        groups: likewise.
        quorum: name of a witness or a group, or ``"none"``.
    """

    logs: list[Party] = field(default_factory=list)
    witnesses: dict[str, Party] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    quorum: str = ""

    @classmethod
    def parse(cls, text: str) -> "Policy":
        """Read a policy.

        Raises:
            Malformed: it is none; the offset is the number of the line.
        """
        if len(text) > _MOST:
            raise Malformed("policy", 0, "length")
        reader = _Reader(cls())
        for number, line in enumerate(text.split("\n"), 1):
            words = line.replace("\t", " ").split(" ")
            words = [word for word in words if word]
            if not words or words[0].startswith("#"):
                continue
            try:
                reader.take(words)
            except (ValueError, Malformed) as error:
                raise Malformed("policy", number, f"line: {error}") from error
        if not reader.policy.quorum:
            raise Malformed("policy", 0, "quorum: there is none")
        return reader.policy

    def check(self, data: bytes) -> Checkpoint:
        """Check a signed checkpoint.

        Raises:
            Malformed: it is none.
            Unsigned: no log that counts has signed it.
            Unwitnessed: not enough witnesses have.
        """
        note = Note.parse(data)
        checkpoint = Checkpoint.parse(note.text)
        logs = [one.key for one in self.logs if one.key.name == checkpoint.origin]
        signed = [key for key in logs if _has_signed(note, key)]
        if not signed:
            raise Unsigned("the checkpoint is not signed by a log of the policy")
        agreed = {
            name
            for name, one in self.witnesses.items()
            if _has_signed(note, one.key, strict=False)
        }
        if not self.is_met(agreed):
            raise Unwitnessed(
                f"{len(agreed)} of {len(self.witnesses)} witnesses have signed, "
                f"which is not what the policy wants ({self.quorum})"
            )
        return checkpoint

    def is_met(self, agreed: set[str], name: str = "") -> bool:
        """Say whether enough witnesses agree.

        Args:
            agreed: names of those that do.
            name: of the witness or group that has to; that of the quorum if empty.
        """
        name = name or self.quorum
        if name == _NOBODY or name in agreed:
            return True
        group = self.groups.get(name)
        if group is None:
            return False
        return sum(self.is_met(agreed, one) for one in group.members) >= group.least


class _Reader:
    """Takes lines, one after the other."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._members: set[str] = set()
        self._takes: dict[str, Callable[[list[str]], None]] = {
            "log": self._log,
            "witness": self._witness,
            "group": self._group,
            "quorum": self._quorum,
        }

    def take(self, words: list[str]) -> None:
        if words[0] not in self._takes:
            raise ValueError("it begins with no word of a policy")
        self._takes[words[0]](words)

    def _log(self, words: list[str]) -> None:
        _, key, *address = words
        party = _party(key, address, Kind.ED25519)
        if party.key.data in {one.key.data for one in self.policy.logs}:
            raise ValueError("the key of a log is there twice")
        self.policy.logs.append(party)

    def _witness(self, words: list[str]) -> None:
        _, name, key, *address = words
        party = _party(
            key, address, Kind.COSIGNATURE_ED25519, Kind.COSIGNATURE_ML_DSA_44
        )
        if party.key.data in {one.key.data for one in self.policy.witnesses.values()}:
            raise ValueError("the key of a witness is there twice")
        self._define(name)
        self.policy.witnesses[name] = party

    def _group(self, words: list[str]) -> None:
        if len(words) < _LEAST_OF_GROUP:
            raise ValueError("a group has a name, a number and members")
        _, name, least, *members = words
        for one in members:
            if not self._is_defined(one) or one == _NOBODY:
                raise ValueError("a member that is not defined before")
            if one in self._members:
                raise ValueError("a member of more than one group")
            self._members.add(one)
        self._define(name)
        self.policy.groups[name] = Group(_least(least, len(members)), tuple(members))

    def _quorum(self, words: list[str]) -> None:
        _, name = words
        if self.policy.quorum:
            raise ValueError("a second quorum")
        if name != _NOBODY and not self._is_defined(name):
            raise ValueError("a quorum that is not defined before")
        self.policy.quorum = name

    def _define(self, name: str) -> None:
        if name == _NOBODY or self._is_defined(name):
            raise ValueError("a name that is taken")

    def _is_defined(self, name: str) -> bool:
        return name in self.policy.witnesses or name in self.policy.groups


def _party(key: str, address: list[str], *kinds: Kind) -> Party:
    if len(address) > 1:
        raise ValueError("more words than it has")
    found = PublicKey.parse(key)
    if found.kind not in kinds:
        raise ValueError("a key of another kind")
    return Party(found, *address)


def _least(word: str, members: int) -> int:
    if word in ("all", "any"):
        return members if word == "all" else 1
    if not (word.isascii() and word.isdecimal()) or word.startswith("0"):
        raise ValueError("a number that is none")
    if int(word) > members:
        raise ValueError("more than there are members")
    return int(word)


def _has_signed(note: Note, key: PublicKey, *, strict: bool = True) -> bool:
    """Say whether a key has signed; a wrong signature of a log is an error."""
    if not any(note.by(lambda one: (one.name, one.number) == (key.name, key.number))):
        return False
    try:
        check(note, key)
    except Unsigned:
        if strict:
            raise
        return False
    return True
