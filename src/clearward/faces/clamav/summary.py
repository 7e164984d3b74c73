"""The lines below a scan, as ClamAV's programs write them.

Scripts cut numbers out of these lines, so that every space counts. Data is counted in
blocks of 4096 bytes of each file, as the original does: a smaller file adds nothing.
"""

from dataclasses import dataclass
from datetime import datetime

BLOCK = 4096
_HEAD = "----------- SCAN SUMMARY -----------"
_MIB_BLOCKS = 256  # blocks in a MiB


@dataclass(frozen=True, slots=True)
class Span:
    """How long it took.

    Attributes:
        start: local time.
        end: local time.
        seconds: between the two, by a clock that nobody sets.
    """

    start: datetime
    end: datetime
    seconds: float


@dataclass(slots=True)
class Tally:
    """What clamscan counts.

    Attributes:
        rules: signatures in force.
        folders: folders walked.
        files: files looked at, without empty ones.
        found: files in which something was found.
        errors: files and folders that could not be looked at.
        scanned: blocks looked at.
        read: blocks of all files.
    """

    rules: int = 0
    folders: int = 0
    files: int = 0
    found: int = 0
    errors: int = 0
    scanned: int = 0
    read: int = 0


def daemon_lines(found: int, errors: int, span: Span) -> list[str]:
    """Return the lines below a scan by clamdscan."""
    lines = ["", _HEAD, f"Infected files: {found}"]
    if errors:
        lines.append(f"Total errors: {errors}")
    return lines + _times(span)


def scanner_lines(tally: Tally, engine: str, span: Span) -> list[str]:
    """Return the lines below a scan by clamscan."""
    ratio = tally.scanned / tally.read if tally.read else 0.0
    lines = [
        "",
        _HEAD,
        f"Known viruses: {tally.rules}",
        f"Engine version: {engine}",
        f"Scanned directories: {tally.folders}",
        f"Scanned files: {tally.files}",
        f"Infected files: {tally.found}",
    ]
    if tally.errors:
        lines.append(f"Total errors: {tally.errors}")
    return [
        *lines,
        f"Data scanned: {tally.scanned / _MIB_BLOCKS:.2f} MB",
        f"Data read: {tally.read / _MIB_BLOCKS:.2f} MB (ratio {ratio:.2f}:1)",
        *_times(span),
    ]


def _times(span: Span) -> list[str]:
    minutes, seconds = divmod(int(span.seconds), 60)
    return [
        f"Time: {span.seconds:.3f} sec ({minutes} m {seconds} s)",
        f"Start Date: {span.start:%Y:%m:%d %H:%M:%S}",
        f"End Date:   {span.end:%Y:%m:%d %H:%M:%S}",
    ]
