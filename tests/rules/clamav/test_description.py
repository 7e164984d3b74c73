"""Behaviour of target descriptions."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.clamav import ANY_TEXT

from clearward.native.layout import Condition
from clearward.rules.clamav import description as module
from clearward.rules.clamav.description import Description, read_description
from clearward.rules.clamav.fault import LeftOut, Why, Wrong
from clearward.rules.clamav.model import Demand


def test_a_target_is_enough() -> None:
    assert read_description("Target:7") == Description(7)
    assert read_description("Engine:1-255,Target:0,Target:1") == Description(1)
    assert read_description("Target:") == Description(0)


def test_every_word_is_a_demand() -> None:
    text = (
        "Engine:51-255,IconGroup2:B,Container:CL_TYPE_ZIP,Target:1,FileSize:5-,"
        "EntryPoint:1-2,NumberOfSections:-9,Intermediates:CL_TYPE_ANY>CL_TYPE_RAR,"
        "HandlerType:CL_TYPE_PDF"
    )
    assert read_description(text) == Description(
        1,
        (
            Demand(Condition.FILE_SIZE, (5, 0)),
            Demand(Condition.ENTRY_POINT, (1, 2)),
            Demand(Condition.SECTIONS, (0, 9)),
            Demand(Condition.CONTAINER, names=("CL_TYPE_ZIP",)),
            Demand(Condition.INTERMEDIATES, names=("CL_TYPE_ANY", "CL_TYPE_RAR")),
            Demand(Condition.ICONS, names=("", "B")),
        ),
        "CL_TYPE_PDF",
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Engine:300-400,Target:0", Why.LEVEL),
        ("Engine:1-50,Nonsense", Why.LEVEL),
        ("Engine:51-,Target:0", Why.LEVEL),
        ("Engine:60-50,Target:0", Why.LEVEL),
        ("Target:15", Why.TARGET),
        ("Target:0,Foo:1", Why.WORD),
        ("target:0", Why.WORD),
        ("Target:0, FileSize:1-2", Why.WORD),
        ("Target:0,Container:ZIP", Why.TYPE),
        ("Target:0,HandlerType:CL_TYPE_NONE", Why.TYPE),
        ("Target:0,Intermediates:CL_TYPE_ZIP>", Why.TYPE),
    ],
)
def test_what_is_for_others_is_left_out(text: str, why: Why) -> None:
    with pytest.raises(LeftOut) as caught:
        read_description(text)
    assert caught.value.why is why


@pytest.mark.parametrize(
    "text",
    [
        *("", "Target", "Target:0,", "Target:x", "Target:0-1", "Engine:51-255"),
        *("Target:0,Engine:51-255", "Engine:51,Target:0", "Engine:x-y,Target:0"),
        *("Target:0,FileSize:1-2", "Engine:50-255,Target:0,Container:CL_TYPE_ZIP"),
        *("Target:0,HandlerType:CL_TYPE_PDF", "Engine:51-255,Target:0,FileSize:5"),
        *(
            "Engine:51-255,Target:0,FileSize:0x5-6",
            "Engine:51-255,Target:0,EntryPoint:1-2",
        ),
        *(
            "Engine:51-255,Target:0,NumberOfSections:1-2",
            "Engine:51-255,Target:2,IconGroup1:X",
        ),
    ],
)
def test_what_clamscan_refuses_is_refused(text: str) -> None:
    with pytest.raises(Wrong) as caught:
        read_description(text)
    assert caught.value.field == 2


def test_few_descriptions_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_KNOWN", {})
    first = read_description("Target:1")
    assert read_description("Target:1") is first
    monkeypatch.setattr(module, "_MOST_KNOWN", 1)
    assert read_description("Target:2") is not read_description("Target:2")


@given(st.text("EngiTart:,0123456789-xCL_YPZI>") | ANY_TEXT)
def test_any_text_is_a_description_or_not(text: str) -> None:
    with contextlib.suppress(Wrong, LeftOut):
        read_description(text)
