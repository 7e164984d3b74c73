"""Names are those that clamscan would give."""

import pytest

from clearward.core.names import RuleName
from clearward.core.reasons import Reason
from clearward.faces.clamscan.names import called, limit
from clearward.jail.sources import RuleFile

FILES = [
    RuleFile(f"a.{kind}", kind, "local", named=True, descriptor=-1, size=0)
    for kind in ("ndb", "cvd", "cwr")
]


@pytest.mark.parametrize(
    ("kind", "source", "name"),
    [
        ("yara", 0, "YARA.A.UNOFFICIAL"),
        ("clamav", 0, "A.UNOFFICIAL"),
        ("clamav", 1, "A"),
        ("clamav", 2, "A.UNOFFICIAL"),
        ("digest", 7, "A.UNOFFICIAL"),
        ("code", -1, "A"),
    ],
)
def test_only_what_is_signed_is_official(kind: str, source: int, name: str) -> None:
    assert called(RuleName("A", "local", source, kind), FILES) == name


def test_limits_have_names() -> None:
    prefix = "Heuristics.Limits.Exceeded."
    assert limit(Reason.SIZE_LIMIT, whole=True) == prefix + "MaxFileSize"
    assert limit(Reason.SIZE_LIMIT, whole=False) == prefix + "MaxScanSize"
    assert limit(Reason.TIME_LIMIT, whole=False) == prefix + "MaxScanTime"
    assert limit(Reason.ENCRYPTED, whole=False) is None
