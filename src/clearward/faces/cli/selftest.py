"""`clearward selftest`: its options."""

import sys
from typing import Annotated

import typer

from clearward.core.errors import Refused
from clearward.faces.cli.options import Json


def selftest(  # noqa: PLR0917 - one option a chain
    nextcloud: Annotated[
        str | None, typer.Option(metavar="URL", help="Upload over WebDAV.")
    ] = None,
    user: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of Nextcloud.")
    ] = None,
    password_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="The user's password.")
    ] = None,
    rspamd: Annotated[
        str | None, typer.Option(metavar="ADDR", help="Ask about a mail.")
    ] = None,
    squid: Annotated[
        str | None, typer.Option(metavar="ADDR", help="Fetch through this proxy.")
    ] = None,
    origin: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Upload there instead, through the proxy."),
    ] = None,
    postfix: Annotated[
        str | None, typer.Option(metavar="ADDR", help="Deliver a mail.")
    ] = None,
    to: Annotated[
        str | None, typer.Option(metavar="RCPT", help="Who gets that mail.")
    ] = None,
    clamd: Annotated[
        str | None, typer.Option(metavar="ADDR", help="Ask clamd.")
    ] = None,
    icap: Annotated[
        str | None, typer.Option(metavar="ADDR[/SERVICE]", help="Ask over ICAP.")
    ] = None,
    http: Annotated[
        str | None, typer.Option(metavar="URL", help="Ask clearward serve --http.")
    ] = None,
    token_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="The token for --http.")
    ] = None,
    json: Json = False,
) -> None:
    """Send the EICAR test file through the site's own chain: is it blocked?

    A harmless file goes the same way and has to pass. Exits with 0 if all is as it
    should be, with 1 if the test file was let through anywhere, else with 2 if that
    could not be told.
    """
    # Imported here so that --help does not pay for it.
    from clearward.faces.cli.run_selftest import Asked, chains
    from clearward.faces.selftest.run import run

    if origin and not squid:
        raise Refused("--origin goes with --squid")
    asked = Asked(
        nextcloud=nextcloud,
        user=user,
        password_file=password_file,
        rspamd=rspamd,
        squid=squid,
        origin=origin,
        postfix=postfix,
        to=to,
        clamd=clamd,
        icap=icap,
        http=http,
        token_file=token_file,
    )

    def say(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    raise typer.Exit(run(chains(asked), say, json=json))
