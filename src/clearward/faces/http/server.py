"""The server: sockets in, answers out, inside the running event loop."""

import asyncio
import logging
import socket
from collections.abc import Sequence
from typing import Any

from typing_extensions import override
from uvicorn.config import Config
from uvicorn.server import ServerState

from clearward.core.errors import Refused
from clearward.faces.http.application import build
from clearward.faces.http.connection import Connection
from clearward.faces.http.folders import Folders
from clearward.faces.http.gate import Gate
from clearward.faces.http.office import Office
from clearward.faces.http.outermost import MOST_HEAD
from clearward.faces.http.settings import HttpSettings, Tls
from clearward.faces.text import escaped
from clearward.service.context import Service
from clearward.service.logs import Log

_BACKLOG = 2048
_TURNS = 4  # of the loop, in which it does what it has begun
_TALKATIVE = ("uvicorn.error", "python_multipart")
_HANDSHAKE = 10.0  # seconds
_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"  # for TLS 1.2; those of 1.3 are all good
_NO_PASSWORD = "-"  # noqa: S105 - a key that has one is an error, not a question


class HttpServer:
    """The HTTP face.

    Args:
        service: the desk and what is around it.
        settings: of this face.

    Raises:
        Refused: a folder, the certificate or its key cannot be used.
    """

    def __init__(self, service: Service, settings: HttpSettings) -> None:
        self._state = ServerState()
        self._servers: list[asyncio.Server] = []
        self._stopping = False
        office = Office(
            service=service,
            settings=settings,
            gate=Gate(settings, service.allowed, service.log),
            folders=Folders(settings.files),
            stopping=lambda: self._stopping,
        )
        self._settings = settings
        self._metrics = service.metrics
        self._config = Config(
            build(office),
            interface="asgi3",
            http=Connection,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            timeout_keep_alive=settings.keep_alive,
            h11_max_incomplete_event_size=MOST_HEAD,
            **_tls(settings.tls),
        )
        _load(self._config, settings.tls)
        _forward(service.log)

    async def start(self, listeners: Sequence[socket.socket]) -> None:
        """Begin to answer on sockets that are bound."""
        loop = asyncio.get_running_loop()
        secure: dict[str, Any] = {}
        if self._config.ssl is not None:
            secure = {"ssl": self._config.ssl, "ssl_handshake_timeout": _HANDSHAKE}
        for listener in listeners:
            server = await loop.create_server(
                self._connect, sock=listener, backlog=_BACKLOG, **secure
            )
            self._servers.append(server)

    async def close(self, grace: float) -> None:
        """Answer nobody new, give `grace` seconds to who waits, then end."""
        self._stopping = True
        await self._accept_no_more()
        for connection in list(self._state.connections):
            connection.shutdown()
        tasks = list(self._state.tasks)
        if tasks:
            await asyncio.wait(tasks, timeout=grace)
        for task in self._state.tasks:
            task.cancel()
        await asyncio.gather(*self._state.tasks, return_exceptions=True)
        for connection in list(self._state.connections):
            connection.transport.abort()
        await _let_it_turn()

    async def _accept_no_more(self) -> None:
        """Stop listening; who is half accepted has to be whole before that."""
        loop = asyncio.get_running_loop()
        for server in self._servers:
            for listener in server.sockets:
                loop.remove_reader(listener.fileno())
        await _let_it_turn()
        for server in self._servers:
            server.close()

    def _connect(self) -> Connection:
        connection = Connection(self._config, self._state, {})
        connection.head = connection.linger = self._settings.head
        # Who was accepted a moment before the end is let go at once.
        connection.most = 0 if self._stopping else self._settings.connections
        connection.metrics = self._metrics
        return connection


async def _let_it_turn() -> None:
    for _ in range(_TURNS):
        await asyncio.sleep(0)


def _tls(tls: Tls | None) -> dict[str, Any]:
    if tls is None:
        return {}
    return {
        "ssl_certfile": tls.certificate,
        "ssl_keyfile": tls.key,
        "ssl_keyfile_password": _NO_PASSWORD,
        "ssl_ciphers": _CIPHERS,
    }


def _load(config: Config, tls: Tls | None) -> None:
    try:
        config.load()
    except OSError as error:
        if tls is None:
            raise
        files = f"{escaped(tls.certificate)} and {escaped(tls.key)}"
        reason = error.strerror or "they do not fit"
        raise Refused(f"{files}: no certificate and its key: {reason}") from error


class _Forwarded(logging.Handler):
    """What uvicorn and asyncio say, as one line of our own log each."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.ERROR)
        self._log = log

    @override
    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage().partition("\n")[0]
        self._log.error("http server", face="http", why=said, exc_info=record.exc_info)


def _forward(log: Log) -> None:
    """Send what libraries log to our log; what is only bad input is not logged."""
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        logger.handlers = [_Forwarded(log)]
        logger.propagate = False
        logger.setLevel(logging.ERROR)
