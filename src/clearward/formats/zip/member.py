"""What one header claims, turned into parts and gaps."""

from collections.abc import Generator
from dataclasses import dataclass, field, replace

from zlib_ng.zlib_ng import crc32

from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.zip.chosen import DOUBTED, KNOWN, chosen
from clearward.formats.zip.claim import DEFLATED, ENCRYPTED, STORED, Claim
from clearward.formats.zip.decoding import Decoding, End
from clearward.formats.zip.descriptor import (
    SIGNATURE,
    crc_of,
    descriptor_size,
    stored_extent,
)
from clearward.formats.zip.locked import Keys
from clearward.formats.zip.small import inflated
from clearward.formats.zip.window import Window

TRIAL = 4096  # bytes unpacked to see whether data is what a header denies
EMPTY = Reader.of(b"")
NOTHING = b"\x03\x00"  # deflate's shortest stream

GAPS = {
    End.DAMAGED: Reason.CORRUPT,
    End.CUT: Reason.TRUNCATED,
    End.MEMORY: Reason.MEMORY_LIMIT,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is known of a member after it was read. All offsets are of the part.

    Attributes:
        end: bytes before this were handed on, packed or not; those of a stored member
            were handed on as they are.
        next: where the next local header has to stand.
        used: bytes before this were read to find out.
        sound: nothing contradicts the header.
    """

    end: int
    next: int
    used: int
    sound: bool


@dataclass(frozen=True, slots=True)
class Member:
    """A member as one header shows it.

    Attributes:
        window: the archive.
        name: as stored.
        data: offset of the data.
        claim: what the header says.
        keys: passwords of this archive.
    """

    window: Window
    name: bytes
    data: int
    claim: Claim
    keys: Keys = field(default_factory=Keys)

    def items(self) -> Generator[Item, None, Outcome]:
        """Yield what the member holds; return what is known then."""
        claim = self.claim
        if self.data > self.window.size:  # the part ends inside the header
            yield Gap(Reason.TRUNCATED, self.name)
            return Outcome(self.data, self.data, self.data, sound=False)
        end = self._end_of_nothing()
        if end >= 0:
            return (yield from self._nothing(end))
        if claim.locked:
            return (yield from self._denied(Reason.ENCRYPTED))
        if claim.method == STORED:
            return (yield from self._stored(Reason.CORRUPT))
        if claim.method in KNOWN - DOUBTED:
            return (yield from self._packed(claim.method, Reason.CORRUPT))
        return (yield from self._denied(Reason.UNSUPPORTED))

    def _end_of_nothing(self) -> int:
        """Return where the data end if they hold no content, or -1 if they may."""
        claim = self.claim
        if not claim.nothing:
            empty = claim.method == DEFLATED and (claim.packed, claim.size) == (2, 0)
            if empty and self.window.at(self.data, len(NOTHING)) == NOTHING:
                return self.data + len(NOTHING)
            return -1
        if claim.method == STORED and claim.packed == 0:
            return self.data
        head = self.window.at(self.data, 4)
        right = SIGNATURE.match(head) if head else claim.packed == 0
        return self.data if right else -1

    def _nothing(self, end: int) -> Generator[Item, None, Outcome]:
        """Yield an empty part, so that names are seen and members counted.

        A folder is no part.
        """
        if not self.name.endswith(b"/"):
            yield Part(EMPTY, self.name)
        if self.claim.packed is None:
            end += descriptor_size(self.window, end, 0, 0, 0)
        return Outcome(end, end, self.data, sound=True)

    def _stored(self, blame: Reason) -> Generator[Item, None, Outcome]:
        claim = self.claim
        if claim.packed is None:
            return (yield from self._stored_up_to_its_descriptor())
        there = self.window.size - self.data
        length = min(claim.packed, there)
        if length:
            yield self._slice(length)
        end = self.data + length
        crc = crc_of(self.window, self.data, length)
        sound = claim.size in (None, length) and self._right(crc)
        if claim.packed > there:
            yield Gap(Reason.TRUNCATED, self.name)
            return Outcome(end, end, end, sound=False)
        used = self.data + min(claim.size or 0, there)
        if used > end:  # some programs go by the other size
            yield self._slice(used - self.data)
        if not sound:
            yield Gap(blame, self.name)
        outcome = self._outcome(end, crc, length, sound=sound)
        return replace(outcome, used=max(used, end))

    def _stored_up_to_its_descriptor(self) -> Generator[Item, None, Outcome]:
        extent = stored_extent(self.window, self.data)
        end = self.data + extent.size
        if extent.size:
            yield self._slice(extent.size)
        if extent.sound:
            crc = crc_of(self.window, self.data, extent.size)
            return self._outcome(end, crc, extent.size, sound=True)
        cut = end == self.window.size
        yield Gap(Reason.TRUNCATED if cut else Reason.CORRUPT, self.name)
        return Outcome(end, end, self.window.size, sound=False)

    def _packed(self, method: int, blame: Reason) -> Generator[Item, None, Outcome]:
        claim = self.claim
        content = (
            inflated(self.window, self.data, claim) if method == DEFLATED else None
        )
        if content is not None:
            end, crc = self.data + (claim.packed or 0), crc32(content)
            yield Part(Reader.of(content), self.name, claim.packed or 0)
            return self._outcome(end, crc, len(content), sound=True)
        decoding = Decoding(self.window, self.data, claim, chosen(method, claim.flags))
        packed = min(claim.packed or 0, self.window.size)
        yield Part(Stream(decoding.chunks()), self.name, packed)
        if decoding.end is not End.WHOLE:
            reason = GAPS.get(decoding.end)
            if reason is not None:
                yield Gap(reason, self.name)
            return Outcome(
                self.data, self.data + packed, decoding.position, sound=False
            )
        end, crc, size = decoding.position, decoding.crc, decoding.size
        sound = self._right(crc) and claim.size in (None, size)
        if claim.packed is None:
            sound = bool(descriptor_size(self.window, end, crc, end - self.data, size))
        elif end - self.data > claim.packed:
            sound = False
        if not sound:
            cut = claim.packed is None and end == self.window.size
            yield Gap(Reason.TRUNCATED if cut else blame, self.name)
        return self._outcome(end, crc, size, sound=sound)

    def _denied(self, reason: Reason) -> Generator[Item, None, Outcome]:
        """Try data that its header calls encrypted, or packed by no known method.

        Some programs do not look at the flag, and some take an unknown method for
        stored or deflated; so does malware that is made for them. Source: APK files
        with such headers, which Android installs. Others ask for a password, and what
        they then write is not what was looked at.
        """
        claim = self.claim
        method = self._plain_method()
        if method is not None:
            return (yield from self._read_anyway(method, reason))
        following = self.data + (claim.packed or 0)
        if claim.locked:
            for unlocked in self.keys.opening(self.window, self.data, claim):
                inner = Window(Reader.of(unlocked.data))
                member = Member(inner, self.name, 0, unlocked.claim, self.keys)
                if member.is_plain():
                    outcome = yield from member.items()
                    return Outcome(following, following, following, sound=outcome.sound)
        elif claim.method in DOUBTED:
            return (yield from self._packed(claim.method, Reason.CORRUPT))
        yield Gap(reason, self.name)
        linked = SIGNATURE.match(self.window.at(following, 4)) is not None
        used = self.data + TRIAL
        if claim.packed is not None:
            used = min(following, used)
        return Outcome(self.data, following, used, sound=linked)

    def _read_anyway(
        self, method: int, reason: Reason
    ) -> Generator[Item, None, Outcome]:
        """Read data that are plainly of a method, whatever their header calls them."""
        if self.claim.flags & ENCRYPTED:
            yield Gap(reason, self.name)
            reason = Reason.CORRUPT
        if method == STORED:
            return (yield from self._stored(reason))
        return (yield from self._packed(method, reason))

    def _plain_method(self) -> int | None:
        """Return what method the data plainly are of, None if none is known."""
        claim = self.claim
        tried: tuple[int, ...] = (STORED, DEFLATED)
        if claim.locked and claim.method in (STORED, *KNOWN):
            tried = (claim.method,)
        for method in tried:
            if method == STORED and self._plainly_stored():
                return method
            if method in KNOWN and self._plainly_packed(method):
                return method
        return None

    def is_plain(self) -> bool:
        """Say whether the first bytes are what the header says."""
        if self.claim.method in KNOWN:
            return self._plainly_packed(self.claim.method)
        return self.claim.method != STORED or self._plainly_stored()

    def _plainly_stored(self) -> bool:
        claim = self.claim
        if claim.packed is None or claim.packed != claim.size:
            return False
        if claim.packed > self.window.size - self.data:
            return False
        return self._right(crc_of(self.window, self.data, claim.packed))

    def _plainly_packed(self, method: int) -> bool:
        """Say whether the first bytes unpack without an error."""
        how = chosen(method, self.claim.flags)
        decoding = Decoding(self.window, self.data, self.claim, how, lenient=False)
        chunks = decoding.attempt(TRIAL)
        for _ in range(2):  # the second tells whether the first was all
            next(chunks, b"")
        if decoding.end is End.WHOLE:
            sizes = (None, decoding.size)
            return self._right(decoding.crc) and self.claim.size in sizes
        return decoding.end is End.OPEN

    def _right(self, crc: int) -> bool:
        return not self.claim.crcs or crc in self.claim.crcs

    def _slice(self, length: int) -> Part:
        return Part(self.window.reader.slice(self.data, length), self.name, length)

    def _outcome(self, end: int, crc: int, size: int, *, sound: bool) -> Outcome:
        packed = end - self.data
        behind = end + descriptor_size(self.window, end, crc, packed, size)
        return Outcome(behind, behind, end, sound=sound)
