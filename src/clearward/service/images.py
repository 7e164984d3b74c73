"""Large rule sources as images that are kept in the state folder.

Compiling the signatures of ClamAV takes half a minute and four times the memory of
mapping them compiled. So a server compiles them in a process of its own that ends
afterwards, once for each state of their files, and maps what that wrote: a start and a
reload with the same files take a second.
"""

import asyncio
import hashlib
import os
from contextlib import suppress
from dataclasses import replace

from clearward import __version__
from clearward.compiling import compile_image, launched
from clearward.core.errors import Unavailable
from clearward.core.limits import MIB
from clearward.jail.sources import IMAGE, Gathered, gather
from clearward.service.logs import Log
from clearward.wiring import RuleChoice

LARGE = 1 * MIB  # bytes of sources of which an image is made
_TRIES = 3  # sources may change while they are compiled
_KEPT = 2  # images: the last one, and the one before for whoever goes back to it
_PIECE = 1 * MIB


async def with_image(rules: RuleChoice, folder: str, log: Log) -> RuleChoice:
    """Return rules that mean the same, compiled if that is worth it.

    Args:
        rules: which are in force.
        folder: where images are kept; made if it is missing.
        log: is told when something is compiled.

    Raises:
        Refused: a source cannot be used.
        Unavailable: the jail could not be started.
    """
    for _ in range(_TRIES):
        key = await asyncio.to_thread(_key, rules)
        if key is None:
            return rules
        path = os.path.join(folder, f"{key}.{IMAGE}")
        if not await asyncio.to_thread(os.path.exists, path):
            log.info("compiling rules")
            try:
                await _compile(rules, path)
            except OSError as error:
                log.warning("image not kept", why=error.strerror)
                return rules
            if await asyncio.to_thread(_key, rules) != key:
                os.unlink(path)
                continue
        os.utime(path)
        _remove_old(folder)
        return replace(rules, paths=(path,), strict=False)
    raise Unavailable("the rule sources change faster than they can be compiled")


def throw_away(compiled: RuleChoice) -> None:
    """Remove an image that cannot be used, so that it is made anew."""
    for path in compiled.paths:
        with suppress(OSError):
            os.unlink(path)


def _key(rules: RuleChoice) -> str | None:
    """What an image of these sources is called; None if none is made."""
    gathered = gather(rules.paths, "local")
    try:
        large = sum(file.size for file in gathered.files) >= LARGE
        if not large or any(file.kind == IMAGE for file in gathered.files):
            return None
        return _digest(gathered, strict=rules.strict)
    finally:
        gathered.close()


def _digest(gathered: Gathered, *, strict: bool) -> str:
    """SHA-256 over what is compiled and by what, hexadecimal."""
    whole = hashlib.sha256(f"{__version__} {strict}".encode())
    for file in gathered.files:
        one = hashlib.sha256()
        offset = 0
        while piece := os.pread(file.descriptor, _PIECE, offset):
            one.update(piece)
            offset += len(piece)
        name = os.path.basename(file.label)
        whole.update(
            f"\n{one.hexdigest()} {file.named} {name}".encode(errors="replace")
        )
    return whole.hexdigest()


async def _compile(rules: RuleChoice, path: str) -> None:
    """Compile beside the event loop; the processes are started in its thread."""
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    processes = [launched(), launched()]
    waiting = list(processes)
    try:
        await asyncio.to_thread(
            compile_image,
            rules.paths,
            path,
            strict=rules.strict,
            show=lambda _: None,
            launch=waiting.pop,
        )
    finally:
        for process in processes:
            process.end()


def _remove_old(folder: str) -> None:
    """Remove images that were not used for the longest time."""
    with suppress(OSError):
        images = [one for one in os.scandir(folder) if one.name.endswith(f".{IMAGE}")]
        images.sort(key=lambda one: one.stat().st_mtime_ns, reverse=True)
        for one in images[_KEPT:]:
            os.unlink(one.path)
