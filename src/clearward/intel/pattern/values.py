"""Which values a pattern stands for: seen alone, each of them fulfils it.

An observation without qualifiers that is one comparison for equality, one ISSUBSET, an
address with a port (`identity.pattern` writes these), or several of them joined by OR.
What is more than that gives nothing; of alternatives, those that are no value of ours
are left out, as the others fulfil the pattern without them.
"""

from collections.abc import Iterator

from clearward.core.errors import LimitReached, Malformed
from clearward.indicators.canonical import canonical
from clearward.indicators.kinds import Kind
from clearward.intel.pattern.known import known_value
from clearward.intel.pattern.normal import normal
from clearward.intel.pattern.tree import (
    Comparison,
    Junction,
    Observation,
    Operator,
    Pattern,
    Step,
    Test,
    Word,
)

_FAMILIES = {"ipv4-addr", "ipv6-addr"}
_TRAFFIC = "network-traffic"
_TYPE: tuple[Step, ...] = ("dst_ref", "type")
_ADDRESS: tuple[Step, ...] = ("dst_ref", "value")
_PORT: tuple[Step, ...] = ("dst_port",)


def values(pattern: str | Pattern) -> tuple[tuple[Kind, str], ...]:
    """Return the canonical values of a pattern, each once; none for most.

    A pattern that cannot be read stands for nothing.
    """
    try:
        read = normal(pattern)
    except (LimitReached, Malformed):
        return ()
    if not isinstance(read, Observation):
        return ()
    test = read.test
    is_any = isinstance(test, Junction) and test.word is Word.OR
    parts = test.parts if isinstance(test, Junction) and is_any else (test,)
    return tuple(dict.fromkeys(value for part in parts for value in _of(part)))


def _of(test: Test) -> Iterator[tuple[Kind, str]]:
    if isinstance(test, Junction):
        yield from _endpoint(test)
    elif test.is_negated:
        return
    elif test.operator is Operator.EQUAL or test.operator is Operator.IN:
        for operand in test.operands:
            known = known_value(test.path, operand)
            if known is not None:
                yield known
    elif test.operator is Operator.ISSUBSET:
        yield from _network(test)


def _network(test: Comparison) -> Iterator[tuple[Kind, str]]:
    operand = test.operands[0]
    if test.path.type not in _FAMILIES or test.path.steps != ("value",):
        return
    if isinstance(operand, str) and (":" in operand) is (test.path.type == "ipv6-addr"):
        written = canonical(Kind.CIDR, operand)
        if written is not None:
            yield Kind.CIDR, written


def _endpoint(test: Junction) -> Iterator[tuple[Kind, str]]:
    """An address and a port of the same traffic, and nothing more."""
    said: dict[tuple[Step, ...], object] = {}
    for part in test.parts:
        if (
            not isinstance(part, Comparison)
            or part.path.type != _TRAFFIC
            or part.operator is not Operator.EQUAL
            or part.is_negated
            or part.path.steps in said
        ):
            return
        said[part.path.steps] = part.operands[0]
    address, port = said.pop(_ADDRESS, None), said.pop(_PORT, None)
    family = said.pop(_TYPE, None)
    if said or not isinstance(address, str) or type(port) is not int:
        return
    is_six = ":" in address
    if family not in {None, "ipv6-addr" if is_six else "ipv4-addr"}:
        return
    written = canonical(
        Kind.IPPORT, f"[{address}]:{port}" if is_six else f"{address}:{port}"
    )
    if written is not None:
        yield Kind.IPPORT, written
