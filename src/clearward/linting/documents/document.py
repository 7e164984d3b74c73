"""What a document says, before it is written in some format."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """A text with a marking.

    Attributes:
        marking: at its head and foot; what an ordinary document has there is its title.
        paragraphs: of ordinary language.
    """

    marking: str
    paragraphs: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """All of it, a line each."""
        return (self.marking, *self.paragraphs, self.marking)

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.lines) + "\n"


@dataclass(frozen=True, slots=True)
class Written:
    """A document as a file.

    Attributes:
        name: says what it is, such as ``"TOP SECRET.docx"``.
        data: the file.
    """

    name: str
    data: bytes
