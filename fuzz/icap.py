"""Feed bytes to the ICAP protocol as a client would, whole and byte by byte."""

from clearward.faces.icap.http_head import read_http
from clearward.faces.icap.page import block_page
from clearward.faces.icap.protocol import Asked, Conversation, Ended, Piece, Stopped
from clearward.faces.icap.status import Fault

MOST_ALONE = 4096  # bytes that are also fed one by one


class Differs(Exception):
    """The same bytes mean something else when they are cut."""


def conversing(data: bytes) -> None:
    """Treat bytes as all that one client sends."""
    whole = _heard([data])
    if len(data) <= MOST_ALONE:
        alone = _heard([data[at : at + 1] for at in range(len(data))])
        if alone != whole:
            raise Differs(f"{alone} is not {whole}")


def _heard(pieces: list[bytes]) -> list[object]:
    """What was said, in which bodies are put together."""
    conversation = Conversation()
    heard: list[object] = []
    try:
        for piece in pieces:
            conversation.receive(piece)
            while (event := conversation.next_event()) is not None:
                _hear(event, heard)
                if isinstance(event, Stopped):
                    conversation.proceed()
                elif isinstance(event, Ended):
                    conversation.answered()
    except Fault as fault:
        heard.append(fault.status)
    return heard


def _hear(event: object, heard: list[object]) -> None:
    if isinstance(event, Asked):
        for head in event.http.values():
            block_page(["x"], read_http(head).target)
    if isinstance(event, Piece) and heard and isinstance(heard[-1], Piece):
        heard[-1] = Piece(heard[-1].data + event.data)
    else:
        heard.append(event)
