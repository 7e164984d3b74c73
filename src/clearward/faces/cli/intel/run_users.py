"""What `clearward intel user` does."""

from dataclasses import dataclass

from clearward.core.errors import Refused
from clearward.faces.cli.intel.said import row, say, summary
from clearward.faces.text import escaped
from clearward.intel.access.passwords import hashed
from clearward.intel.times import microseconds, shortly
from clearward.intel.tlp import Tlp
from clearward.stores.intel import auditing, parties
from clearward.stores.intel.database import Database
from clearward.stores.intel.parties import User

MISSING = 1
_MOST_NAME = 200  # characters
_MOST_FILE = 4096  # bytes


@dataclass(frozen=True, slots=True)
class Given:
    """What is said of a new user; see `User`."""

    name: str
    org: str
    tlp: str
    markings: frozenset[str]
    expires: str | None
    may_write: bool
    is_admin: bool


def add(given: Given, password_file: str, *, json: bool) -> None:
    """Make a user.

    Raises:
        Refused: the name is taken, or something of it cannot be used.
    """
    if not given.name or ":" in given.name or len(given.name) > _MOST_NAME:
        raise Refused("the name of a user has 1 to 200 characters and no colon")
    if not given.org.strip() or len(given.org) > _MOST_NAME:
        raise Refused("the name of an organisation has 1 to 200 characters")
    tlp = Tlp.parse(given.tlp)
    expires = _time(given.expires)
    password = hashed(_password(password_file))
    database = Database()
    with database.writing() as connection:
        organisation = parties.organisation(connection, given.org)
        parties.add(
            connection,
            User(
                number=0,
                name=given.name,
                organisation=organisation,
                password=password,
                tlp=tlp,
                may_write=given.may_write,
                is_admin=given.is_admin,
                expires=expires,
                markings=given.markings,
            ),
        )
        said = f"{tlp.word} write={given.may_write} admin={given.is_admin}"
        auditing.record(connection, auditing.here(), "user add", given.name, said)
    words = f"{escaped(given.name)} of {escaped(given.org)} ({organisation.identity})"
    summary({"identity": organisation.identity}, words, json=json)


def list_all(*, json: bool) -> None:
    """List the users; their passwords are not shown, in no form."""
    with Database().reading() as connection:
        everybody = parties.everybody(connection)
    for user in everybody:
        told = {
            "name": user.name,
            "org": user.organisation.name,
            "identity": user.organisation.identity,
            "tlp": user.tlp.word,
            "write": user.may_write,
            "admin": user.is_admin,
            "markings": sorted(user.markings),
            "expires": None if user.expires is None else shortly(user.expires),
        }
        if json:
            row(told)
        else:
            may = " write" if user.may_write else ""
            may += " admin" if user.is_admin else ""
            org = escaped(user.organisation.name)
            say(f"{escaped(user.name)}\t{org}\t{user.tlp.word}{may}")
    summary({"users": len(everybody)}, "", json=json)


def remove(name: str, *, json: bool) -> int:
    """Take a user away; return the exit status."""
    with Database().writing() as connection:
        there = parties.remove(connection, name)
        if there:
            auditing.record(connection, auditing.here(), "user remove", name)
    return _changed(name, "removed", json=json, there=there)


def passwd(name: str, password_file: str, *, json: bool) -> int:
    """Give a user another password; return the exit status."""
    password = hashed(_password(password_file))
    with Database().writing() as connection:
        there = parties.set_password(connection, name, password)
        if there:
            auditing.record(connection, auditing.here(), "user passwd", name)
    return _changed(name, "changed", json=json, there=there)


def _changed(name: str, what: str, *, json: bool, there: bool) -> int:
    if not there:
        raise Refused(f"there is no user {escaped(name)}")
    summary({what: name}, f"{escaped(name)}: {what}", json=json)
    return 0


def _time(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return microseconds(text)
    except ValueError as error:
        raise Refused("--expires is a time such as 2027-01-31T00:00:00Z") from error


def _password(path: str) -> str:
    try:
        with open(path, "rb") as file:
            line = file.read(_MOST_FILE).split(b"\n", 1)[0]
        return line.removesuffix(b"\r").decode()
    except (OSError, UnicodeError) as error:
        raise Refused(f"{escaped(path)}: no password can be read from it") from error
