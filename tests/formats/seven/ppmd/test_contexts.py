"""Behaviour of contexts in the memory of a PPMd model."""

from clearward.formats.seven.ppmd.contexts import STATE, SYMBOLS, Contexts


def test_the_root_has_every_byte_once() -> None:
    contexts = Contexts(1 << 14)
    root = contexts.root()
    assert contexts.count(root) == SYMBOLS
    assert contexts.total(root) == SYMBOLS + 1
    assert contexts.shorter(root) == 0
    state = contexts.state(root, 0x41)
    assert state == contexts.table(root) + 0x41 * STATE
    assert contexts.target(state) == 0


def test_a_context_with_one_state_holds_it_itself() -> None:
    contexts = Contexts(1 << 14)
    root = contexts.root()
    made = contexts.single(0x41, 3, 0x12345, root)
    assert contexts.count(made) == 1
    assert contexts.shorter(made) == root
    state = contexts.state(made, 0x41)
    assert bytes(contexts.heap[state : state + 2]) == b"A\3"
    assert contexts.target(state) == 0x12345


def test_a_single_state_is_spread_and_put_back() -> None:
    contexts = Contexts(1 << 14)
    made = contexts.single(0x41, 3, 7, contexts.root())
    table = contexts.spread(made)
    assert contexts.table(made) == table
    assert bytes(contexts.heap[table : table + 2]) == b"A\3"
    contexts.cut(made, 1)
    assert contexts.count(made) == 1
    assert contexts.heap[made + 2] == 0x41
    assert contexts.units.free[0] == [table]


def test_a_state_moves_ahead_of_others() -> None:
    contexts = Contexts(1 << 14)
    root = contexts.root()
    table = contexts.table(root)
    contexts.lead(table + 2 * STATE, 99)
    contexts.move(table + 2 * STATE, table)
    assert bytes(contexts.heap[table : table + 3 * STATE : STATE]) == b"\2\0\1"
    assert contexts.target(table) == 99


def test_a_table_is_widened_only_when_it_is_full() -> None:
    contexts = Contexts(1 << 14)
    made = contexts.single(0x41, 3, 7, contexts.root())
    first = contexts.spread(made)
    assert contexts.widen(made, 1)
    second = contexts.table(made)
    assert second != first
    assert bytes(contexts.heap[second : second + 2]) == b"A\3"
    assert contexts.widen(made, 5)
    assert contexts.table(made) == second


def test_full_memory_is_said() -> None:
    contexts = Contexts(2048)
    root = last = contexts.root()
    while made := contexts.single(1, 1, 1, root):
        last = made
    assert contexts.spread(last) == 0
    assert not contexts.widen(root, 2)
