"""Behaviour of the comparison of namespaces."""

import os

from clearward.jail import namespaces


def test_the_numbers_are_those_that_the_kernel_shows() -> None:
    for name, number in namespaces.numbers().items():
        assert os.readlink(f"/proc/self/ns/{name}") == f"{name}:[{number}]"


def test_a_namespace_that_the_kernel_lacks_is_left_out() -> None:
    """A kernel may be built without some of them."""
    assert set(namespaces.numbers()) <= set(namespaces.NAMES)


def test_every_name_has_a_flag_of_its_own() -> None:
    flags = [namespaces.FLAGS[name] for name in namespaces.NAMES]
    assert len(set(flags)) == len(namespaces.NAMES) == 5
    assert all(flag.bit_count() == 1 for flag in flags)
