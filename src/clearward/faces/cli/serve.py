"""`clearward serve`: its options."""

import os
from typing import Annotated

import typer

from clearward.core.limits import Limits
from clearward.faces.cli import options

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
    rules: options.Rules = None,
    no_default_rules: options.NoDefaultRules = False,
    strict: options.Strict = False,
    pua: options.Unwanted = False,
    jobs: options.Jobs = None,
    require_level: Annotated[
        options.Level, typer.Option(help="Below this protection nothing is served.")
    ] = options.Level.B,
    http_files: Annotated[
        list[str] | None,
        typer.Option(metavar="DIR", help="Folder that scanfile may read; repeatable."),
    ] = None,
    max_object: Annotated[
        int,
        typer.Option(
            parser=options.size, metavar="SIZE", help="Of one object, ICAP and HTTP."
        ),
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
    max_file_size: options.ObjectSize = None,
    max_scan_size: options.ScanSize = options.MOST_UNPACKED,
    max_parts: options.Parts = options.DEFAULT.parts,
    max_depth: options.Depth = options.DEFAULT.depth,
    timeout: options.Seconds = options.DEFAULT.seconds,
    log_level: Annotated[
        str, typer.Option(metavar="debug|info|warning|error", help="Of the log.")
    ] = "info",
    json: options.Json = False,
) -> None:
    """Answer mail systems, file shares and proxies in the protocols they speak.

    SIGHUP loads the rules anew, SIGTERM ends it.
    """
    # Imported here so that --help does not pay for it.
    from clearward.faces.cli import run_serve, serve_faces
    from clearward.service.activation import passed_sockets
    from clearward.service.listening import (
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
