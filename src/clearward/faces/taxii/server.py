"""The server: a socket in, answers out, until a signal ends it."""

import asyncio
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from typing_extensions import override
from uvicorn.config import Config
from uvicorn.server import Server

from clearward.faces.taxii.application import Settings, build
from clearward.service.listening import Address, Listeners, address_of
from clearward.stores.intel.database import Database

_KEEP_ALIVE = 75  # seconds
_MOST_AT_ONCE = 512  # connections
_MOST_HEAD = 64 << 10  # bytes
_GRACE = 5  # seconds that requests have to end when the server does


class _Announced(Server):
    """Says when it answers, and leaves signals to whoever runs it."""

    @override
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        places = [str(address_of(one)).removeprefix("tcp:") for one in sockets or ()]
        said = " ".join(f"taxii=http://{place}/taxii2/" for place in places)
        with suppress(OSError):
            sys.stderr.write(f"ready {said}\n")
            sys.stderr.flush()


def serve(address: Address, database: Database, settings: Settings) -> int:
    """Answer until a signal ends it; return the exit status.

    Raises:
        Refused: the address cannot be listened on.
    """
    listeners = Listeners()
    try:
        sockets = listeners.listen(address)
        return asyncio.run(_serve(sockets, database, settings))
    finally:
        listeners.close()


async def _serve(
    sockets: Sequence[socket.socket], database: Database, settings: Settings
) -> int:
    server = _Announced(
        Config(
            build(database, settings),
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=_KEEP_ALIVE,
            timeout_graceful_shutdown=_GRACE,
            limit_concurrency=_MOST_AT_ONCE,
            h11_max_incomplete_event_size=_MOST_HEAD,
        )
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, setattr, server, "should_exit", True)  # noqa: FBT003 - positions of setattr
    await server.serve(sockets=list(sockets))
    return 0
