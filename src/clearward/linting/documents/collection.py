"""All the documents of a probe: each marking, and ordinary ones, in many formats.

The same documents are made each time, so what a rule matches once it matches again.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, islice

from clearward.core.markings import MARKINGS
from clearward.linting.documents.compound import compound
from clearward.linting.documents.document import Document, Written
from clearward.linting.documents.office import archive, office
from clearward.linting.documents.ordinary import ORDINARY, PARAGRAPHS
from clearward.linting.documents.portable import portable
from clearward.linting.documents.texts import mail, marked_up, plain

# Markings of a language that are written in every format; of most languages one.
_EVERYWHERE = {"en": 5, "fr": 2, "de": 2, "ru": 2, "zh": 2}
_TOGETHER = 40  # markings of one document that bears many
_SIZES = (4_000, 60_000, 300_000, 1_200_000)  # bytes of text
_SIZED = ("TOP SECRET", "NOFORN", "STRENG GEHEIM", "")


def documents() -> Iterator[Written]:
    """Yield every document."""
    for document in _documents():
        yield from everywhere(document)
    seen: dict[str, int] = {}
    for marking in MARKINGS:
        document = Document(marking.text, PARAGRAPHS)
        seen[marking.language] = seen.get(marking.language, 0) + 1
        if seen[marking.language] <= _EVERYWHERE.get(marking.language, 1):
            yield from everywhere(document)
        else:
            yield from plain(document)
        yield from _placed(marking.text)
    for marking_text in _SIZED:
        for size in _SIZES:
            yield from _of_size(marking_text, size)


def everywhere(document: Document) -> Iterator[Written]:
    """Yield a document in every format, and all of those in an archive."""
    made = list(
        chain(
            plain(document),
            marked_up(document),
            mail(document),
            office(document),
            portable(document),
            compound(document),
        )
    )
    yield from made
    files = {
        f"{number}.{one.name.rpartition('.')[2]}": one.data
        for number, one in enumerate(made)
    }
    yield Written(f"{document.marking}.zip", archive(files, packed=True))
    some = dict(islice(files.items(), 2))
    yield Written(f"{document.marking}.stored.zip", archive(some, packed=False))


def _documents() -> Iterator[Document]:
    """Yield ordinary documents, and one with many markings."""
    for title, paragraphs in ORDINARY:
        yield Document(title, paragraphs)
    texts = [one.text for one in MARKINGS]
    for start in range(0, len(texts), _TOGETHER):
        some: Sequence[str] = texts[start : start + _TOGETHER]
        yield Document("Markings", (*some, *PARAGRAPHS))


def _placed(marking: str) -> Iterator[Written]:
    """Yield a marking where it stands on a page: in a line, in the middle, alone."""
    body = "\n".join(PARAGRAPHS)
    texts = {
        "line": f"Classification: {marking}\n\n{body}\n",
        "middle": f"{'':30}{marking}\n\n{body}\n\n{'':30}{marking}\n",
        "inside": f"{body}\nThis page is {marking.lower()} and stays here.\n{body}\n",
    }
    for name, text in texts.items():
        yield Written(f"{marking}.{name}.txt", text.encode())


def _of_size(marking: str, size: int) -> Iterator[Written]:
    """Yield a document of about so many bytes, as text and in an office format."""
    lines = "\n".join(PARAGRAPHS) + "\n"
    document = Document(marking, (lines * (size // len(lines) + 1),))
    name = f"{marking or 'Report'}.{size}"
    stored = islice(office(document, (False,)), 1)
    for one in chain(islice(plain(document), 1), stored):
        yield Written(f"{name}.{one.name.rpartition('.')[2]}", one.data)
