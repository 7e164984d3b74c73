"""How much of one file is looked at before the scan says that it stopped."""

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB
UNITS = {"": 1, "k": KIB, "m": MIB, "g": GIB}

# The largest part that is handed to the YARA engine at once; a larger one is matched
# in windows. Two workers that hold one such part each stay below 250 MB together.
WHOLE = 64 * MIB
WINDOW = 8 * MIB
OVERLAP = 1 * MIB


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for one file, all parts below it together.

    Attributes:
        file_size: bytes of the file itself, or None for no limit.
        scan_size: bytes unpacked from it.
        parts: members, streams and attachments, the file itself included.
        depth: nesting; the file itself is at 0.
        seconds: wall time.
        memory: bytes of data one worker may allocate.

    Raises:
        ValueError: a limit below its smallest sensible value.
    """

    file_size: int | None = None
    scan_size: int = 4 * GIB
    parts: int = 100_000
    depth: int = 32
    seconds: float = 120.0
    memory: int = 384 * MIB

    def __post_init__(self) -> None:
        if self.file_size is not None and self.file_size < 0:
            raise ValueError("a file size below 0")
        if self.scan_size < 0 or self.depth < 0 or self.parts < 1:
            raise ValueError("a limit below its smallest value")
        if not self.seconds > 0:
            raise ValueError("a time limit that is not above 0")


def parse_size(text: str) -> int:
    """Read a size such as ``4g``, ``100m``, ``64k`` or ``4096`` as bytes.

    Raises:
        ValueError: anything else.
    """
    digits = text.strip().lower()
    unit = digits[-1:] if digits[-1:] in UNITS else ""
    number = digits.removesuffix(unit) if unit else digits
    if not (number.isascii() and number.isdigit()):
        raise ValueError(f"{text!r} is not a size such as 100m or 4g")
    return int(number) * UNITS[unit]
