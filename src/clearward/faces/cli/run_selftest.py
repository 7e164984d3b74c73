"""Which chains `clearward selftest` tries."""

from dataclasses import dataclass

from clearward.core.errors import Refused
from clearward.faces.selftest.chain import Chain
from clearward.faces.selftest.clamd import Clamd
from clearward.faces.selftest.dialing import place
from clearward.faces.selftest.icap import icap
from clearward.faces.selftest.nextcloud import nextcloud
from clearward.faces.selftest.postfix import Postfix
from clearward.faces.selftest.requests import address
from clearward.faces.selftest.rest import rest
from clearward.faces.selftest.rspamd import Rspamd
from clearward.faces.selftest.smtp import mailbox
from clearward.faces.selftest.squid import Squid

_RSPAMD, _SQUID, _SMTP, _CLAMD = 11333, 3128, 25, 3310
_MOST_SECRET = 4096  # bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """The options, as they were given; see `selftest`."""

    nextcloud: str | None = None
    user: str | None = None
    password_file: str | None = None
    rspamd: str | None = None
    squid: str | None = None
    origin: str | None = None
    postfix: str | None = None
    to: str | None = None
    clamd: str | None = None
    icap: str | None = None
    http: str | None = None
    token_file: str | None = None


def chains(asked: Asked) -> list[Chain]:
    """Return the chains in the order of the options.

    Raises:
        Refused: an option is missing or cannot be read.
    """
    made: list[Chain] = []
    if asked.nextcloud:
        if not (asked.user and asked.password_file):
            raise Refused("--nextcloud needs --user and --password-file")
        password = _secret(asked.password_file)
        made.append(nextcloud(asked.nextcloud, asked.user, password))
    if asked.rspamd:
        made.append(Rspamd(place(asked.rspamd, _RSPAMD)))
    if asked.squid:
        origin = address(asked.origin, https=False) if asked.origin else None
        made.append(Squid(place(asked.squid, _SQUID), origin))
    if asked.postfix:
        if not asked.to:
            raise Refused("--postfix needs --to")
        made.append(Postfix(place(asked.postfix, _SMTP), mailbox(asked.to)))
    made += _scanners(asked)
    if not made:
        raise Refused("nothing to test: name a chain, see clearward selftest --help")
    return made


def _scanners(asked: Asked) -> list[Chain]:
    made: list[Chain] = []
    if asked.clamd:
        made.append(Clamd(place(asked.clamd, _CLAMD)))
    if asked.icap:
        made.append(icap(asked.icap))
    if asked.http:
        token = _secret(asked.token_file) if asked.token_file else ""
        made.append(rest(asked.http, token))
    return made


def _secret(path: str) -> str:
    """Return the first line of a file."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.readline(_MOST_SECRET).rstrip("\r\n")
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise Refused(f"{path}: cannot be read: {reason}") from error
