"""A web server that answers as a test says."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from typing_extensions import override


@dataclass(frozen=True, slots=True)
class Came:
    """A request that came."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Answer = Callable[[Came], tuple[int, bytes]]


@contextmanager
def serving(answer: Answer) -> Iterator[tuple[int, list[Came]]]:
    """Serve on the loopback; give the port, and the requests as they come."""
    came: list[Came] = []

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            request = Came(self.command, self.path, dict(self.headers), body)
            came.append(request)
            status, content = answer(request)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = do_POST = do_DELETE = _any  # noqa: N815 - the library's names

        @override
        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_address[1], came
        finally:
            server.shutdown()
            thread.join()
