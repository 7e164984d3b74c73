"""The manual knows what the command knows."""

from pathlib import Path

from clearward.faces.clamdscan.main import OPTIONS

MANUAL = Path(__file__).parents[3] / "docs/man/clearward-clamdscan.1"


def test_every_option_is_in_the_manual() -> None:
    manual = MANUAL.read_text("utf-8").replace("\\-", "-")
    assert [one.name for one in OPTIONS if f"--{one.name}" not in manual] == []
