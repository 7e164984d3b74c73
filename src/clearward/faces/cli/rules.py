"""`clearward rules`: its subcommands and their options."""

from typing import Annotated

import typer

from clearward.faces.cli.exclusions import exclude, include, list_exclusions
from clearward.faces.cli.lint import lint, probe
from clearward.faces.cli.options import Json, Rules
from clearward.faces.cli.review import app as review_app

app = typer.Typer(help="Look at rules and check them.", no_args_is_help=True)
app.command("exclude")(exclude)
app.command("exclusions")(list_exclusions)
app.command("include")(include)

Sources = Annotated[list[str], typer.Argument(metavar="SRC...", help="Rule sources.")]
NoDefaults = Annotated[
    bool, typer.Option("--no-default-rules", help="Only what --rules names.")
]
Strict = Annotated[
    bool, typer.Option("--strict", help="A bad line in any source is an error.")
]

app.command("lint")(lint)
app.command("probe")(probe)
app.add_typer(review_app, name="review")

# What the commands do is imported by each of them, so that --help stays quick.


@app.command("compile")
def compile_sources(
    sources: Sources,
    output: Annotated[
        str | None, typer.Option("-o", metavar="FILE.cwr", help="Where to write.")
    ] = None,
    strict: Strict = False,
    json: Json = False,
) -> None:
    """Compile rule sources in the jail into an image, and say what is wrong with them.

    Without -o the sources are only checked. Exits with 2 if a source cannot be used;
    an older image stays until the new one is complete and checked.
    """
    from clearward.faces.cli.run_compile import write_image
    from clearward.faces.cli.run_info import info

    if output is None:
        info(tuple(sources), strict=strict, json=json)
    else:
        write_image(tuple(sources), output, strict=strict, json=json)


@app.command("info")
def show_info(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE|installed",
            help="A rule source, an image, or the published rules in force.",
        ),
    ],
    json: Json = False,
) -> None:
    """Say what a rule source holds, and what of it cannot be used."""
    from clearward.faces.cli.run_info import INSTALLED, info, show_installed

    if file == INSTALLED:
        show_installed(json=json)
        return
    info((file,), strict=False, json=json)


@app.command("list")
def list_names(
    rules: Rules = None, no_default_rules: NoDefaults = False, json: Json = False
) -> None:
    """List the rules in force."""
    from clearward.faces.cli.run_rules import list_rules

    list_rules(tuple(rules or ()), defaults=not no_default_rules, json=json)


@app.command("show")
def show_rule(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of a rule.")],
    rules: Rules = None,
    no_default_rules: NoDefaults = False,
    json: Json = False,
) -> None:
    """Show everything that a rule says about itself."""
    from clearward.faces.cli.run_rules import show

    show(name, tuple(rules or ()), defaults=not no_default_rules, json=json)
