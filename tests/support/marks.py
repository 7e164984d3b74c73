"""Harmless things that are found, put together at run time."""

from pathlib import Path

EICAR = (
    b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS" + b"-TEST-FILE!$H+H*"
)
MARK = b"-".join((b"AN", b"INERT", b"MARK", b"TO", b"BE", b"FOUND"))
KEPT_BACK = "a-secret-of-the-broker"  # found only where the jail leaks


def mark_rule(folder: Path, name: str = "mark") -> Path:
    """Write a rule file that finds `MARK`; return its path."""
    path = folder / f"{name}.yar"
    text = MARK.decode()
    path.write_text(f'rule {name} {{ strings: $a = "{text}" condition: $a }}\n')
    return path
