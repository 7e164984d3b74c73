"""Random signatures say of windows what they say of the whole."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.signatures_random import parts, signatures

from clearward.core.facts import Facts
from clearward.core.reader import Reader
from clearward.rules import signature_windows
from clearward.rules.clamav.model import Signature
from clearward.rules.image.build import build
from clearward.rules.said import Said
from clearward.rules.signature_windows import Following, Passing, Survey
from clearward.rules.signatures import Signatures


@pytest.fixture(autouse=True, scope="module")
def _small() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signature_windows, "MOST_SIZE", 0)
        yield


@st.composite
def cases(draw: st.DrawFn) -> tuple[Signature, bytes]:
    """Draw a signature, and a part that it may match."""
    signature = draw(signatures())
    data = draw(parts(signature))
    return signature, data + bytes(draw(st.integers(0, 300))) + draw(parts(signature))


def windowed(asked: Signatures, data: bytes, window: int) -> Said:
    survey = Survey(asked, [0])
    for start in range(0, len(data), window):
        survey.feed(data[start : start + window])
    content = Reader(lambda offset, count: data[offset : offset + count], len(data))
    following = Following(asked, content, Facts(len(data)), lambda: None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signature_windows, "WINDOW", window)
        return following.said(survey.candidates() | survey.always())


@settings(max_examples=60, deadline=None)
@given(cases(), st.integers(1, 200))
def test_windows_of_any_size_change_nothing(
    case: tuple[Signature, bytes], window: int
) -> None:
    signature, data = case
    image = build([signature], [])
    if image.refused:
        return
    asked = Signatures(bytes(image), 0)
    if len(data) < 6:
        return
    expected = asked.match(data, 0, Facts(len(data)))
    assert windowed(asked, data, window) == expected
    part = Passing(asked, [0], Facts(0))
    for start in range(0, len(data), window):
        part.feed(data[start : start + window])
    said = part.said()
    assert said.reasons or said == expected
    assert set(said.rules) <= set(expected.rules)
