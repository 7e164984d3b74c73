"""Witnesses cosign what continues what they signed before, and only they count."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import pytest
from support.signing import Signer
from support.witnessing import Log, numbered

from clearward.core.errors import Unavailable
from clearward.publishing.witnesses import Ask, Asked, asking
from clearward.updates import witness
from clearward.updates.keys import Kind
from clearward.updates.note import Note
from clearward.updates.policy import Group, Party, Policy, Unwitnessed
from clearward.updates.signatures import check
from clearward.updates.submitting import Reply
from clearward.updates.witness import Head, Logs

KINDS = (Kind.COSIGNATURE_ED25519, Kind.COSIGNATURE_ML_DSA_44)


@dataclass
class Fake:
    """A witness as it should be, or not quite."""

    signer: Signer
    log: Log
    last: Head | None = None
    questions: list[bytes] = field(default_factory=list)
    change: Callable[[bytes], bytes] = bytes

    def answer(self, body: bytes) -> Reply:
        self.questions.append(body.split(b"\n")[0])
        asked = witness.read(body, Logs.of([self.log.signer.public]))
        assert isinstance(asked, witness.Submission)
        objection = witness.objection(asked, self.last)
        if objection is not None:
            return Reply(objection.status, objection.body.encode())
        self.last = Head(asked.checkpoint.size, asked.checkpoint.root)
        signed = self.signer.sign(Note(asked.note.text, ()))
        return Reply(200, self.change(signed.signatures[0].line().encode()))


class Scene:
    """A log of five entries and some witnesses."""

    def __init__(self, count: int, least: int) -> None:
        self.log = numbered(5)
        self.fakes = {
            f"http://w{number}": Fake(
                Signer(f"w.example/{number}", KINDS[number % 2]), self.log
            )
            for number in range(count)
        }
        names = tuple(f"w{number}" for number in range(count))
        self.policy = Policy(
            [Party(self.log.signer.public)],
            {
                name: Party(one.signer.public, address)
                for name, (address, one) in zip(names, self.fakes.items(), strict=True)
            },
            {"all": Group(least, names)},
            "all",
        )
        self.told: list[Asked] = []

    def __getitem__(self, number: int) -> Fake:
        return self.fakes[f"http://w{number}"]

    @contextmanager
    def reach(self, address: str) -> Iterator[Ask]:
        yield self.fakes[address].answer

    def cosign(self, size: int) -> Note:
        cosign = asking(self.reach, self.told.append, self.policy)
        prove = partial(self.log.proof, new=size)
        return cosign(self.log.note(size), self.log.head(size), prove)


def test_all_sign_what_continues_what_they_signed() -> None:
    scene = Scene(2, 2)
    for size in (1, 2, 3):
        note = scene.cosign(size)
        for number in range(2):
            check(note, scene[number].signer.public)
    assert scene[0].questions == [b"old 0", b"old 1", b"old 2"]
    assert {one.why for one in scene.told} == {""}


@pytest.mark.parametrize("size", [0, 1, 2, 5])
def test_who_has_signed_another_size_is_asked_from_there(size: int) -> None:
    scene = Scene(1, 1)
    if size:
        head = scene.log.head(size)
        scene[0].last = Head(head.size, head.root)
    check(scene.cosign(5), scene[0].signer.public)
    assert scene[0].questions == [b"old 4", b"old %d" % size]


def test_who_has_signed_another_history_is_asked_no_further() -> None:
    scene = Scene(1, 1)
    other = scene.log.fork(1, b"x").head(3)
    scene[0].last = Head(other.size, other.root)
    with pytest.raises(Unwitnessed):
        scene.cosign(5)
    assert scene[0].questions == [b"old 4", b"old 3"]
    assert "422" in scene.told[0].why


def test_a_size_above_ours_is_not_asked_for() -> None:
    scene = Scene(1, 1)
    scene[0].last = Head(9, bytes(32))
    with pytest.raises(Unwitnessed):
        scene.cosign(5)
    assert scene[0].questions == [b"old 4"]


def test_fewer_than_the_quorum_are_refused() -> None:
    scene = Scene(3, 2)
    scene[0].change = lambda _: b""
    scene.cosign(1)
    scene[1].change = lambda _: b""
    with pytest.raises(Unwitnessed, match="1 of 3 witnesses"):
        scene.cosign(2)
    assert [bool(one.why) for one in scene.told[3:]] == [True, True, False]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda line: line[:-9] + b"AAAAAAA=\n", id="another signature"),
        pytest.param(lambda line: line.replace(b"w.exa", b"v.exa"), id="name"),
        pytest.param(lambda line: line[:-1], id="no end"),
        pytest.param(lambda line: b"x" + line, id="no line"),
        pytest.param(lambda line: line * 101, id="too many"),
        pytest.param(lambda _: b"", id="nothing"),
        pytest.param(lambda _: b"\xff" * 60000, id="bytes"),
    ],
)
def test_a_wrong_signature_does_not_count(change: Callable[[bytes], bytes]) -> None:
    scene = Scene(2, 1)
    scene[1].change = change
    note = scene.cosign(1)
    assert len(note.signatures) == 2
    assert [bool(one.why) for one in scene.told] == [False, True]


def test_the_signature_of_somebody_else_does_not_count() -> None:
    scene = Scene(2, 2)
    other = Signer("w.example/1", KINDS[1])
    scene[1].signer = other
    with pytest.raises(Unwitnessed):
        scene.cosign(1)


def test_who_cannot_be_reached_has_not_cosigned() -> None:
    scene = Scene(2, 1)

    def answer(_body: bytes) -> Reply:
        raise Unavailable("nobody there")

    scene[0].answer = answer  # type: ignore[method-assign, assignment]
    scene.cosign(1)
    assert [one.why for one in scene.told] == ["nobody there", ""]


def test_all_are_asked_at_the_same_time() -> None:
    scene = Scene(3, 3)
    together = threading.Barrier(3)
    for fake in scene.fakes.values():
        real = fake.answer

        def answer(body: bytes, real: Callable[[bytes], Reply] = real) -> Reply:
            together.wait(timeout=30)
            return real(body)

        fake.answer = answer  # type: ignore[method-assign]
    scene.cosign(1)
