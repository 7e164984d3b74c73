"""Behaviour of the link to the rules in force."""

from clearward.stores.installed.link import current
from clearward.stores.installed.place import Place


def test_everybody_means_the_same_link() -> None:
    assert current("/home") == Place("/home").current == "/home/rules/current"
