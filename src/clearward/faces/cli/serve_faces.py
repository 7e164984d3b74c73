"""From the words of `clearward serve` to faces, rules and limits, or one clear line."""

import sys
from dataclasses import dataclass, replace
from socket import socket

from clearward.core.errors import Refused
from clearward.core.limits import Limits
from clearward.faces.clamd.conf import ClamdConf, read_conf
from clearward.faces.cli.run_serve import Face, Request
from clearward.faces.text import escaped
from clearward.service.context import Server, Service
from clearward.service.listening import Address, Allowed, address_of
from clearward.wiring import RuleChoice


@dataclass(frozen=True, slots=True)
class Words:
    """What stood on the command line; see the options of `clearward serve`."""

    clamd: tuple[Address, ...]
    icap: tuple[Address, ...]
    http: tuple[Address, ...]
    clamd_conf: str | None
    rules: tuple[str, ...]
    default_rules: bool
    strict: bool
    unwanted: bool
    files: tuple[str, ...]
    token_file: str | None
    certificate: str | None
    key: str | None
    rate: float | None
    unscanned: str
    allowed: Allowed
    limits: Limits
    jobs: int
    require: str
    max_object: int
    log_level: str
    json: bool


def request(words: Words, passed: dict[str, tuple[socket, ...]]) -> Request:
    """Say what is to be run.

    Args:
        words: of the command line.
        passed: sockets that listen already, by the name of the face.

    Raises:
        Refused: no face, or one that would be open to everybody.
    """
    conf = _conf(words)
    makers = {
        "clamd": (words.clamd + conf.addresses, lambda service: _clamd(service, conf)),
        "icap": (words.icap, _icap),
        "http": (words.http, lambda service: _http(service, words)),
    }
    for name in passed.keys() - makers.keys():
        raise Refused(f"a socket was passed for {name!r}: it is clamd, icap or http")
    faces = [
        Face(name, addresses, passed.get(name, ()), make)
        for name, (addresses, make) in makers.items()
    ]
    _refuse_open(faces, words)
    asked = tuple(face for face in faces if face.addresses or face.passed)
    if not asked:
        raise Refused("nothing to serve: name --clamd, --icap, --http or --clamd-conf")
    paths = words.rules + ((conf.rules,) if conf.rules else ())
    defaults = words.default_rules and conf.rules is None
    return Request(
        asked,
        RuleChoice(paths, defaults, words.strict, words.unwanted),
        conf.limits,
        min(words.jobs, conf.jobs or words.jobs),
        words.require,
        words.allowed,
        words.max_object,
        words.log_level,
        words.json,
    )


def _conf(words: Words) -> ClamdConf:
    if words.clamd_conf is None:
        return replace(ClamdConf(), limits=words.limits)
    conf = read_conf(words.clamd_conf, words.limits)
    if conf.warning:
        line = escaped(f"{words.clamd_conf}: {conf.warning}")
        sys.stderr.write(f"clearward: {line}\n")
    return conf


def _refuse_open(faces: list[Face], words: Words) -> None:
    """Refuse to answer the network without being told whom, and HTTP in the clear."""
    if bool(words.certificate) != bool(words.key):
        raise Refused("--tls-cert and --tls-key belong together")
    given = {
        "--allow-from CIDR": bool(words.allowed.networks),
        "--token-file": words.token_file is not None,
        "--tls-cert": words.certificate is not None,
    }
    for face in faces:
        http = ("--token-file", "--tls-cert")
        needed = http if face.name == "http" else ("--allow-from CIDR",)
        missing = " and ".join(option for option in needed if not given[option])
        for address in (*face.addresses, *map(address_of, face.passed)):
            if missing and not address.local:
                raise Refused(
                    f"--{face.name} {address} can be reached from other machines: "
                    f"that needs {missing}"
                )


def _clamd(service: Service, conf: ClamdConf) -> Server:
    from clearward.faces.clamd.server import ClamdServer

    return ClamdServer(service, conf.settings, service.stop)


def _icap(service: Service) -> Server:
    from clearward.faces.icap.server import IcapServer

    return IcapServer(service)


def _http(service: Service, words: Words) -> Server:
    from clearward.faces.http.rate import Rate
    from clearward.faces.http.server import HttpServer
    from clearward.faces.http.settings import (
        HttpSettings,
        Tls,
    )
    from clearward.faces.http.tokens import read_tokens

    tls = Tls(words.certificate, words.key) if words.certificate and words.key else None
    tokens = read_tokens(words.token_file) if words.token_file else None
    rate = Rate(words.rate, max(1, round(2 * words.rate))) if words.rate else None
    if words.unscanned not in ("result", "error"):
        raise Refused("--unscanned is result or error")
    return HttpServer(
        service,
        HttpSettings(
            files=words.files,
            tokens=tokens,
            tls=tls,
            unscanned=words.unscanned,
            rate=rate,
        ),
    )
