"""Ask clamd, or what speaks like it, about the sample, as a mail filter does."""

from dataclasses import dataclass

from clearward.faces.clamav.wire import Meaning, Replies, Unclear, chunk, command, reply
from clearward.faces.selftest.chain import Fate, NotAble, Seen
from clearward.faces.selftest.dialing import Line, Place
from clearward.faces.selftest.samples import Sample
from clearward.faces.text import shown

_FATES = {
    Meaning.CLEAN: Fate.PASSED,
    Meaning.FOUND: Fate.BLOCKED,
    Meaning.FAILED: Fate.UNCLEAR,
}


@dataclass(frozen=True, slots=True)
class Clamd:
    """One server.

    Attributes:
        where: its address or socket.
    """

    where: Place
    name: str = "clamd"

    @property
    def target(self) -> str:
        """The address."""
        return self.where.shown

    def send(self, sample: Sample) -> Seen:
        """Stream a sample."""
        replies = Replies()
        lines: list[bytes] = []
        with Line(self.where) as line:
            line.send(command(b"INSTREAM") + chunk(sample.content) + chunk(b""))
            try:
                while not lines and (data := line.receive()):
                    lines += replies.receive(data)
                said = (*lines, replies.rest())[0]
                return Seen(_FATES[reply(said).meaning], (f"clamd: {shown(said)}",))
            except Unclear as error:
                raise NotAble(f"clamd: {error}") from error
