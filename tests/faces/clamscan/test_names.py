"""Names are those that clamscan would give."""

import pytest

from clearward.core.names import RuleName
from clearward.core.reasons import Reason
from clearward.faces.clamscan.names import called, limit


@pytest.mark.parametrize(
    ("kind", "signed", "name"),
    [
        ("yara", True, "YARA.A.UNOFFICIAL"),
        ("clamav", False, "A.UNOFFICIAL"),
        ("clamav", True, "A"),
        ("digest", False, "A.UNOFFICIAL"),
        ("code", False, "A"),
    ],
)
def test_only_what_is_signed_is_official(kind: str, name: str, *, signed: bool) -> None:
    assert called(RuleName("A", "local", 0, kind, signed=signed)) == name


def test_limits_have_names() -> None:
    prefix = "Heuristics.Limits.Exceeded."
    assert limit(Reason.SIZE_LIMIT, whole=True) == prefix + "MaxFileSize"
    assert limit(Reason.SIZE_LIMIT, whole=False) == prefix + "MaxScanSize"
    assert limit(Reason.TIME_LIMIT, whole=False) == prefix + "MaxScanTime"
    assert limit(Reason.ENCRYPTED, whole=False) is None
