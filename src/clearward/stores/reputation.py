"""A set of digests in a folder: static files that any web server or a stick carries.

    head            what all the others have to be; its SHA-256 is the set's id
    labels          what the digests are known as
    filter          says of most digests that they are not in the list
    list            the digests; may be missing where buckets are asked
    buckets/        000 to fff, for those who do not have the list

Everything is checked against the head when it is read: the labels and the filter when
the folder is opened, a part of the list or a bucket when it is needed. So a file that
was cut, changed or taken from another set is refused.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass

from clearward.core.errors import Malformed, Refused
from clearward.reputation import bucket, labels, records
from clearward.reputation.filter_file import Filter
from clearward.reputation.fuse import SLOT_BYTES, Shape
from clearward.reputation.head import Head, Prefix
from clearward.reputation.lookup import Known
from clearward.reputation.making import Made
from clearward.reputation.records import WIDTH, check_part, prefix

HEAD, LABELS, FILTER, LIST, BUCKETS = "head", "labels", "filter", "list", "buckets"
MOST_FILTER = 4 << 30  # bytes
MOST_LABELS = 1 << 30
_MORE_OF_FILTER = 96  # bytes before and behind the slots
_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK  # a FIFO has no one to wait for


def bucket_name(number: int) -> str:
    """Return the name of a bucket's file, below the set's folder."""
    return f"{BUCKETS}/{number:03x}"


def files(made: Made) -> Iterator[tuple[str, bytes | memoryview]]:
    """Yield all files of a set, the head last: name and content."""
    yield LIST, made.records
    yield LABELS, made.labels
    yield FILTER, made.filter()
    for number, data in enumerate(made.buckets()):
        yield bucket_name(number), data
    yield HEAD, made.head.to_bytes()


def known(head: bytes, labelled: bytes, filtered: bytes) -> Known:
    """Return what these files say.

    Raises:
        Malformed: one of them is damaged.
        Refused: they are not of one set.
    """
    parsed = Head.parse(head)
    _same(labelled, parsed.labels, labels.FORMAT)
    return Known(parsed, labels.decode(labelled), Filter.parse(filtered))


def checked_bucket(data: bytes, one: Prefix) -> bytes:
    """Return a bucket, if it is what the head says.

    Raises:
        Malformed: it is not.
    """
    _same(data, one.bucket, bucket.FORMAT)
    return data


def check_list(data: bytes, head: Head) -> None:
    """Check that a list is what the head says.

    Raises:
        Malformed: it is not.
    """
    view = memoryview(data)
    for number, one in enumerate(head.prefixes):
        start, end = (head.starts[place] * WIDTH for place in (number, number + 1))
        _same(view[start:end], one.part, records.NAME)
    if len(data) != head.records * WIDTH:
        raise Malformed(records.NAME, len(data), "length")


def labels_size(count: int) -> int:
    """Return the bytes of the labels of so many records, at most."""
    return min(count * labels.MOST_BYTES, MOST_LABELS)


def filter_size(count: int) -> int:
    """Return the bytes of the filter of so many records, at most.

    Raises:
        Malformed: no set has so many.
    """
    try:
        return Shape.of(count).slots * SLOT_BYTES + _MORE_OF_FILTER
    except ValueError as error:
        raise Malformed(HEAD, 0, "records") from error


@dataclass(frozen=True, slots=True)
class SetFolder:
    """A set in a folder.

    Attributes:
        folder: where it is.
        known: its head, labels and filter.
    """

    folder: str
    known: Known

    @classmethod
    def open(cls, folder: str) -> "SetFolder":
        """Read what every look-up needs.

        Raises:
            Refused: there is no set, or it is damaged.
        """
        if not os.path.lexists(os.path.join(folder, HEAD)):
            raise Refused(f"{folder}: there is no set of digests; --from names one")
        head = read(folder, HEAD, most=1 << 20)
        labelled = read(folder, LABELS, most=MOST_LABELS)
        filtered = read(folder, FILTER, most=MOST_FILTER)
        try:
            return cls(folder, known(head, labelled, filtered))
        except (Malformed, Refused) as error:
            raise Refused(f"{folder}: {error}") from error

    @property
    def has_list(self) -> bool:
        """Whether the list is here as well."""
        return os.path.lexists(os.path.join(self.folder, LIST))

    def listed(self, digest: bytes) -> tuple[int, ...]:
        """Return the numbers of a digest's labels, from the list.

        Raises:
            Refused: the list is not what the head says.
        """
        number = prefix(digest)
        head = self.known.head
        place = head.starts[number] * WIDTH
        length = head.prefixes[number].records * WIDTH
        part = read(self.folder, LIST, most=length, start=place)
        try:
            _same(part, head.prefixes[number].part, records.NAME)
            check_part(part, number)
        except Malformed as error:
            raise Refused(f"{self.folder}: {error}") from error
        return records.labels_of(part, digest)


def read(folder: str, name: str, *, most: int, start: int = 0) -> bytes:
    """Return a file of a set, or so much of it from a place on.

    Raises:
        Refused: it is not there, or no regular file.
    """
    path = os.path.join(folder, *name.split("/"))
    try:
        opened = os.open(path, _FLAGS)
        try:
            status = os.fstat(opened)
            if not stat.S_ISREG(status.st_mode):
                raise Refused(f"{path}: is no regular file")
            length = max(min(most, status.st_size - start), 0)
            return b"".join(_pieces(opened, start, length))
        finally:
            os.close(opened)
    except OSError as error:
        raise Refused(f"{path}: cannot be read: {error.strerror}") from error


def _same(data: bytes | memoryview, digest: bytes, format: str) -> None:
    if hashlib.sha256(data).digest() != digest:
        raise Malformed(format, 0, "SHA-256")


def _pieces(opened: int, start: int, length: int) -> Iterator[bytes]:
    end = start + length
    while start < end and (piece := os.pread(opened, end - start, start)):
        yield piece
        start += len(piece)
