"""`clearward rules lint` and `rules probe`: their options."""

from typing import Annotated

import typer

from clearward.faces.cli.options import Json

Sources = Annotated[list[str], typer.Argument(metavar="SRC...", help="Rule sources.")]


def lint(sources: Sources, json: Json = False) -> None:
    """Find rules that look for documents rather than malware; the probe is included.

    Exits with 1 if a rule is flagged, else 2 if something could not be judged.
    """
    from clearward.faces.cli.run_lint import lint_sources

    raise typer.Exit(lint_sources(tuple(sources), json=json))


def probe(sources: Sources, json: Json = False) -> None:
    """Try rules on harmless documents, marked and ordinary, made for this.

    Images can be tried as well. Exits as lint does.
    """
    from clearward.faces.cli.run_lint import probe_sources

    raise typer.Exit(probe_sources(tuple(sources), json=json))
