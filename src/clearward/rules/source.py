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
        archive: what is in it, if it is an archive of YARA rules; then `text` is no
            text, and only its digest counts.
        member: its name in an archive, if it is a file of one; untrusted.
    """

    number: int
    label: str
    kind: str
    origin: str
    text: bytes
    archive: "Archive | None" = None
    member: str = ""


@dataclass(frozen=True, slots=True)
class Archive:
    """What is in an archive of YARA rules.

    Attributes:
        members: its rule files in the order of their names; all have the number of the
            archive.
        others: how many files in it are no rules.
        refused: why it cannot be used; then nothing else is told. Untrusted.
    """

    members: tuple[Source, ...] = ()
    others: int = 0
    refused: str = ""
