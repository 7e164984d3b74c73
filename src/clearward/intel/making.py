"""Indicators made here from a value alone: the same value is the same object."""

from dataclasses import dataclass, field

import msgspec

from clearward.indicators.identity import indicator_id, pattern
from clearward.indicators.kinds import Kind
from clearward.intel.arriving import Arrived
from clearward.intel.times import shortly

_encode = msgspec.json.Encoder().encode
_MILLISECOND = 1000  # microseconds


@dataclass(frozen=True, slots=True)
class Stamp:
    """What all indicators of one import have in common.

    Attributes:
        time: microseconds, whole thousands; when they were made, and from when on
            they are good.
        author: id of the organisation that claims them, if any.
        markings: ids of those on them.
        said: the time as it is written.
    """

    time: int
    author: str | None = None
    markings: tuple[str, ...] = ()
    said: str = field(init=False)

    def __post_init__(self) -> None:
        """Write the time once for all."""
        time = self.time - self.time % _MILLISECOND
        object.__setattr__(self, "time", time)
        object.__setattr__(self, "said", shortly(time))


def made(
    kind: Kind,
    value: str,
    stamp: Stamp,
    *,
    labels: tuple[str, ...] = (),
    references: tuple[str, ...] = (),
    more: dict[str, object] | None = None,
) -> Arrived:
    """Return the indicator of a canonical value.

    Args:
        kind: of the value.
        value: canonical.
        stamp: of the import.
        labels: in free words, such as the family of malware.
        references: addresses of where it is described.
        more: further members, such as ``confidence`` or ``valid_until``.
    """
    written = pattern(kind, value)
    id = indicator_id(written)
    said = stamp.said
    body: dict[str, object] = {"type": "indicator", "spec_version": "2.1", "id": id}
    if stamp.author is not None:
        body["created_by_ref"] = stamp.author
    body |= {"created": said, "modified": said}
    if labels:
        body["labels"] = labels
    if references:
        body["external_references"] = [
            {"source_name": "reference", "url": one} for one in references
        ]
    if stamp.markings:
        body["object_marking_refs"] = stamp.markings
    body |= {
        "indicator_types": ["malicious-activity"],
        "pattern": written,
        "pattern_type": "stix",
        "valid_from": said,
    }
    if more:
        body |= more
    return Arrived(
        id=id,
        type="indicator",
        spec="2.1",
        version=stamp.time,
        body=_encode(body),
        markings=frozenset(stamp.markings),
        author=stamp.author,
        values=((kind, value),),
        is_made=True,
    )
