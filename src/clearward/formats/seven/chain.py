"""Put the coders of a folder together, so that its content can be read ahead."""

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from clearward.core.errors import Malformed
from clearward.core.reader import Cursor, Forward, Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.seven import bcj2
from clearward.formats.seven.fields import NAME
from clearward.formats.seven.folder import Coder, Folder
from clearward.formats.seven.lock import Lock, decrypted, lock_of
from clearward.formats.seven.methods import (
    BCJ2,
    ENCRYPTION,
    METHODS,
    MOST_MEMORY,
    wrong,
)

MOST_TOGETHER = 2 * MOST_MEMORY  # bytes that all coders of a folder may allocate
BCJ2_INPUTS = 4

KeyOf = Callable[[Lock], bytes | None]


def _no_key(lock: Lock) -> None:  # noqa: ARG001 - where there is no password
    return None


def content(
    folder: Folder,
    sizes: Sequence[int],
    packed: Sequence[Reader],
    key_of: KeyOf = _no_key,
) -> Stream:
    """The content of a folder, as far as its declared size.

    Args:
        folder: the coders.
        sizes: bytes of every coder's output.
        packed: the packed streams, one for each of `folder.packed`.
        key_of: gives the key of an encryption.

    Raises:
        Undecoded: a coder is encryption without a key, is not known, needs too much
            memory, or has wrong properties.
        Malformed: the coders feed each other in a circle.
    """
    keys = _keys(folder, key_of)
    _refuse(folder, sizes)
    inputs: dict[int, Forward] = {
        number: Cursor(reader)
        for number, reader in zip(folder.packed, packed, strict=True)
    }
    takers = {output: taker for taker, output in folder.bonds.items()}
    outputs: dict[int, Stream] = {}
    while len(outputs) < len(folder.coders):
        ready = [
            number
            for number, wanted in enumerate(_inputs(folder.coders))
            if number not in outputs and all(n in inputs for n in wanted)
        ]
        if not ready:
            raise Malformed(NAME, 0, "circle of coders")
        for number in ready:
            coder, size = folder.coders[number], sizes[number]
            taken = [inputs[n] for n in _inputs(folder.coders)[number]]
            if number in keys:
                plain = decrypted(taken[0], *keys[number])
            else:
                plain = _undo(coder, taken, size)
            outputs[number] = Stream(plain).part(size)
            inputs[takers.get(number, -1)] = outputs[number]
    return outputs[folder.last]


def is_encrypted(folder: Folder) -> bool:
    """Say whether a password is needed for what a folder holds."""
    return any(coder.method.startswith(ENCRYPTION) for coder in folder.coders)


def _keys(folder: Folder, key_of: KeyOf) -> dict[int, tuple[Lock, bytes]]:
    """The key of each coder that is encryption, by its number."""
    keys = {}
    for number, coder in enumerate(folder.coders):
        if coder.method.startswith(ENCRYPTION):
            lock = lock_of(coder.method, coder.properties)
            key = key_of(lock) if lock is not None and coder.inputs == 1 else None
            if lock is None or key is None:
                raise wrong("encryption", Reason.ENCRYPTED)
            keys[number] = (lock, key)
    return keys


def _refuse(folder: Folder, sizes: Sequence[int]) -> None:
    """Raise if a coder cannot be undone, before anything is allocated."""
    memory = 0
    for coder, size in zip(folder.coders, sizes, strict=True):
        if coder.method.startswith(ENCRYPTION):
            continue
        if coder.method == BCJ2 and coder.inputs == BCJ2_INPUTS:
            continue
        method = METHODS.get(coder.method)
        if method is None or coder.inputs != 1:
            raise wrong("method", Reason.UNSUPPORTED)
        memory += method.memory(coder.properties, size)
    if memory > MOST_TOGETHER:
        raise wrong("memory of all coders", Reason.MEMORY_LIMIT)


def _undo(coder: Coder, taken: Sequence[Forward], size: int) -> Iterator[bytes]:
    if coder.method == BCJ2:
        return bcj2.Code(taken, size).pieces()
    return METHODS[coder.method].undo(taken[0], coder.properties, size)


def _inputs(coders: Sequence[Coder]) -> list[range]:
    """The numbers of each coder's inputs."""
    behind = accumulate(coder.inputs for coder in coders)
    return [
        range(end - coder.inputs, end)
        for coder, end in zip(coders, behind, strict=True)
    ]
