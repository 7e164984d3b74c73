"""The log of the server: what happened, and never what was in a file.

One line an event on standard error. It is a JSON object; ``key=value`` on a terminal.
For the journal the priority stands in front, as ``<4>``.

Only keys of a fixed vocabulary are written, with values that are words or numbers:
bytes and everything else that could hold content is left out and counted. Of an error
only its kind and the places in our code are told, since its message may quote what it
was raised about. All that is written is printable ASCII, so that a name from outside
cannot steer the terminal of whoever reads the log.

Source: sd-daemon(3) for priorities, systemd.exec(5) for JOURNAL_STREAM.
"""

import json
import logging
import os
import sys
import traceback
from collections.abc import Callable, Mapping, MutableMapping
from types import TracebackType
from typing import TextIO

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor

LEVELS = ("debug", "info", "warning", "error")
MOST_TEXT = 500  # characters of one value
MOST_ITEMS = 16  # of a list
MOST_FRAMES = 8

# Whoever adds a key answers for what its values are.
_OF_THE_LINE = ("event", "level", "time", "error", "frames", "left_out")
_OF_WHO_ASKS = ("face", "address", "peer", "tenant", "user", "command", "service")
_OF_AN_OBJECT = ("path", "outcome", "rules", "reasons", "bytes", "parts", "seconds")
_OF_THE_SERVER = ("version", "process", "status", "signal", "connections", "protection")
_OF_ITS_WORK = ("cached", "why", "waiting", "busy", "jobs", "deaths")
_OF_RULES = ("count", "digest", "number", "built", "loaded")
KEYS = frozenset(
    (
        *_OF_THE_LINE,
        *_OF_WHO_ASKS,
        *_OF_AN_OBJECT,
        *_OF_THE_SERVER,
        *_OF_ITS_WORK,
        *_OF_RULES,
    )
)

Log = FilteringBoundLogger

_PRIORITIES = {"debug": 7, "info": 6, "warning": 4, "error": 3, "critical": 2}
_FIRST = ("time", "level", "event")
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def logger(
    stream: TextIO,
    environment: Mapping[str, str],
    level: str = "info",
) -> Log:
    """Return a log that writes to a stream; it is not the log of anything else.

    Args:
        stream: usually `sys.stderr`.
        environment: usually `os.environ`; says whether the stream is the journal's.
        level: one of `LEVELS`; what is below it is not written.

    Raises:
        ValueError: no such level.
    """
    if level not in LEVELS:
        raise ValueError(f"{level!r} is not one of {', '.join(LEVELS)}")
    processors: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        say_error,
        admit,
        _lines(stream, environment),
    ]
    log: Log = structlog.wrap_logger(
        structlog.WriteLogger(stream),
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(
            getattr(logging, level.upper())
        ),
        context_class=dict,
        cache_logger_on_first_use=True,
    )
    return log


def admit(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Keep what the vocabulary allows, cut to length; count what is left out."""
    kept: EventDict = {}
    left_out = 0
    for key, value in event.items():
        allowed = _allowed(value) if key in KEYS else None
        if allowed is None and value is not None:
            left_out += 1
        elif value is not None:
            kept[key] = allowed
    if left_out:
        kept["left_out"] = left_out
    return kept


def say_error(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Replace an error by its kind and the places of our code that it came through."""
    given = event.pop("exc_info", None)
    if given is True or isinstance(given, tuple):
        given = given[1] if isinstance(given, tuple) else _current()
    if isinstance(given, BaseException):
        event["error"] = type(given).__name__
        event["frames"] = _frames(given.__traceback__)
    return event


def _current() -> BaseException | None:
    """The error that is being handled."""
    return sys.exc_info()[1]


def _frames(trace: TracebackType | None) -> list[str]:
    """Places without source text: what stands in a line is not asked for."""
    return [
        f"{os.path.relpath(frame.f_code.co_filename, _PACKAGE)}:{line}"
        for frame, line in traceback.walk_tb(trace)
        if frame.f_code.co_filename.startswith(_PACKAGE)
    ][-MOST_FRAMES:]


Value = str | int | float | list[str]


def _allowed(value: object) -> Value | None:
    """Return a value as it may be written, or None."""
    if isinstance(value, str):
        return value if len(value) <= MOST_TEXT else value[:MOST_TEXT] + "..."
    if isinstance(value, int | float):
        return value
    if isinstance(value, list | tuple):
        if not all(isinstance(item, str) for item in value):
            return None
        return [item[:MOST_TEXT] for item in value[:MOST_ITEMS]]
    return None


Render = Callable[[object, str, MutableMapping[str, object]], str]


def _lines(stream: TextIO, environment: Mapping[str, str]) -> Render:
    """Choose what a line looks like."""
    if is_journal(stream, environment):
        return _journal_line
    return _terminal_line if stream.isatty() else _json_line


def is_journal(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Say whether a stream goes to the journal, by its device and inode."""
    named = environment.get("JOURNAL_STREAM", "")
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):  # it has no descriptor
        return False
    return named == f"{status.st_dev}:{status.st_ino}"


def _json_line(
    _logger: object, _method: str, event: MutableMapping[str, object]
) -> str:
    return _ascii(_in_order(event))


def _journal_line(
    logger: object, method: str, event: MutableMapping[str, object]
) -> str:
    priority = _PRIORITIES.get(str(event.get("level")), 6)
    return f"<{priority}>{_json_line(logger, method, event)}"


def _terminal_line(
    _logger: object, _method: str, event: MutableMapping[str, object]
) -> str:
    ordered = _in_order(event)
    first = " ".join(_ascii(ordered.pop(key, ""))[1:-1] for key in _FIRST)
    return " ".join((first, *(f"{key}={_ascii(ordered[key])}" for key in ordered)))


def _in_order(event: MutableMapping[str, object]) -> dict[str, object]:
    """Time, level and event first."""
    return {key: event[key] for key in _FIRST if key in event} | dict(event)


def _ascii(value: object) -> str:
    r"""Return JSON of printable ASCII alone; `json` leaves DEL as it is."""
    return json.dumps(value, separators=(",", ":")).replace("\x7f", "\\u007f")
