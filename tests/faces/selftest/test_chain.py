"""What follows from what became of the two samples."""

from dataclasses import dataclass

import pytest

from clearward.faces.selftest.chain import Fate, NotAble, Outcome, Seen, tried
from clearward.faces.selftest.samples import Sample

BLOCKED, PASSED, UNCLEAR = Fate.BLOCKED, Fate.PASSED, Fate.UNCLEAR


@dataclass(frozen=True)
class Fake:
    clean: Fate | None
    eicar: Fate | None
    name: str = "fake"
    target: str = "here"

    def send(self, sample: Sample) -> Seen:
        fate = self.eicar if sample.bad else self.clean
        if fate is None:
            raise NotAble("gone")
        return Seen(fate)


@pytest.mark.parametrize(
    ("clean", "eicar", "outcome"),
    [
        (PASSED, BLOCKED, Outcome.BLOCKED),
        (PASSED, PASSED, Outcome.NOT_BLOCKED),
        (None, PASSED, Outcome.NOT_BLOCKED),
        (BLOCKED, PASSED, Outcome.NOT_BLOCKED),
        (UNCLEAR, PASSED, Outcome.NOT_BLOCKED),
        (BLOCKED, BLOCKED, Outcome.NOT_ABLE),
        (UNCLEAR, BLOCKED, Outcome.NOT_ABLE),
        (None, BLOCKED, Outcome.NOT_ABLE),
        (PASSED, UNCLEAR, Outcome.NOT_ABLE),
        (PASSED, None, Outcome.NOT_ABLE),
        (None, None, Outcome.NOT_ABLE),
    ],
)
def test_only_a_difference_proves_something(
    clean: Fate | None, eicar: Fate | None, outcome: Outcome
) -> None:
    assert tried(Fake(clean, eicar)).outcome is outcome
