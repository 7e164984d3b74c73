"""Load the rules of a server, beside the event loop."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import replace

from clearward.core.errors import Refused, Unavailable
from clearward.jail.sources import IMAGE
from clearward.service.images import throw_away, with_image
from clearward.service.logs import Log
from clearward.stores.home import home
from clearward.stores.installed.place import Place
from clearward.wiring import RuleChoice, ScanChoice, Scanner

_NICE = 10  # a tenth of a processor that others want as well


def sources(rules: RuleChoice) -> tuple[str, ...]:
    """Return the files in the home that say which rules are in force: see `Following`.

    Rules that a person named are read again when he asks for it. What is excluded needs
    no reload: whoever answers looks for himself.
    """
    return (Place(home()).current,) if rules.defaults else ()


def loader(
    rules: RuleChoice, choice: ScanChoice, log: Log
) -> Callable[[], Awaitable[Scanner]]:
    """Return what makes a scanner for a desk, as often as it is asked.

    Args:
        rules: which; their files are read each time.
        choice: how to scan, with `serving`.
        log: is told when something is compiled.
    """
    serving = False

    async def make() -> Scanner:
        nonlocal serving
        folder = os.path.join(home(), "images")
        compiled = await with_image(rules, folder, log)
        try:
            nice = _nice(compiled) if serving else 0
            how = replace(choice, nice=nice)
            scanner = await load(lambda: Scanner(compiled, how))
        except Refused as error:
            if compiled is rules:
                raise
            # What is kept may be damaged, and its sources are still there.
            log.warning("image thrown away", why=str(error))
            throw_away(compiled)
            compiled = await with_image(rules, folder, log)
            scanner = await load(lambda: Scanner(compiled, how))
        serving = True  # from now on somebody is served meanwhile
        return scanner

    return make


def _nice(rules: RuleChoice) -> int:
    """Say how far loading stands back; what is compiled takes no more than a moment."""
    texts = not all(path.lower().endswith(f".{IMAGE}") for path in rules.paths)
    starter = rules.defaults and not os.path.lexists(Place(home()).current)
    return _NICE if texts or starter else 0


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
