"""Behaviour of the step that looks at the log."""

from collections.abc import Iterator

import pytest
from support.signing import TIME, Signer
from support.witnessing import Log, numbered

from clearward.installing.carrier import Missing
from clearward.installing.log_step import believed, check_age, check_continued
from clearward.installing.refusal import Code, Untrusted
from clearward.updates import tiles
from clearward.updates.keys import Kind
from clearward.updates.note import Note
from clearward.updates.policy import Policy

LOG = numbered(300)
WITNESS = Signer("witness.example", Kind.COSIGNATURE_ED25519)
POLICY = Policy.parse(
    f"log {LOG.signer.public}\nwitness w {WITNESS.public}\nquorum w\n"
)


class Tiles:
    """The files of a log, as a carrier has them."""

    def __init__(self, log: Log) -> None:
        self.files = dict(tiles.grow(0, log.entries, lambda _: b""))
        self.asked: list[str] = []

    def read(self, name: str, most: int) -> bytes:
        return b"".join(self.stream(name, most))

    def stream(self, name: str, most: int) -> Iterator[bytes]:
        self.asked.append(name)
        data = self.files.get(name.removeprefix("log/"))
        if data is None:
            raise Missing(name)
        assert len(data) <= most
        yield data


def code_of(old: Log, size: int, new: Log, carrier: Tiles) -> Code:
    with pytest.raises(Untrusted) as caught:
        check_continued(old.head(size), new.head(len(new.entries)), carrier)
    return caught.value.code


@pytest.mark.parametrize("size", [0, 1, 2, 127, 128, 255, 256, 257, 299, 300])
def test_a_log_that_goes_on_is_taken(size: int) -> None:
    carrier = Tiles(LOG)
    check_continued(LOG.head(size), LOG.head(300), carrier)
    assert len(carrier.asked) <= 3
    assert carrier.asked or size in (0, 300)


@pytest.mark.parametrize("size", [1, 2, 128, 200, 256, 299])
def test_another_history_is_a_fork(size: int) -> None:
    other = LOG.fork(size - 1, b"other ")
    assert code_of(other, size, LOG, Tiles(LOG)) is Code.FORK


def test_another_tree_of_the_same_size_is_a_fork() -> None:
    assert code_of(LOG.fork(9, b"x"), 300, LOG, Tiles(LOG)) is Code.FORK


def test_a_smaller_log_is_a_rollback() -> None:
    assert code_of(LOG, 300, numbered(299), Tiles(LOG)) is Code.ROLLBACK


def test_wrong_tiles_are_not_a_fork() -> None:
    for change in (lambda data: data[:-1], lambda data: b"\0" * len(data)):
        carrier = Tiles(LOG)
        carrier.files = {name: change(data) for name, data in carrier.files.items()}
        assert code_of(LOG, 200, LOG, carrier) is Code.TAMPERED


def test_tiles_that_are_missing_are_said() -> None:
    carrier = Tiles(LOG)
    carrier.files.clear()
    assert code_of(LOG, 200, LOG, carrier) is Code.UNREACHABLE


def signed(*signers: Signer) -> bytes:
    note = Note(str(LOG.head(3)), ())
    for one in signers:
        note = one.sign(note)
    return note.to_bytes()


def test_a_head_is_believed_that_the_policy_believes() -> None:
    assert believed(signed(LOG.signer, WITNESS), POLICY) == LOG.head(3)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"nothing", Code.TAMPERED),
        (signed(LOG.signer), Code.QUORUM),
        (signed(WITNESS), Code.SIGNATURE),
        (signed(Signer(LOG.signer.name), WITNESS), Code.SIGNATURE),
    ],
)
def test_another_head_is_not_believed(data: bytes, code: Code) -> None:
    with pytest.raises(Untrusted) as caught:
        believed(data, POLICY)
    assert caught.value.code is code


def test_a_head_counts_as_long_as_enough_witnesses_have_signed_it_lately() -> None:
    data = signed(LOG.signer, WITNESS)
    check_age(data, POLICY, TIME)
    with pytest.raises(Untrusted) as caught:
        check_age(data, POLICY, TIME + 1)
    assert caught.value.code is Code.EXPIRED
