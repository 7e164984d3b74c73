"""Markings of classified and confidential documents, by language.

Rules must not look for them. Inside the jail the text of rules is read for them, and
outside documents that bear them are made to be scanned: both sides read one list,
``markings.txt`` beside this file, which says where each of them comes from.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Marking:
    """One marking.

    Attributes:
        text: as it stands on documents.
        weak: an ordinary word as well, which alone says little.
        language: its code, ISO 639-1.
        source: a public text that has it; ``"-"`` if none was looked up.
    """

    text: str
    weak: bool
    language: str
    source: str


def _read() -> tuple[Marking, ...]:
    with open(f"{__file__.removesuffix('.py')}.txt", encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("|") for line in file if line[:1] != "#"]
    return tuple(
        Marking(text, kind == "weak", language, source)
        for text, kind, language, source in rows
    )


MARKINGS = _read()
