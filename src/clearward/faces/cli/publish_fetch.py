"""`clearward publish fetch`: public rule sources for a publisher."""

from typing import Annotated

import typer

from clearward.faces.cli.options import Json, TlsKeys


def fetch_sources(  # noqa: PLR0917 - options, each by its name
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]...", help="Only these; all if there is none."),
    ] = None,
    into: Annotated[
        str | None, typer.Option(metavar="DIR", help="Where each source has a folder.")
    ] = None,
    sources: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="What there is, in the place of our list."),
    ] = None,
    show: Annotated[
        bool,
        typer.Option("--list", help="Show what there is, and fetch nothing."),
    ] = False,
    tls_keys: TlsKeys = "",
    json: Json = False,
) -> None:
    """Fetch public rule sources, with where they come from, for publish add.

    Nothing that comes is read here. Each folder gets a bundle.toml, which publish add
    puts into the release. Hosts never fetch sources: they update from a repository.

    A source whose key is not set is skipped, unless it is named. Exits with 1 if one
    cannot be fetched.
    """
    from clearward.faces.cli.run_publish_fetch import fetch, show_all

    if show:
        show_all(names or [], sources, json=json)
        return
    if into is None:
        raise typer.BadParameter("needed, to fetch", param_hint="--into")
    raise typer.Exit(fetch(into, names or [], sources, tls_keys, json=json))
