"""Load the rules of a server, beside the event loop."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import replace

from clearward.core.errors import Refused, Unavailable
from clearward.service.images import throw_away, with_image
from clearward.service.logs import Log
from clearward.stores.home import home
from clearward.wiring import RuleChoice, ScanChoice, Scanner

_NICE = 10  # a tenth of a processor that others want as well


def loader(
    rules: RuleChoice, choice: ScanChoice, log: Log
) -> Callable[[], Awaitable[Scanner]]:
    """Return what makes a scanner for a desk, as often as it is asked.

    Args:
        rules: which; their files are read each time.
        choice: how to scan, with `serving`.
        log: is told when something is compiled.
    """
    how = choice

    async def make() -> Scanner:
        nonlocal how
        folder = os.path.join(home(), "images")
        compiled = await with_image(rules, folder, log)
        try:
            scanner = await load(lambda: Scanner(compiled, how))
        except Refused as error:
            if compiled is rules:
                raise
            # What is kept may be damaged, and its sources are still there.
            log.warning("image thrown away", why=str(error))
            throw_away(compiled)
            compiled = await with_image(rules, folder, log)
            scanner = await load(lambda: Scanner(compiled, how))
        how = replace(choice, nice=_NICE)  # from now on somebody is served meanwhile
        return scanner

    return make


async def load(make: Callable[[], Scanner]) -> Scanner:
    """Load rules, while the event loop goes on.

    Args:
        make: makes a scanner; called from the first thread, since it starts a process.

    Raises:
        Refused: the rules cannot be used.
        Unavailable: the jail cannot be started.
    """
    scanner = make()
    entering = asyncio.create_task(asyncio.to_thread(scanner.__enter__))
    try:
        return await asyncio.shield(entering)
    except asyncio.CancelledError:
        try:
            await entering
        except (Refused, Unavailable):
            raise asyncio.CancelledError from None
        await asyncio.to_thread(scanner.__exit__, None, None, None)
        raise
