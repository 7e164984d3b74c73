"""Numbers in conditions are bytes."""

from hypothesis import given
from hypothesis import strategies as st
from support.source import condition

from clearward.rules.lint.numbers import compared


def as_text(text: str) -> list[str]:
    return [
        "".join("." if one is None else chr(one) for one in data)
        for data in compared(condition(text))
    ]


def test_numbers_at_places_are_bytes_in_their_order() -> None:
    found = as_text(
        "uint16(2) == 0x2050 and uint32(4) == 0x52434553 and uint16(0) == 0x4F54"
    )
    assert found[0] == "TOP SECR"


def test_a_gap_between_places_is_any_byte() -> None:
    assert as_text("uint16be(0) == 0x544F and uint16be(4) == 0x5345")[0] == "TO.SE"


def test_numbers_at_any_place_are_bytes_as_they_are_written() -> None:
    found = as_text("uint32be(i) == 0x544F5020 and uint32be(i + 4) == 0x53454352")
    assert "TOP SECR" in found


def test_the_other_order_is_read_as_well() -> None:
    assert "TOP SECR" in as_text(
        "uint32(@a) == 0x544F5020 and uint32((1 + 2)) == 0x53454352"
    )


def test_values_that_do_not_fit_are_none() -> None:
    assert as_text("uint8(0) == 0x544F and uint16(0) == x and uint16 ( 0") == []


@given(st.lists(st.sampled_from(["uint16", "(", ")", "0", "==", "0x4F54", "and"])))
def test_any_tokens_are_read(tokens: list[str]) -> None:
    assert all(len(data) >= 4 for data in compared(tokens))
