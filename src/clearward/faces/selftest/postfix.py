"""Hand a mail with the sample to a mail server, as another mail server does.

What is refused in the dialogue is blocked. A filter behind the queue is not seen from
here: the mail is taken, and whether it arrives has to be looked at in the mailbox.
"""

from dataclasses import dataclass

from clearward.faces.selftest.chain import Fate, NotAble, Seen
from clearward.faces.selftest.dialing import Line, Place
from clearward.faces.selftest.samples import Sample, mail
from clearward.faces.selftest.smtp import Replies, Reply, stuffed

_OK, _GO_ON, _LATER = 2, 3, 4
_HELLO = b"EHLO clearward.selftest.invalid\r\n"
_LOOK = "a filter behind the queue may still stop it: look into the mailbox"


@dataclass(frozen=True, slots=True)
class Postfix:
    """One mail server.

    Attributes:
        where: port 25 of it.
        recipient: who gets the mails; it is the sender, too, so that what bounces
            comes back to the same.
    """

    where: Place
    recipient: str
    name: str = "postfix"

    @property
    def target(self) -> str:
        """The address."""
        return self.where.shown

    def send(self, sample: Sample) -> Seen:
        """Deliver a mail."""
        with Line(self.where) as line:
            dialogue = _Dialogue(line)
            dialogue.expect("greeting", dialogue.reply())
            dialogue.expect("EHLO", dialogue.ask(_HELLO))
            mailbox = self.recipient.encode("ascii")
            dialogue.expect("MAIL", dialogue.ask(b"MAIL FROM:<%b>\r\n" % mailbox))
            dialogue.expect("RCPT", dialogue.ask(b"RCPT TO:<%b>\r\n" % mailbox))
            dialogue.expect("DATA", dialogue.ask(b"DATA\r\n"), _GO_ON)
            message = mail(sample, self.recipient, self.recipient)
            last = dialogue.ask(stuffed(message))
            line.send(b"QUIT\r\n")
        said = f"end of data: {last.code} {last.text}"
        if last.kind == _OK:
            return Seen(Fate.PASSED, (said, _LOOK) if sample.bad else (said,))
        return Seen(Fate.UNCLEAR if last.kind == _LATER else Fate.BLOCKED, (said,))


class _Dialogue:
    """Questions and answers, one after the other."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._replies = Replies()
        self._waiting: list[Reply] = []

    def ask(self, data: bytes) -> Reply:
        self._line.send(data)
        return self.reply()

    def reply(self) -> Reply:
        while not self._waiting:
            data = self._line.receive()
            if not data:
                raise NotAble("the mail server closed the connection")
            self._waiting += self._replies.receive(data)
        return self._waiting.pop(0)

    def expect(self, step: str, reply: Reply, kind: int = _OK) -> None:
        """Refuse to go on unless the server agrees."""
        if reply.kind != kind:
            raise NotAble(f"{step}: {reply.code} {reply.text}")
