"""An indicator that was found in a text, as it travels out of the jail."""

from dataclasses import dataclass

from clearward.indicators.kinds import Kind

# What is looked for in texts. A kind travels as its place here: append, never reorder.
EXTRACTED = (
    Kind.DOMAIN,
    Kind.URL,
    Kind.IPV4,
    Kind.IPV6,
    Kind.EMAIL,
    Kind.MD5,
    Kind.SHA1,
    Kind.SHA256,
    Kind.CVE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """An indicator in a text.

    Attributes:
        line: where it stands first, counted from 1.
        kind: of it, one of `EXTRACTED`.
        value: in its canonical form.
    """

    line: int
    kind: Kind
    value: str
