"""The lines below a scan are those that scripts read."""

from datetime import UTC, datetime

from clearward.faces.clamav.summary import Span, Tally, daemon_lines, scanner_lines

SPAN = Span(
    datetime(2026, 11, 23, 0, 52, 36, tzinfo=UTC),
    datetime(2026, 11, 23, 0, 54, 1, tzinfo=UTC),
    84.9996,
)
TIMES = [
    "Time: 85.000 sec (1 m 24 s)",
    "Start Date: 2026:11:23 00:52:36",
    "End Date:   2026:11:23 00:54:01",
]


def test_the_daemons_lines() -> None:
    assert daemon_lines(2, 0, SPAN) == [
        "",
        "----------- SCAN SUMMARY -----------",
        "Infected files: 2",
        *TIMES,
    ]
    assert daemon_lines(2, 3, SPAN)[3] == "Total errors: 3"


def test_the_scanners_lines() -> None:
    tally = Tally(6, folders=5, files=20, found=14, scanned=75, read=78)
    assert scanner_lines(tally, "1.4.6", SPAN) == [
        "",
        "----------- SCAN SUMMARY -----------",
        "Known viruses: 6",
        "Engine version: 1.4.6",
        "Scanned directories: 5",
        "Scanned files: 20",
        "Infected files: 14",
        "Data scanned: 0.29 MB",
        "Data read: 0.30 MB (ratio 0.96:1)",
        *TIMES,
    ]
    tally.errors = 1
    assert "Total errors: 1" in scanner_lines(tally, "1.4.6", SPAN)
