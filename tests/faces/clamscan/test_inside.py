"""The way to what was found is written as clamscan -a does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.explanation import Explanation, Match, Place, Typed
from clearward.core.kinds import How, Kind
from clearward.core.reasons import Reason
from clearward.core.verdict import Verdict
from clearward.faces.clamscan.inside import place
from clearward.jail.broker import Unopened
from clearward.jail.explanation import encode
from clearward.jail.scanned import Scanned


def said(explanation: bytes) -> str | None:
    entry = Unopened(b"f", Reason.PERMISSION)
    return place(Scanned(entry, Verdict((0,)), explanation=explanation), 1)


@pytest.mark.parametrize(
    ("names", "kinds", "expected"),
    [
        ([], ["txt"], "f!(0)"),
        ([b"a.com"], ["zip", "txt"], "f!(1)ZIP:a.com"),
        ([b"b.zip", b"a"], ["zip", "zip", "txt"], "f!ZIP:b.zip!(2)ZIP:a"),
        ([b""], ["gzip", "txt"], "f!(1)"),
        ([b"a\x1b"], ["tar", "txt"], "f!(1)POSIX_TAR:a\\x1b"),
    ],
)
def test_each_step_stands_behind_the_last(
    names: list[bytes], kinds: list[str], expected: str
) -> None:
    explanation = Explanation(
        places=[Place(0, b""), *(Place(n, name) for n, name in enumerate(names))],
        matches=[Match(0, len(names), 0, 1, 0)],
        types=[Typed(n, Kind(kind, How.MAGIC)) for n, kind in enumerate(kinds)],
    )
    assert said(encode(explanation)) == expected


@given(st.binary())
def test_any_answer_is_read_or_ignored(answer: bytes) -> None:
    found = said(answer)
    assert found is None or found.startswith("f!")
