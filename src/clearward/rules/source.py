"""A rule source as the zygote reads it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one rule file.

    Attributes:
        number: its number, counted from 0, in the order given by the person.
        label: what to call it in error messages; untrusted.
        kind: ``"yara"``, ``"md5"``, ``"sha1"`` or ``"sha256"``.
        origin: ``"bundle"``, ``"local"`` or ``"intel"``.
        text: the file's bytes.
    """

    number: int
    label: str
    kind: str
    origin: str
    text: bytes
