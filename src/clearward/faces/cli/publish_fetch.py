"""`clearward publish fetch`: public rule sources for a publisher."""

from typing import Annotated

import typer

from clearward.faces.cli.options import Json


def fetch_sources(
    into: Annotated[
        str, typer.Option(metavar="DIR", help="Where each source has a folder.")
    ],
    source: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this one; repeatable."),
    ] = None,
    sources: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="What there is, in the place of our list."),
    ] = None,
    json: Json = False,
) -> None:
    """Fetch public rule sources, with where they come from, for publish add.

    Nothing that comes is read here. Each folder gets a bundle.toml, which publish add
    puts into the release. Hosts never fetch sources: they update from a repository.
    """
    from clearward.faces.cli.run_publish_fetch import fetch

    raise typer.Exit(fetch(into, source or [], sources, json=json))
