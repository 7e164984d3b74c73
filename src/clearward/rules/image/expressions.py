"""Expressions over sub-signatures, in the order in which a stack evaluates them."""

import struct
from collections.abc import Iterator

from clearward.native.layout import MOST_STACK, Operation
from clearward.rules.clamav.model import Both, Count, Either, Expression, Group, Term
from clearward.rules.image.unusable import Unusable

LONGEST = 0xFFFF  # bytes of an expression
OPERATORS = {"=": ord("="), "<": ord("<"), ">": ord(">")}

_COUNT = struct.Struct("<BBBI")
_GROUP = struct.Struct("<BBII")
_AND = Operation.AND.to_bytes(1, "little")
_OR = Operation.OR.to_bytes(1, "little")
_SUBS = [bytes([Operation.SUB, sub]) for sub in range(256)]
_MOST = 0xFFFFFFFF


def postfix(expression: Expression) -> Iterator[Expression]:
    """Yield the nodes of an expression, operands before their operators."""
    if type(expression) is Term:
        yield expression
        return
    # From the right and from the top, then turned round: no depth can exhaust a stack.
    nodes: list[Expression] = []
    left = [expression]
    while left:
        node = left.pop()
        nodes.append(node)
        if isinstance(node, Both | Either):
            left += (node.left, node.right)
        elif isinstance(node, Group):
            left.append(node.inner)
    yield from reversed(nodes)


def encode_expression(expression: Expression, subs: int) -> bytes:
    """Return the operations of an expression behind their length in 2 bytes.

    Args:
        expression: what is laid out.
        subs: how many sub-signatures it may speak of: those below this number.

    Raises:
        Unusable: it is too long, or speaks of others.
    """
    nodes = list(postfix(expression))
    operations = b"".join([_operation(node, subs) for node in nodes])
    if len(operations) > LONGEST:
        raise Unusable(f"an expression of {len(operations)} bytes")
    if len(nodes) > MOST_STACK and _depth(nodes) > MOST_STACK:
        raise Unusable("an expression that is too deep")
    return len(operations).to_bytes(2, "little") + operations


def _depth(nodes: list[Expression]) -> int:
    """Return how many operands wait at one time."""
    waiting = most = 0
    for node in nodes:
        if isinstance(node, Both | Either):
            waiting -= 1
        elif not isinstance(node, Group):
            waiting += 1
            most = max(most, waiting)
    return most


def _operation(node: Expression, subs: int) -> bytes:
    kind = type(node)
    if kind is Both:
        return _AND
    if kind is Either:
        return _OR
    if isinstance(node, Group):
        return _GROUP.pack(
            Operation.GROUP,
            OPERATORS[node.operator],
            _bounded(node.total),
            _bounded(node.different),
        )
    if not isinstance(node, Term | Count) or not 0 <= node.sub < subs:
        raise Unusable("an expression with a sub-signature that is not there")
    if isinstance(node, Term):
        return _SUBS[node.sub]
    return _COUNT.pack(
        Operation.COUNT, node.sub, OPERATORS[node.operator], _bounded(node.value)
    )


def _bounded(value: int) -> int:
    if not 0 <= value <= _MOST:
        raise Unusable("a count outside 32 bits")
    return value
