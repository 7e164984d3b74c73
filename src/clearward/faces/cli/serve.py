"""`clearward serve`: its options."""

import os
from typing import Annotated

import typer

from clearward.core.limits import Limits
from clearward.faces.cli.options import (
    Jobs,
    Json,
    NoDefaultRules,
    Rules,
    Strict,
    Unwanted,
    size,
)
from clearward.faces.cli.scan import Level

_ADDRESS = "unix:PATH|tcp:HOST:PORT"
Addresses = list[str] | None


def serve(  # noqa: PLR0917 - the contract's options, each by its name
    clamd: Annotated[
        Addresses, typer.Option(metavar=_ADDRESS, help="Answer as clamd; repeatable.")
    ] = None,
    icap: Annotated[
        Addresses, typer.Option(metavar=_ADDRESS, help="Answer ICAP; repeatable.")
    ] = None,
    http: Annotated[
        Addresses,
        typer.Option(
            metavar=_ADDRESS, help="Answer HTTP: REST, Kaspersky Scan Engine, metrics."
        ),
    ] = None,
    clamd_conf: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Read a clamd.conf: addresses and limits."),
    ] = None,
    rules: Rules = None,
    no_default_rules: NoDefaultRules = False,
    strict: Strict = False,
    pua: Unwanted = False,
    jobs: Jobs = None,
    require_level: Annotated[
        Level, typer.Option(help="Below this protection nothing is served.")
    ] = Level.B,
    http_files: Annotated[
        list[str] | None,
        typer.Option(metavar="DIR", help="Folder that scanfile may read; repeatable."),
    ] = None,
    max_object: Annotated[
        int,
        typer.Option(parser=size, metavar="SIZE", help="Of one object, ICAP and HTTP."),
    ] = "100m",  # type: ignore[assignment] # the parser reads it
    allow_from: Annotated[
        list[str] | None,
        typer.Option(metavar="CIDR", help="Who may ask beside this machine."),
    ] = None,
    token_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="Who may ask by HTTP.")
    ] = None,
    tls_cert: Annotated[
        str | None, typer.Option(metavar="FILE", help="Certificate for HTTPS, PEM.")
    ] = None,
    tls_key: Annotated[
        str | None, typer.Option(metavar="FILE", help="Its private key, PEM.")
    ] = None,
    http_rate: Annotated[
        float | None,
        typer.Option(
            min=0.01, metavar="N", help="Requests a second of each token or address."
        ),
    ] = None,
    unscanned: Annotated[
        str,
        typer.Option(
            metavar="result|error",
            help="What the Kaspersky interface says of what could not be scanned.",
        ),
    ] = "result",
    max_file_size: Annotated[
        int | None,
        typer.Option(parser=size, metavar="SIZE", help="Bytes of one object."),
    ] = None,
    max_scan_size: Annotated[
        int, typer.Option(parser=size, metavar="SIZE", help="Bytes unpacked from it.")
    ] = "4g",  # type: ignore[assignment] # the parser reads it
    max_parts: Annotated[
        int, typer.Option(min=1, help="Members and streams in it.")
    ] = 100_000,
    max_depth: Annotated[int, typer.Option(min=0, max=1000, help="Nesting.")] = 32,
    timeout: Annotated[
        float, typer.Option(min=0.001, metavar="SECONDS", help="Time for it.")
    ] = 120.0,
    log_level: Annotated[
        str, typer.Option(metavar="debug|info|warning|error", help="Of the log.")
    ] = "info",
    json: Json = False,
) -> None:
    """Answer mail systems, file shares and proxies in the protocols they speak.

    SIGHUP loads the rules anew, SIGTERM ends it.
    """
    # Imported here so that --help does not pay for it.
    from clearward.faces.cli import run_serve, serve_faces  # noqa: PLC0415
    from clearward.service.activation import passed_sockets  # noqa: PLC0415
    from clearward.service.listening import (  # noqa: PLC0415
        Allowed,
        parse_address,
        parse_network,
    )

    words = serve_faces.Words(
        clamd=tuple(map(parse_address, clamd or ())),
        icap=tuple(map(parse_address, icap or ())),
        http=tuple(map(parse_address, http or ())),
        clamd_conf=clamd_conf,
        rules=tuple(rules or ()),
        default_rules=not no_default_rules,
        strict=strict,
        unwanted=pua,
        files=tuple(http_files or ()),
        token_file=token_file,
        certificate=tls_cert,
        key=tls_key,
        rate=http_rate,
        unscanned=unscanned,
        allowed=Allowed(tuple(map(parse_network, allow_from or ()))),
        limits=Limits(max_file_size, max_scan_size, max_parts, max_depth, timeout),
        jobs=jobs or len(os.sched_getaffinity(0)),
        require=require_level.value,
        max_object=max_object,
        log_level=log_level,
        json=json,
    )
    passed = passed_sockets(os.environ)
    raise typer.Exit(run_serve.run(serve_faces.request(words, passed)))
