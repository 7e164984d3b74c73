"""Read a clamd.conf, so that a site keeps the file that it has.

Lines of a word and a value; ``#`` begins a comment. Words that mean nothing here are
named, not refused: most of them tune the engine of ClamAV.

Source: clamd.conf(5).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from clearward.core.errors import Refused
from clearward.core.limits import Limits, parse_size
from clearward.faces.clamd.commands import COMMANDS
from clearward.faces.clamd.settings import ClamdSettings, exclusions
from clearward.service.listening import Address

MOST_BYTES = 1 << 20  # of the file
_UNLIMITED = 1 << 62
_YES = frozenset(("yes", "true", "1"))
_NO = frozenset(("no", "false", "0"))
_SWITCH = re.compile(r"Enable([A-Z][A-Za-z]*)Command")
# Two words that do, or tell, the same.
_ALSO = {b"SHUTDOWN": b"QUIT", b"VERSION": b"VERSIONCOMMANDS"}


@dataclass(frozen=True, slots=True)
class ClamdConf:
    """What a clamd.conf asks for.

    Attributes:
        settings: of the face.
        addresses: on which it listens; several, one, or none.
        limits: for each object.
        jobs: workers (MaxThreads), or None.
        rules: folder of the rules (DatabaseDirectory), or None.
        ignored: words that mean nothing here, each once.
    """

    settings: ClamdSettings = field(default_factory=ClamdSettings)
    addresses: tuple[Address, ...] = ()
    limits: Limits = field(default_factory=Limits)
    jobs: int | None = None
    rules: str | None = None
    ignored: tuple[str, ...] = ()

    @property
    def warning(self) -> str:
        """One line that names the ignored words; empty if there are none."""
        return f"ignored: {' '.join(self.ignored)}" if self.ignored else ""


def read_conf(path: str, limits: Limits) -> ClamdConf:
    """Read a clamd.conf.

    Args:
        path: of the file.
        limits: hold where it says nothing.

    Raises:
        Refused: the file cannot be read, or a value is none that its word takes.
    """
    try:
        with open(path, "rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Refused(f"{path}: cannot be read: {error.strerror}") from error
    if len(raw) > MOST_BYTES:
        raise Refused(f"{path}: is too long for a clamd.conf")
    try:
        return parse_conf(raw.decode("utf-8", errors="surrogateescape"), limits)
    except Refused as error:
        raise Refused(f"{path}: {error}") from error


def parse_conf(text: str, limits: Limits) -> ClamdConf:
    """Read the text of a clamd.conf.

    Raises:
        Refused: a value is none that its word takes.
    """
    told: dict[str, list[str]] = {}
    for number, (word, value) in _lines(text):
        if word in _WORDS or _switched(word):
            _check(number, word, value)
            told.setdefault(word, []).append(value)
        else:
            told.setdefault(word, [])
    return ClamdConf(
        settings=_settings(told),
        addresses=_addresses(told),
        limits=_limits(told, limits),
        jobs=max(1, int(told["MaxThreads"][-1])) if "MaxThreads" in told else None,
        rules=told.get("DatabaseDirectory", [None])[-1],
        ignored=tuple(word for word, values in told.items() if not values),
    )


def _lines(text: str) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield words and values with the number of their line."""
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped and not stripped.startswith("#"):
            word, _, value = stripped.replace("\t", " ", 1).partition(" ")
            yield number, (word, _unquoted(value.strip()))


def _unquoted(value: str) -> str:
    if value.startswith('"'):
        return value[1:].partition('"')[0]
    return value


def _switched(word: str) -> bytes:
    """Return the command that a word switches; empty if it does not."""
    found = _SWITCH.fullmatch(word)
    command = found[1].upper().encode() if found else b""
    return command if command in COMMANDS else b""


def _check(number: int, word: str, value: str) -> None:
    read = _WORDS.get(word, _boolean)
    try:
        read(value)
    except ValueError as error:
        raise Refused(f"line {number}: {word}: {error}") from error


def _boolean(value: str) -> bool:
    if value.lower() in _YES:
        return True
    if value.lower() in _NO:
        return False
    raise ValueError(f"{value!r} is neither yes nor no")


def _count(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 9):  # noqa: PLR2004 - digits
        raise ValueError(f"{value!r} is not a number")
    return int(value)


def _port(value: str) -> int:
    port = _count(value)
    if not 0 < port <= 0xFFFF:  # noqa: PLR2004 - of TCP
        raise ValueError(f"{value!r} is not a port")
    return port


def _text(value: str) -> str:
    if not value:
        raise ValueError("a value is missing")
    return value


# Of archives and documents; that is not told apart here.
_ENCRYPTED = ("AlertEncrypted", "AlertEncryptedArchive", "AlertEncryptedDoc")
_WORDS: dict[str, Callable[[str], object]] = {
    "LocalSocket": _text,
    "TCPSocket": _port,
    "TCPAddr": _text,
    "DatabaseDirectory": _text,
    "StreamMaxLength": parse_size,
    "MaxThreads": _count,
    "MaxFileSize": parse_size,
    "MaxScanSize": parse_size,
    "MaxFiles": _count,
    "MaxRecursion": _count,
    "CommandReadTimeout": _count,
    "ReadTimeout": _count,
    "IdleTimeout": _count,
    "AllowAllMatchScan": _boolean,
    "AlertExceedsMax": _boolean,
    **dict.fromkeys(_ENCRYPTED, _boolean),
    "ExcludePath": _text,
}


def _settings(told: dict[str, list[str]]) -> ClamdSettings:
    settings = ClamdSettings(
        file_size=_unless_zero(told, "MaxFileSize"),
        all_match=_boolean(told.get("AllowAllMatchScan", ["yes"])[-1]),
        alert_limits=_boolean(told.get("AlertExceedsMax", ["no"])[-1]),
        alert_encrypted=any(
            _boolean(told.get(word, ["no"])[-1]) for word in _ENCRYPTED
        ),
        exclude=exclusions(told.get("ExcludePath", [])),
        off=_off(told),
    )
    if "StreamMaxLength" in told:
        size = parse_size(told["StreamMaxLength"][-1]) or _UNLIMITED
        settings = replace(settings, stream_size=size)
    if "MaxThreads" in told:
        settings = replace(settings, threads=max(1, int(told["MaxThreads"][-1])))
    return replace(
        settings,
        command_seconds=_seconds(told, "CommandReadTimeout", settings.command_seconds),
        read_seconds=_seconds(told, "ReadTimeout", settings.read_seconds),
        idle_seconds=_seconds(told, "IdleTimeout", settings.idle_seconds),
    )


def _seconds(told: dict[str, list[str]], word: str, otherwise: float) -> float:
    """Return a time; 0 is no limit in clamd, and would let a client stay for ever."""
    return float(told.get(word, ["0"])[-1]) or otherwise


def _off(told: dict[str, list[str]]) -> frozenset[bytes]:
    """Words of the commands that are switched off."""
    off: set[bytes] = set()
    for word, values in told.items():
        command = _switched(word)
        if command and not _boolean(values[-1]):
            off.update((command, _ALSO.get(command, command)))
    return frozenset(off)


def _addresses(told: dict[str, list[str]]) -> tuple[Address, ...]:
    """Where to listen: on the loopback alone unless TCPAddr says otherwise."""
    unix = [Address(path=path) for path in told.get("LocalSocket", [])[-1:]]
    ports = told.get("TCPSocket", [])[-1:]
    hosts = told.get("TCPAddr") or ["127.0.0.1"]
    tcp = [Address(host=host, port=int(port)) for port in ports for host in hosts]
    return tuple(unix + tcp)


def _limits(told: dict[str, list[str]], limits: Limits) -> Limits:
    if "MaxFileSize" in told:
        limits = replace(limits, file_size=_unless_zero(told, "MaxFileSize"))
    if "MaxScanSize" in told:
        size = parse_size(told["MaxScanSize"][-1]) or limits.scan_size
        limits = replace(limits, scan_size=size)
    if "MaxFiles" in told:
        limits = replace(limits, parts=int(told["MaxFiles"][-1]) or limits.parts)
    if "MaxRecursion" in told:
        # clamd counts the file itself as the first level.
        levels = int(told["MaxRecursion"][-1]) or limits.depth + 1
        limits = replace(limits, depth=levels - 1)
    return limits


def _unless_zero(told: dict[str, list[str]], word: str) -> int | None:
    """Return a size; None if it is 0 or not told, which is no limit."""
    return parse_size(told.get(word, ["0"])[-1]) or None
