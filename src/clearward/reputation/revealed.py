"""How much a look-up tells whoever sees it, in bits.

The measure is the likelihood ratio: how many times as likely is what was seen if this
machine has a certain file as if it does not? Its binary logarithm are the bits. 0 bits:
nothing is learned. For a bucket's prefix among Q that were fetched, of 4,096:

    ratio = 1 / (1 - (1 - 1/4096)^Q)

since a file that is not here has its prefix among them by chance with the lower part's
likelihood. That anything is fetched at all says something as well: one file in 65,536
that is not listed does so, and every one that is:

    ratio = 1 / (1 - (1 - 1/65536)^F)         of F files that were looked up

Source: Gerbet, Kumar, Lauradoux, A Privacy Analysis of Google and Yandex Safe Browsing,
INRIA RR-8686, for why several prefixes of one thing say more.
"""

import math
from dataclasses import dataclass

from clearward.reputation.records import PREFIXES

FALSE = 1 / 65_536  # of the filter
_OTHERS = "the server; without TLS, the network as well"
WHOLE = 256.0  # bits of a digest that is sent


def ratio(chance: float, times: int) -> float:
    """Return the likelihood ratio of seeing what has a chance each of some times.

    Args:
        chance: above 0 and below 1.
        times: 0 is nothing seen, whose ratio is 1.
    """
    return -1 / math.expm1(times * math.log1p(-chance)) if times else 1.0


@dataclass(frozen=True, slots=True)
class Revealed:
    """What one way of looking up tells.

    Attributes:
        way: its name.
        who: can see it.
        what: they see.
        file_bits: about whether a certain file is here.
        any_bits: about whether any listed file is here.
    """

    way: str
    who: str
    what: str
    file_bits: float
    any_bits: float


def nothing() -> Revealed:
    """The filter and the list of this machine, or a folder."""
    return Revealed("local", "nobody", "nothing leaves", 0.0, 0.0)


def fetched(files: int) -> Revealed:
    """A whole set, fetched as everybody fetches it, whatever is looked up then."""
    what = f"{files} whole files, the same for everybody"
    return Revealed("set", _OTHERS, what, 0.0, 0.0)


def buckets(looked_up: int, needed: int, fetched: int, size: int) -> Revealed:
    """Some buckets.

    Args:
        looked_up: digests, all of them.
        needed: prefixes of those that the filter has.
        fetched: prefixes, with those that hide them.
        size: bytes of a bucket; 0 if no set is at hand.
    """
    if not needed:
        what = "nothing leaves: the filter has none of them"
        return Revealed("buckets", "nobody", what, 0.0, 0.0)
    file_bits = math.log2(ratio(1 / PREFIXES, fetched))
    any_bits = math.log2(ratio(FALSE, looked_up))
    large = f" of {size:,} bytes" if size else ""
    what = f"{fetched} buckets{large}, {needed} of them needed"
    return Revealed("buckets", _OTHERS, what, file_bits, any_bits)


def retrieval(looked_up: int, asked: int) -> Revealed:
    """Reports by private retrieval: nobody sees which, everybody how many.

    Args:
        looked_up: digests, all of them.
        asked: queries.
    """
    what = f"queries of one form: {asked}" if asked else "nothing leaves"
    any_bits = math.log2(ratio(FALSE, looked_up)) if asked else 0.0
    return Revealed("retrieval", _OTHERS, what, 0.0, any_bits)
