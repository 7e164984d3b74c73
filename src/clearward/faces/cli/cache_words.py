"""What is remembered, in words, as JSON and as a table on a terminal."""

from collections.abc import Iterator
from typing import Any

from clearward.faces.text import escaped
from clearward.stores.verdicts.inventory import Inventory, Share
from clearward.stores.verdicts.period import DAY, Period

_HOUR, _MINUTE = 3600, 60
_SHOWN = 16  # characters of a digest


def row(share: Share) -> dict[str, Any]:
    """What is remembered under some rules, as JSON."""
    return {
        "rules_sha256": share.digest,
        "files": share.files,
        "used": share.used.isoformat(),
    }


def cells(share: Share) -> tuple[str, str, str]:
    """The same for people: digest, files, when it was used last."""
    digest, day = share.digest[:_SHOWN], share.used.strftime("%Y-%m-%d")
    return digest, f"{share.files:,}", day


def summary(held: Inventory, period: Period, folder: str) -> dict[str, Any]:
    """What is remembered under all of them, as JSON."""
    return {
        "files": held.files,
        "rule_images": len(held.shares),
        "bytes": held.size,
        "oldest_seconds": held.oldest,
        "shortest_days": period.shortest / DAY,
        "longest_days": period.longest / DAY,
        "folder": escaped(folder),
    }


def lines(held: Inventory, period: Period, folder: str) -> Iterator[str]:
    """The same for people, a line each."""
    oldest = "-" if held.oldest is None else age(held.oldest)
    shortest, longest = period.shortest / DAY, period.longest / DAY
    fields = {
        "files": f"{held.files:,}",
        "rule images": f"{len(held.shares):,}",
        "on disk": f"{held.size:,} bytes",
        "oldest": oldest,
        "expires": f"after {shortest:g} to {longest:g} days",
        "folder": escaped(folder),
    }
    for name, value in fields.items():
        yield f"{name + ':':<13} {value}"


def age(seconds: float) -> str:
    """A length of time for people, in the largest unit that it fills."""
    for unit, name in ((DAY, "days"), (_HOUR, "hours"), (_MINUTE, "minutes")):
        if seconds >= unit:
            return f"{seconds / unit:.1f} {name}"
    return f"{seconds:.0f} seconds"
