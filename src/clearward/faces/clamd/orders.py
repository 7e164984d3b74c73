"""Commands that are answered at once, without looking at anything."""

from collections.abc import Callable

from clearward.faces.clamd import commands, texts
from clearward.faces.clamd.shared import Shared


def _ping(_shared: Shared) -> bytes:
    return texts.PONG


def _version(shared: Shared) -> bytes:
    return shared.version()


def _version_commands(shared: Shared) -> bytes:
    return texts.version_commands(shared.version())


def _statistics(shared: Shared) -> bytes:
    return shared.statistics()


def _reload(shared: Shared) -> bytes:
    shared.service.desk.reload()
    return texts.RELOADING


def _shut_down(shared: Shared) -> bytes:
    shared.stop()
    return b""


def _nothing(_shared: Shared) -> bytes:
    """Statistics of what was found are no longer kept by clamd either."""
    return b""


# What is said, by command; nothing for an empty answer.
AT_ONCE: dict[bytes, Callable[[Shared], bytes]] = {
    commands.PING.word: _ping,
    commands.VERSION.word: _version,
    commands.VERSIONCOMMANDS.word: _version_commands,
    commands.STATS.word: _statistics,
    commands.RELOAD.word: _reload,
    commands.SHUTDOWN.word: _shut_down,
    commands.QUIT.word: _shut_down,
    commands.DETSTATS.word: _nothing,
    commands.DETSTATSCLEAR.word: _nothing,
}
