"""Hold back indicators that would hit everybody, before they come into the store."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from clearward.indicators.kinds import Kind
from clearward.intel import poison
from clearward.intel.arriving import Arrived
from clearward.stores.intel.warnings import Warnings


def held_back(connection: Connection, batch: Sequence[Arrived]) -> list[Arrived]:
    """Return a batch, in which what is to be held back says why.

    One value that would hit everybody holds the whole indicator back: its pattern
    would hit as well.
    """
    values = {value for one in batch if one.type == "indicator" for value in one.values}
    listed = Warnings(connection).on(sorted(values)) if values else {}
    why = {value: poison.why(*value) or _on(listed.get(value)) for value in values}
    return [_judged(one, why) if one.type == "indicator" else one for one in batch]


def _judged(one: Arrived, why: dict[tuple[Kind, str], str | None]) -> Arrived:
    for value in one.values:
        reason = why[value]
        if reason is not None:
            return replace(one, held=reason)
    return one


def _on(name: str | None) -> str | None:
    return None if name is None else f"on the warning list {name}"
