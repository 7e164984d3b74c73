"""The codes of a block of LZX ("Microsoft LZX data compression format").

Lengths of words are what is subtracted from those of the block before, modulo 17. They
are written with a code of 20 symbols, whose lengths stand in front (4 bits each): 0 to
16 are such a difference; 17 and 18 runs of zeros (4 bits and 4, 5 bits and 20); 19 a
run of one length (1 bit and 4, then a difference).
"""

from dataclasses import dataclass

from clearward.formats.lz.bits import Bits
from clearward.formats.lz.codes import Codes

BYTES = 256
LENGTH_SYMBOLS = 249
SLOTS = {15: 30, 16: 32, 17: 34, 18: 36, 19: 38, 20: 42, 21: 50}
DIFFERENCES = 20
MODULO = 17
ZEROS, MANY_ZEROS, SAME = 17, 18, 19


@dataclass(frozen=True, slots=True)
class Tables:
    """The codes of one block.

    Attributes:
        main: of bytes and matches.
        lengths: of the rest of match lengths.
        aligned: of the low bits of distances, None in a verbatim block.
    """

    main: Codes
    lengths: Codes
    aligned: Codes | None


def read_tables(
    bits: Bits, main: list[int], lengths: list[int], *, aligned: bool
) -> Tables:
    """Read the codes of a block.

    Args:
        bits: the stream.
        main: lengths of the main code's words in the block before; changed.
        lengths: the same of the code of match lengths.
        aligned: the block has a third code.

    Raises:
        Malformed: there are more words than fit.
    """
    try:
        third = Codes([bits.take(3) for _ in range(8)]) if aligned else None
        _update(bits, main, 0, BYTES)
        _update(bits, main, BYTES, len(main))
        _update(bits, lengths, 0, LENGTH_SYMBOLS)
        return Tables(Codes(main), Codes(lengths), third)
    except ValueError:
        raise bits.bad("lengths of words") from None


def _update(bits: Bits, lengths: list[int], at: int, end: int) -> None:
    code = Codes([bits.take(4) for _ in range(DIFFERENCES)])
    while at < end:
        symbol = code.symbol(bits)
        if symbol < ZEROS:
            run, value = 1, (lengths[at] - symbol) % MODULO
        elif symbol == ZEROS:
            run, value = bits.take(4) + 4, 0
        elif symbol == MANY_ZEROS:
            run, value = bits.take(5) + 20, 0
        else:
            run = bits.take(1) + 4
            value = (lengths[at] - code.symbol(bits)) % MODULO
        run = min(run, end - at)
        lengths[at : at + run] = [value] * run
        at += run
