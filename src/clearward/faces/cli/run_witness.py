"""What `clearward witness` and its subcommand do."""

import asyncio
import json as json_text
import signal
import sys
from contextlib import AsyncExitStack, suppress

from clearward.core.errors import Malformed, Refused
from clearward.faces.witness.deciding import Deciding
from clearward.faces.witness.server import WitnessServer
from clearward.service.listening import Address, Listeners, address_of, parse_address
from clearward.stores.witness import Witness, make
from clearward.updates.keys import Kind, PublicKey
from clearward.updates.witness import Logs

_GRACE = 2.0  # seconds that requests have to end when the server does


def keygen(state: str, name: str, *, ml_dsa: bool, json: bool) -> None:
    """Make a key and show the public one.

    Raises:
        Refused: there is one, or nobody may be called so.
        Unavailable: it cannot be written.
    """
    kind = Kind.COSIGNATURE_ML_DSA_44 if ml_dsa else Kind.COSIGNATURE_ED25519
    vkey = str(make(state, name, kind))
    said = json_text.dumps({"summary": {"vkey": vkey}}) if json else vkey
    sys.stdout.write(f"{said}\n")


def serve(listen: str | None, state: str | None, keys: list[str]) -> int:
    """Answer until a signal ends it; return the exit status.

    Raises:
        Refused: an option is missing or cannot be used.
        Unavailable: what was signed cannot be read.
    """
    if listen is None or state is None or not keys:
        raise Refused("witness needs --listen, --state and --log, or keygen")
    address = parse_address(listen)
    if address.path:
        raise Refused(f"{listen!r} is not an address: tcp:HOST:PORT")
    logs = _logs(keys)
    witness = Witness(state)
    try:
        return asyncio.run(_serve(address, witness, logs))
    finally:
        witness.close()


def _logs(keys: list[str]) -> Logs:
    found = []
    for text in keys:
        try:
            found.append(PublicKey.parse(text))
            Logs.of(found)
        except (Malformed, ValueError) as error:
            raise Refused(f"{text!r} is not the key of a log: {error}") from error
    return Logs.of(found)


async def _serve(address: Address, witness: Witness, logs: Logs) -> int:
    ending = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ending.set)
    async with AsyncExitStack() as stack:
        listeners = Listeners()
        stack.callback(listeners.close)
        sockets = listeners.listen(address)
        deciding = Deciding(witness, logs)
        stack.callback(deciding.close)
        server = WitnessServer(deciding.ask)
        await server.start(sockets)
        stack.push_async_callback(server.close, _GRACE)
        places = [str(address_of(one)).removeprefix("tcp:") for one in sockets]
        with suppress(OSError):
            said = " ".join(f"witness=http://{place}" for place in places)
            sys.stderr.write(f"ready {said} vkey={witness.public}\n")
            sys.stderr.flush()
        await ending.wait()
    return 0
