"""Behaviour of sealed chunks: they open in their place, and nowhere else."""

import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from clearward.stores.quarantine.damage import Damaged
from clearward.stores.quarantine.sealing import (
    KEY,
    TAG,
    Stream,
    derived,
    open_once,
    seal_once,
)

MASTER = bytes(range(KEY))
SALT = b"s" * 32


def stream(
    *, master: bytes = MASTER, header: bytes = b"head", salt: bytes = SALT
) -> Stream:
    return Stream(master, header, salt)


def sealed(*contents: bytes) -> list[bytes]:
    sealing = stream()
    last = len(contents) - 1
    return [
        sealing.seal(content, last=number == last)
        for number, content in enumerate(contents)
    ]


def content_of(chunks: list[bytes], opening: Stream) -> list[bytes]:
    last = len(chunks) - 1
    return [
        opening.open(chunk, last=number == last) for number, chunk in enumerate(chunks)
    ]


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=5))
def test_what_was_sealed_comes_back(contents: list[bytes]) -> None:
    chunks = sealed(*contents)
    assert [len(chunk) - TAG for chunk in chunks] == list(map(len, contents))
    assert content_of(chunks, stream()) == contents


@pytest.mark.parametrize(
    "order",
    [
        pytest.param([1, 0, 2], id="another order"),
        pytest.param([0, 2], id="one left out"),
        pytest.param([0, 1], id="cut at the end"),
        pytest.param([0, 1, 1, 2], id="one doubled"),
        pytest.param([1, 2], id="cut at the start"),
    ],
)
def test_chunks_in_another_order_do_not_open(order: list[int]) -> None:
    chunks = sealed(b"one", b"two", b"end")
    with pytest.raises(Damaged):
        content_of([chunks[number] for number in order], stream())


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(stream(header=b"another"), id="header"),
        pytest.param(stream(salt=b"t" * 32), id="salt"),
        pytest.param(stream(master=b"m" * KEY), id="key"),
    ],
)
def test_chunks_of_something_else_do_not_open(other: Stream) -> None:
    with pytest.raises(Damaged):
        content_of(sealed(b"one"), other)


@given(st.integers(0, 8 * (4 + TAG) - 1))
def test_a_turned_bit_is_noticed(bit: int) -> None:
    (chunk,) = sealed(b"four")
    turned = bytearray(chunk)
    turned[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Damaged):
        stream().open(turned, last=True)


def test_no_two_chunks_have_the_same_nonce(monkeypatch: pytest.MonkeyPatch) -> None:
    nonces = []

    class Watched:
        def __init__(self, key: bytes) -> None:
            self._real = AESGCM(key)

        def encrypt(self, nonce: bytes, content: bytes, around: bytes) -> bytes:
            nonces.append(nonce)
            return self._real.encrypt(nonce, content, around)

    monkeypatch.setattr("clearward.stores.quarantine.sealing.AESGCM", Watched)
    sealed(*[b""] * 300)
    assert len(set(nonces)) == 300
    assert {nonce[-1] for nonce in nonces[:-1]} == {0}
    assert nonces[-1][-1] == 1


def test_a_stream_ends_before_its_nonces_do() -> None:
    full = stream()
    full._number = 1 << 32  # noqa: SLF001 - nobody seals 4 PiB in a test
    with pytest.raises(ValueError, match="nonces"):
        full.seal(b"", last=True)


def test_keys_of_different_purposes_differ() -> None:
    made = {derived(MASTER, SALT, purpose) for purpose in (b"content", b"record", b"")}
    assert len(made) == 3


def test_one_thing_opens_with_what_is_around_it() -> None:
    key = os.urandom(KEY)
    assert open_once(key, seal_once(key, b"thing", b"around"), b"around") == b"thing"
    with pytest.raises(Damaged):
        open_once(key, seal_once(key, b"thing", b"around"), b"elsewhere")
