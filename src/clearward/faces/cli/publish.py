"""`clearward publish`: its subcommands and their options."""

import re
from datetime import timedelta
from typing import Annotated, Any

import typer

from clearward.faces.cli.options import Json

app = typer.Typer(
    help="Make the repository that machines update their rules from.",
    no_args_is_help=True,
)

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_MOST = timedelta(days=36500)


def lifetime(text: str) -> timedelta:
    """Read a time such as 90s, 30m, 12h or 7d."""
    found = re.fullmatch(r"([0-9]{1,12})([smhd])", text)
    if found is None:
        raise typer.BadParameter(f"{text}: a number with s, m, h or d, such as 7d")
    try:
        length = timedelta(**{_UNITS[found[2]]: int(found[1])})
    except OverflowError:
        length = timedelta.max
    if length > _MOST:
        raise typer.BadParameter(f"{text}: longer than a hundred years")
    return length


_WEEK: Any = "7d"
Repository = Annotated[
    str, typer.Option("--repo", metavar="DIR", help="The repository.")
]
Keys = Annotated[
    list[str],
    typer.Option(
        "--keys",
        metavar="PLACE",
        help="The private keys: a folder, env:PREFIX for variables PREFIX_ROLE, or"
        " pkcs11:token=NAME?module-path=FILE; ROLE=PLACE for one role, repeatable.",
    ),
]
Expires = Annotated[
    timedelta,
    typer.Option(
        "--expires",
        parser=lifetime,
        metavar="TIME",
        help="When clients refuse it without a newer timestamp: a number with s, m, h"
        " or d.",
    ),
]
Reviewer = Annotated[
    list[str] | None,
    typer.Option(metavar="VKEY", help="Whose reviews are believed; repeatable."),
]

# What the commands do is imported by each of them, so that --help stays quick.


@app.command("init")
def make_repository(
    *,
    repo: Repository,
    keys: Keys,
    origin: Annotated[
        str, typer.Option(metavar="NAME", help="Name of its log, such as a host's.")
    ],
    witness: Annotated[
        list[str] | None,
        typer.Option(
            metavar="URL=VKEY", help="Who cosigns the log, and its key; repeatable."
        ),
    ] = None,
    quorum: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=0,
            help="How many witnesses have to sign.",
            show_default="all",
        ),
    ] = None,
    threshold: Annotated[
        list[str] | None,
        typer.Option(metavar="ROLE=N", help="How many keys have to sign; repeatable."),
    ] = None,
    reviewer: Reviewer = None,
    expires: Expires = _WEEK,
    json: Json = False,
) -> None:
    """Make keys, an empty log, and what clients are given once: the folder trust.

    Keys that are there already are used.
    """
    from clearward.faces.cli.run_publish import Where, init
    from clearward.faces.cli.run_publish_init import wanted

    asked = wanted(
        origin,
        tuple(witness or ()),
        quorum,
        tuple(threshold or ()),
        tuple(reviewer or ()),
    )
    init(Where(repo, tuple(keys), expires), asked, json=json)


@app.command("add")
def add_release(
    sources: Annotated[
        list[str], typer.Argument(metavar="SRC...", help="Rule sources.")
    ],
    *,
    repo: Repository,
    keys: Keys,
    review: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE", help="What a reviewer has signed; repeatable, published."
        ),
    ] = None,
    reviewer: Reviewer = None,
    expires: Expires = _WEEK,
    json: Json = False,
) -> None:
    """Compile rule sources, enter them in the log, and publish them.

    Exits with 1 if it is refused: rules look for documents and no review covers them,
    or too few witnesses have signed. What clients see is then as it was. A release that
    a witness may have seen is finished by the next call.
    """
    from clearward.faces.cli.run_publish import Where
    from clearward.faces.cli.run_publish_add import Wanted, add

    wanted = Wanted(tuple(sources), tuple(review or ()), tuple(reviewer or ()))
    raise typer.Exit(add(Where(repo, tuple(keys), expires), wanted, json=json))


@app.command("refresh")
def refresh_timestamp(
    repo: Repository, keys: Keys, expires: Expires = _WEEK, json: Json = False
) -> None:
    """Sign snapshot and timestamp anew, so that clients go on to accept them."""
    from clearward.faces.cli.run_publish import Where, refresh

    refresh(Where(repo, tuple(keys), expires), json=json)


@app.command("rotate")
def rotate_key(
    role: Annotated[
        str,
        typer.Argument(
            metavar="ROLE", help="root, targets, snapshot, timestamp or log."
        ),
    ],
    repo: Repository,
    keys: Keys,
    expires: Expires = _WEEK,
    json: Json = False,
) -> None:
    """Give a role a new key; clients that have the old one go on without a gap.

    If keys of the root are kept elsewhere, the new root waits for publish sign.
    """
    from clearward.faces.cli.run_publish import Where
    from clearward.faces.cli.run_publish_keys import rotate_role

    rotate_role(role, Where(repo, tuple(keys), expires), json=json)


@app.command("sign")
def sign_staged(
    repo: Repository,
    key: Annotated[
        str,
        typer.Option(
            metavar="FILE",
            help="A private key, PKCS #8 as PEM; or pkcs11:...;object=LABEL.",
        ),
    ],
    json: Json = False,
) -> None:
    """Sign what waits for a key that is kept elsewhere, and show what it says."""
    from clearward.faces.cli.run_publish_keys import sign_waiting

    sign_waiting(repo, key, json=json)


@app.command("prune")
def prune_releases(
    repo: Repository,
    keep: Annotated[
        int, typer.Option(metavar="N", min=2, help="Newest releases that stay.")
    ] = 3,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be removed.")
    ] = False,
    json: Json = False,
) -> None:
    """Remove files of old releases; the log, roots and all sources stay."""
    from clearward.faces.cli.run_publish_prune import remove

    remove(repo, keep, dry_run=dry_run, json=json)
