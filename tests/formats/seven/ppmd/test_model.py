"""Behaviour of a PPMd model; that it learns what it should is tested by decoding."""

from clearward.formats.seven.ppmd.contexts import MAX_FREQ
from clearward.formats.seven.ppmd.model import Model


def test_a_new_model_expects_every_byte_alike() -> None:
    model = Model(6, 1 << 14)
    assert model.count(model.shortest) == 256
    assert model.shortest == model.longest
    assert (model.fall, model.run, model.expected) == (6, -7, 0)
    assert model.restarted
    assert Model(64, 1 << 14).run == -13


def test_a_byte_that_came_is_counted() -> None:
    model = Model(6, 1 << 14)
    root = model.shortest
    model.saw_other(model.state(root, 0x41))
    first = model.table(root)
    moved = model.state(root, 0x41)
    assert model.heap[moved + 1] == 5
    assert model.total(root) == 257 + 4
    assert moved == first + 6 * 0x40


def test_frequencies_are_halved_before_they_are_too_large() -> None:
    model = Model(2, 1 << 16)
    root = model.shortest
    for _ in range(200):
        model.shortest = model.longest = root
        model.fall = 2
        state = model.table(root)
        model.saw_first(state)
        assert model.heap[model.state(root, 0) + 1] <= MAX_FREQ + 4
    assert model.table(root) == model.state(root, 0)


def test_full_memory_makes_it_forget() -> None:
    model = Model(6, 2048)
    model.restarted = False
    for seen in range(10_000):
        context = model.shortest
        count = model.count(context)
        if count == 1:
            model.saw_single(context + 2)
        else:
            model.saw_other(model.table(context) + 6 * (1 + seen * seen % (count - 1)))
        if model.restarted:
            break
    assert model.restarted
    assert model.count(model.shortest) == 256
