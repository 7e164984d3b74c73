"""Behaviour of the coders of a folder together."""

import lzma

import pytest
from support.parts import read

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.seven.chain import content
from clearward.formats.seven.folder import Coder, Folder

COPY, DELTA, SWAP2 = Coder(b"\0"), Coder(b"\3", b"\0"), Coder(b"\2\3\2")
BCJ2 = Coder(b"\3\3\1\x1b", b"", 4)
LZMA2 = Coder(b"\x21", b"\x08")


def chained(*coders: Coder) -> Folder:
    """Each coder takes the output of the next; the last takes the packed stream."""
    bonds = {n: n + 1 for n in range(len(coders) - 1)}
    return Folder(coders, bonds, (len(coders) - 1,))


def opened(folder: Folder, sizes: list[int], *packed: bytes) -> bytes:
    return read(content(folder, sizes, [Reader.of(one) for one in packed]))


def test_one_coder_gives_its_output() -> None:
    assert opened(chained(COPY), [4], b"main") == b"main"


def test_output_ends_at_the_declared_size() -> None:
    assert opened(chained(COPY), [2], b"main") == b"ma"


def test_coders_feed_each_other_in_any_order() -> None:
    assert opened(chained(SWAP2, DELTA), [4, 4], b"\1\1\1\1") == b"\2\1\4\3"
    backwards = Folder((DELTA, SWAP2), {1: 0}, (0,))
    assert opened(backwards, [4, 4], b"\1\1\1\1") == b"\2\1\4\3"


def test_what_one_coder_gives_too_much_the_next_does_not_see() -> None:
    assert opened(chained(COPY, COPY), [9, 3], b"mainmain") == b"mai"


def test_packed_streams_go_where_the_folder_says() -> None:
    code = b"no branches"
    folder = Folder((BCJ2, COPY), {0: 1}, (4, 3, 1, 2))
    assert opened(folder, [11, 11], code, bytes(5), b"", b"") == code


@pytest.mark.parametrize(
    ("coder", "reason"),
    [
        pytest.param(Coder(b"\6\xf1\7\1", b"\0"), Reason.ENCRYPTED, id="AES"),
        pytest.param(Coder(b"\6\xf1\1\1"), Reason.ENCRYPTED, id="ZipCrypto"),
        pytest.param(Coder(b"\4\xf7\x11\5"), Reason.UNSUPPORTED, id="LZ5"),
        pytest.param(Coder(b""), Reason.UNSUPPORTED, id="no method"),
        pytest.param(Coder(b"\0", b"", 2), Reason.UNSUPPORTED, id="two inputs"),
        pytest.param(Coder(b"\3\3\1\x1b"), Reason.UNSUPPORTED, id="BCJ2 with one"),
        pytest.param(Coder(b"\x21", b"\xff"), Reason.CORRUPT, id="properties"),
    ],
)
def test_what_cannot_be_undone_is_refused_at_once(coder: Coder, reason: Reason) -> None:
    packed = [b"x"] * coder.inputs
    folder = Folder((coder,), {}, tuple(range(coder.inputs)))
    with pytest.raises(Malformed) as caught:
        opened(folder, [1], *packed)
    assert caught.value.reason is reason


def test_coders_that_need_too_much_memory_together_are_refused() -> None:
    coder = Coder(b"\x21", b"\x1c")
    with pytest.raises(Malformed) as caught:
        opened(chained(coder, coder, coder), [64 * MIB] * 3, b"x")
    assert caught.value.reason is Reason.MEMORY_LIMIT


def test_a_circle_is_refused() -> None:
    with pytest.raises(Malformed):
        opened(Folder((COPY, COPY, COPY), {1: 2, 2: 1}, (0,)), [1, 1, 1], b"x")
    with pytest.raises(Malformed):
        opened(Folder((BCJ2, COPY), {0: 0}, (1, 2, 3, 4)), [1, 1], *[b"12345"] * 4)


def test_damage_comes_through() -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 4096}]
    packed = lzma.compress(b"main", lzma.FORMAT_RAW, filters=filters)
    assert opened(chained(COPY, LZMA2), [4, 4], packed) == b"main"
    with pytest.raises(Truncated):
        opened(chained(COPY, LZMA2), [5, 5], packed[:-1])
    with pytest.raises(Malformed):
        opened(chained(COPY, LZMA2), [5, 5], b"\xff" * 9)
