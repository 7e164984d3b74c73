"""`clearward intel user` and `collection`: who reads and writes what."""

from typing import Annotated

import typer

from clearward.faces.cli.options import Json

user_app = typer.Typer(help="Users of the store.", no_args_is_help=True)
group_app = typer.Typer(help="Groups of organisations.", no_args_is_help=True)
collection_app = typer.Typer(help="Collections of objects.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME")]
Password = Annotated[
    str, typer.Option("--password-file", metavar="FILE", help="Its first line.")
]


@user_app.command("add")
def add_user(
    name: Name,
    *,
    password_file: Password,
    org: Annotated[str, typer.Option(metavar="ORG", help="The organisation.")],
    tlp: Annotated[
        str,
        typer.Option(
            metavar="LEVEL",
            help="The narrowest level to see: clear, green, amber, amber+strict, red.",
        ),
    ] = "clear",
    write: Annotated[bool, typer.Option("--write", help="May put objects in.")] = False,
    admin: Annotated[
        bool, typer.Option("--admin", help="May look after users; sees no more.")
    ] = False,
    marking: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Another marking to hold; repeatable."),
    ] = None,
    expires: Annotated[
        str | None, typer.Option(metavar="TIME", help="When it ends, as in STIX.")
    ] = None,
    json: Json = False,
) -> None:
    """Make a user; his organisation is made if it is not there."""
    from clearward.faces.cli.intel.run_users import Given, add

    given = Given(name, org, tlp, frozenset(marking or ()), expires, write, admin)
    add(given, password_file, json=json)


@user_app.command("list")
def list_users(json: Json = False) -> None:
    """List the users."""
    from clearward.faces.cli.intel.run_users import list_all

    list_all(json=json)


@user_app.command("remove")
def remove_user(name: Name, json: Json = False) -> None:
    """Take a user away; what he put in stays."""
    from clearward.faces.cli.intel.run_users import remove

    raise typer.Exit(remove(name, json=json))


@user_app.command("passwd")
def change_password(name: Name, password_file: Password, json: Json = False) -> None:
    """Give a user another password."""
    from clearward.faces.cli.intel.run_users import passwd

    raise typer.Exit(passwd(name, password_file, json=json))


@collection_app.command("add")
def add_collection(
    title: Annotated[str, typer.Argument(metavar="TITLE")],
    read: Annotated[
        list[str] | None,
        typer.Option(metavar="USER", help="Who reads it; everybody without."),
    ] = None,
    write: Annotated[
        list[str] | None,
        typer.Option(metavar="USER", help="Who writes it; who may write without."),
    ] = None,
    group: Annotated[
        list[str] | None,
        typer.Option(metavar="GROUP", help="What is put in is for it; repeatable."),
    ] = None,
    json: Json = False,
) -> None:
    """Make a collection."""
    from clearward.faces.cli.intel.run_collections import Given, add

    add(
        Given(title, tuple(read or ()), tuple(write or ()), tuple(group or ())),
        json=json,
    )


@collection_app.command("list")
def list_collections(json: Json = False) -> None:
    """List the collections."""
    from clearward.faces.cli.intel.run_collections import list_all

    list_all(json=json)


Group = Annotated[str, typer.Argument(metavar="GROUP")]
Organisations = Annotated[list[str], typer.Argument(metavar="ORG...")]


@group_app.command("add")
def add_to_group(name: Group, orgs: Organisations, json: Json = False) -> None:
    """Put organisations into a group, which is made if it is not there."""
    from clearward.faces.cli.intel.run_groups import add

    add(name, orgs, json=json)


@group_app.command("remove")
def remove_from_group(name: Group, orgs: Organisations, json: Json = False) -> None:
    """Take organisations out of a group; what is for the group stays so."""
    from clearward.faces.cli.intel.run_groups import remove

    remove(name, orgs, json=json)


@group_app.command("list")
def list_groups(json: Json = False) -> None:
    """List the groups and who is in them."""
    from clearward.faces.cli.intel.run_groups import list_all

    list_all(json=json)
