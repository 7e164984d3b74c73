"""The other end of the lab gives back what it was sent."""

import socket
import threading
from pathlib import Path

from clearward.faces.prove.peer import Peer, counted, taken


def test_it_serves_and_keeps_every_byte(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_bytes(b"content")
    (tmp_path / "outside").write_bytes(b"not served")
    ours, theirs = socket.socketpair()
    with ours, theirs, socket.create_server(("127.0.0.1", 0)) as listener:
        peer = Peer(listener, str(tmp_path / "folder"))
        thread = threading.Thread(target=peer.serve, args=(theirs,), daemon=True)
        thread.start()
        place = listener.getsockname()

        def get(target: bytes) -> bytes:
            sent.append(b"GET " + target + b" HTTP/1.1\r\n\r\n")
            return closing(place, sent[-1])

        sent: list[bytes] = []
        assert get(b"/file").endswith(b"\r\n\r\ncontent")
        assert get(b"/size/3").endswith(b"\r\n\r\n\0\0\0")
        for wrong in (b"/none", b"/../outside", b"/size/x", b"/size/99999999999"):
            assert get(wrong).startswith(b"HTTP/1.1 404 ")
        assert taken(ours) == tuple(sent)
        assert taken(ours) == ()
        assert counted(ours).startswith("Ip:")
        ours.shutdown(socket.SHUT_WR)
        thread.join(10)
        assert not thread.is_alive()


def closing(place: tuple[str, int], data: bytes) -> bytes:
    """Ask, and say that nothing more comes."""
    with socket.socket() as one:
        one.settimeout(10)
        one.connect(place)
        one.sendall(data)
        one.shutdown(socket.SHUT_WR)
        pieces = []
        while piece := one.recv(65536):
            pieces.append(piece)
    return b"".join(pieces)
