"""Behaviour of extended signatures."""

import pytest

from clearward.native.layout import Where
from clearward.rules.clamav.body import read_chain
from clearward.rules.clamav.extended import read_extended
from clearward.rules.clamav.fault import LeftOut, Why, Wrong
from clearward.rules.clamav.fields import LEVEL
from clearward.rules.clamav.model import Body, Place, Signature, Term


def read(line: str) -> Signature:
    return read_extended(line, 4, unwanted=False)


def test_a_line_is_a_signature_of_one_body() -> None:
    body = Body((read_chain("616263*6465"),), Place(Where.START, 5, 2))
    assert read("A.b:1:5,2:616263*6465") == Signature(
        "A.b", 1, (body,), Term(0), line=4
    )
    assert read_extended("a:0:*:616263", 1, unwanted=True).unwanted


@pytest.mark.parametrize("target", ["", "*", "0", "00"])
def test_no_target_is_any_file(target: str) -> None:
    assert read(f"a:{target}:*:616263").target == 0


@pytest.mark.parametrize("levels", [":", ":1", ":1:999", "::999", f":{LEVEL}:{LEVEL}"])
def test_levels_may_follow(levels: str) -> None:
    assert read(f"a:0:*:616263{levels}").name == "a"


@pytest.mark.parametrize(
    "levels", [":999", ":1:50", "::", "::90", ":1:", f":{LEVEL + 1}"]
)
def test_a_line_for_other_levels_is_left_out(levels: str) -> None:
    with pytest.raises(LeftOut) as caught:
        read(f"a:0:*:616263{levels}")
    assert caught.value.why is Why.LEVEL


@pytest.mark.parametrize("target", ["15", "99"])
def test_an_unknown_target_is_left_out(target: str) -> None:
    with pytest.raises(LeftOut) as caught:
        read(f"a:{target}:*:616263")
    assert caught.value.why is Why.TARGET


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("a:0:*", 0),
        ("a:0:*:616263:1:2:3", 0),
        (":0:*:616263", 1),
        ("a:x:*:616263", 2),
        ("a:-1:*:616263", 2),
        ("a:0:EP+0:616263", 3),
        ("a:0::616263", 3),
        ("a:0:*:6162", 4),
        ("a:0:0:6162", 4),
        ("a:1:0:6162", 4),
        ("a:1:SE0:6162", 4),
        ("a:0:*:61*6263", 4),
        ("a:0:*:616263 ", 4),
        ("a:0:*:616263:x", 5),
        ("a:0:*:616263:1:x", 6),
    ],
)
def test_a_wrong_line_names_its_field(line: str, field: int) -> None:
    with pytest.raises(Wrong) as caught:
        read(line)
    assert caught.value.field == field


@pytest.mark.parametrize(
    "line",
    [
        "a:0:$1$:6162",
        "a:1:*:6162",
        "a:1:0,1:6162",
        "a:1:VI:6162",
        "a:7:0:6162",
        "a:0:*:6162??",
    ],
)
def test_elsewhere_two_bytes_are_enough(line: str) -> None:
    assert read(line).subs
