"""Containers that are recognised and cannot be opened yet.

Such a part is matched raw and reported as unscanned/unsupported. The table is
``closed.toml`` beside this file: name, magic, place and source of each.
"""

import tomllib
from importlib.resources import files

from clearward.core.reader import Reader
from clearward.formats.format import Format


def _format(name: str, places: tuple[tuple[int, bytes], ...], within: int) -> Format:
    def recognises(head: bytes, reader: Reader) -> bool:
        return any(
            head.startswith(magic, place)
            or (place >= len(head) and reader.at(place, len(magic)) == magic)
            or (within > 0 and head.find(magic, place, place + within) >= 0)
            for place, magic in places
        )

    anchored = within == 0 and all(place == 0 for place, _ in places)
    magics = tuple(magic for _, magic in places) if anchored else ()
    return Format(name, recognises, magics=magics)


def _load(text: str) -> tuple[Format, ...]:
    return tuple(
        _format(
            row["name"],
            tuple(
                (row.get("place", 0), bytes.fromhex(magic)) for magic in row["magic"]
            ),
            row.get("within", 0),
        )
        for row in tomllib.loads(text)["format"]
    )


CLOSED = _load(files(__package__).joinpath("closed.toml").read_text("utf-8"))
