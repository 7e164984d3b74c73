"""Judge one value by one comparison.

Values of different kinds are not equal, and neither is before the other; text and
bytes are compared by letters below 256.

Source: STIX 2.1, section 9.6.1.
"""

import operator
from collections.abc import Callable
from functools import partial
from ipaddress import IPv4Network, IPv6Network, ip_network

from clearward.intel.pattern.expressions import like, searching
from clearward.intel.pattern.moments import moment
from clearward.intel.pattern.tree import Comparison, Literal, Moment, Operator

Judge = Callable[[object], bool]

_ORDER: dict[Operator, Callable[[int, int], bool]] = {
    Operator.LESS: operator.lt,
    Operator.AT_MOST: operator.le,
    Operator.GREATER: operator.gt,
    Operator.AT_LEAST: operator.ge,
}


def judge(test: Comparison) -> Judge:
    """Return a function that says whether a value passes a test.

    Raises:
        Refused: by `expressions`.
    """
    made = _judge(test)
    if test.operator in _ORDER or not test.is_negated:
        return made
    return lambda value: not made(value)


def _judge(test: Comparison) -> Judge:
    operand = test.operands[0] if test.operands else ""
    if test.operator in _ORDER:
        order = _ORDER[test.operator]
        return partial(_is_in_order, operand, order, negated=test.is_negated)
    match test.operator:
        case Operator.EQUAL:
            return lambda value: _order(value, operand) == 0
        case Operator.UNEQUAL:
            return lambda value: _order(value, operand) != 0
        case Operator.IN:
            return _among(test.operands)
        case Operator.LIKE | Operator.MATCHES:
            make = like if test.operator is Operator.LIKE else searching
            found = make(str(operand))
            return lambda value: isinstance(value, str | bytes) and found(value)
        case _:
            inside = test.operator is Operator.ISSUBSET
            return partial(_is_around, _network(operand), inside=inside)


def _among(operands: tuple[Literal, ...]) -> Judge:
    """Text is looked up; the rest, of which there is little, compared one by one."""
    texts = {one for one in operands if isinstance(one, str)}
    rest = [one for one in operands if not isinstance(one, str)]

    def found(value: object) -> bool:
        if isinstance(value, str) and value in texts:
            return True
        others = [*rest, *texts] if isinstance(value, bytes) else rest
        return any(_order(value, one) == 0 for one in others)

    return found


def _is_in_order(
    operand: Literal, order: Callable[[int, int], bool], value: object, *, negated: bool
) -> bool:
    found = _order(value, operand, ordered=True)
    return found is not None and order(found, 0) is not negated


def _order(value: object, operand: Literal, *, ordered: bool = False) -> int | None:
    """Return less than 0 if a value is before an operand, 0 if equal; None if none."""
    if isinstance(operand, Moment):
        return _sign(moment(value), moment(operand))
    if isinstance(operand, bool) or isinstance(value, bool):
        same = isinstance(value, bool) and isinstance(operand, bool)
        return _sign(value, operand) if same and not ordered else None
    if isinstance(value, int | float) and isinstance(operand, int | float):
        return _sign(value, operand)
    if isinstance(value, str) and isinstance(operand, str):
        return _sign(value, operand)
    if isinstance(value, str | bytes) and isinstance(operand, str | bytes):
        return _sign(_bytes(value), _bytes(operand))
    return None


def _sign(value: object, operand: object) -> int | None:
    if value is None or operand is None:
        return None
    return int(value > operand) - int(value < operand)  # type: ignore[operator]


def _bytes(value: str | bytes) -> bytes | None:
    if isinstance(value, bytes):
        return value
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return None


def _network(value: object) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(value, strict=False) if isinstance(value, str) else None
    except ValueError:
        return None


def _is_around(
    network: IPv4Network | IPv6Network | None, value: object, *, inside: bool
) -> bool:
    own = _network(value)
    if own is None or network is None or own.version != network.version:
        return False
    small, large = (own, network) if inside else (network, own)
    return small.subnet_of(large)  # type: ignore[arg-type]
