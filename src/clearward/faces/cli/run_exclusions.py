"""What `clearward rules exclude`, `exclusions` and `include` do."""

import json as json_text
import sys
import time
from collections.abc import Callable, Sequence

from clearward.core.errors import Refused
from clearward.core.exclusion import DIGEST, iso
from clearward.faces.text import escaped
from clearward.stores.exclusions.exclusion import MOST_REASON, Exclusion, seconds
from clearward.stores.exclusions.file import change, read
from clearward.stores.home import home

Clock = Callable[[], float]


def add(
    name: str, lasts: str, reason: str, *, json: bool, now: Clock = time.time
) -> None:
    """Exclude something from now on.

    Raises:
        Refused: no rule can have that name, the time is none or too long, or what is
            kept cannot be believed.
        Unavailable: it cannot be kept.
    """
    begins = int(now())
    try:
        made = Exclusion(_name(name), begins, begins + seconds(lasts), reason)
    except ValueError as error:
        raise Refused(_why(name, reason, error)) from error

    def replaced(kept: Sequence[Exclusion]) -> list[Exclusion]:
        others = [one for one in kept if one.name != made.name and one.until > begins]
        return [*others, made]

    change(home(), replaced)
    _show(made, begins, json=json)
    if json:
        _say(
            json_text.dumps(
                {"summary": {"excluded": made.name, "until": iso(made.until)}}
            )
        )


def remove(name: str, *, json: bool) -> None:
    """End an exclusion.

    Raises:
        Refused: there is none, or what is kept cannot be believed.
        Unavailable: the file cannot be written.
    """
    wanted = _name(name)

    def without(kept: Sequence[Exclusion]) -> list[Exclusion]:
        rest = [one for one in kept if one.name != wanted]
        if len(rest) == len(kept):
            raise Refused(f"{escaped(name)}: is not excluded")
        return rest

    change(home(), without)
    if json:
        _say(json_text.dumps({"summary": {"included": wanted}}))
    else:
        _say(f"{wanted} counts again")


def list_all(*, json: bool, now: Clock = time.time) -> None:
    """List all exclusions, those that have ended as well until others are made.

    Raises:
        Refused: what is kept cannot be believed.
    """
    kept = sorted(read(home()), key=lambda one: (one.until, one.name))
    moment = now()
    for one in kept:
        _show(one, moment, json=json)
    holding = sum(one.holds(moment) for one in kept)
    if json:
        fields = {"exclusions": len(kept), "in_force": holding}
        _say(json_text.dumps({"summary": fields}))
    elif not kept:
        _say("nothing is excluded")


def _show(one: Exclusion, now: float, *, json: bool) -> None:
    if json:
        _say(json_text.dumps({**one.row(), "in_force": one.holds(now)}))
        return
    kind = "file" if one.by_digest else "rule"
    state = "" if one.holds(now) else "  (not in force)"
    reason = f"  {escaped(one.reason)}" if one.reason else ""
    _say(f"{one.name}  {kind}  until {iso(one.until)}{state}{reason}")


def _name(text: str) -> str:
    """Return a digest in lower case, and a name as it is."""
    return text.lower() if DIGEST.fullmatch(text.lower()) else text


def _why(name: str, reason: str, error: ValueError) -> str:
    if len(reason) > MOST_REASON:
        return f"--reason: at most {MOST_REASON} characters"
    said = str(error)
    about = escaped(name[:128]) if "name" in said else "--for"
    return f"{about}: {said}"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
