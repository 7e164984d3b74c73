"""What `clearward intel search` does."""

import json as json_text

from sqlalchemy import Connection

from clearward.faces.cli.intel.said import row, say, summary
from clearward.faces.text import escaped
from clearward.indicators.canonical import kind_of
from clearward.indicators.kinds import Kind
from clearward.intel.times import shortly
from clearward.stores.intel import searching
from clearward.stores.intel.database import Database
from clearward.stores.intel.searching import Found

FOUND = 0
_MOST = 10_000  # objects that hold a part


def run(wanted: str, *, part: bool, json: bool) -> int:
    """Look for a value or an id; return the exit status."""
    count = 0
    with Database().reading() as connection:
        if part:
            rows = searching.by_part(connection, wanted, _MOST)
        elif "--" in wanted and (rows := searching.by_id(connection, wanted)):
            pass
        else:
            rows = _by_value(connection, wanted)
        for found in searching.show(connection, rows):
            count += 1
            _show(found, json=json)
    words = f"{count:,} objects" if count else "nothing is known of it"
    summary({"objects": count}, words, json=json)
    return FOUND


def _by_value(connection: Connection, wanted: str) -> list[int]:
    kind = kind_of(wanted)
    if kind is None:
        return searching.by_value(connection, wanted)
    rows = searching.by_value(connection, kind[1])
    if kind[0] is Kind.CIDR:
        rows = sorted({*rows, *searching.within(connection, kind[1])})
    return rows


def _show(found: Found, *, json: bool) -> None:
    said = json_text.loads(found.body)
    about = {
        "collection": found.collection,
        "org": found.organisation or None,
        "source": found.source,
        "added": shortly(found.added),
        "state": found.state.name.lower(),
    }
    if found.why is not None:
        about["why"] = found.why
    if json:
        row({**said, "x_clearward": about})
        return
    name = said.get("pattern") or said.get("value") or said.get("name") or ""
    held = f"\tquarantined: {escaped(found.why)}" if found.why else ""
    say(f"{escaped(said['id'])}\t{escaped(str(name))}\t{escaped(found.source)}{held}")
