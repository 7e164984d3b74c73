"""The recipe of a release: what its image is made of, in which order, and by what.

It is the last file of the archive of sources, one object of JSON with its names in
order. Who has the archive and a compiler of the same versions makes the same image.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from clearward import __version__
from clearward.core.errors import Malformed
from clearward.publishing.provenance import Provenance

NAME = "manifest.json"
MOST = 1 << 26  # bytes
_FORM = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself.

    Attributes:
        compile: its files and folders that are compiled, in this order.
        files: SHA-256 of each file, hexadecimal.
        provenance: where files come from; of the others nothing is known.
        compiler: versions of what makes the image.
    """

    compile: tuple[str, ...]
    files: Mapping[str, str]
    provenance: tuple[Provenance, ...]
    compiler: Mapping[str, str]

    def to_bytes(self) -> bytes:
        """Return it as it is written."""
        fields = {
            "compile": self.compile,
            "compiler": dict(self.compiler),
            "files": dict(self.files),
            "form": _FORM,
            "provenance": [{**one.said, "files": one.files} for one in self.provenance],
        }
        return json.dumps(fields, sort_keys=True, indent=1).encode() + b"\n"

    def unknown(self) -> list[str]:
        """Return the files of which nobody says where they come from."""
        known = {name for one in self.provenance for name in one.files}
        below = tuple(one if "/" in one else f"{one}/" for one in self.compile)
        return [
            name for name in self.files if name not in known and name.startswith(below)
        ]

    @classmethod
    def parse(cls, data: bytes) -> "Manifest":
        """Read one.

        Raises:
            Malformed: it is none.
        """
        if len(data) > MOST:
            raise Malformed("manifest", MOST, "length")
        try:
            fields = json.loads(data)
            form, sources = fields["form"], fields["provenance"]
            found = cls(
                _texts(fields["compile"]),
                _named(fields["files"]),
                tuple(
                    Provenance(_texts(one.pop("files")), dict(one)) for one in sources
                ),
                _named(fields["compiler"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Malformed("manifest", 0, "form") from error
        except RecursionError as error:
            raise Malformed("manifest", 0, "depth") from error
        if form != _FORM:
            raise Malformed("manifest", 0, "form number")
        return found


def compiler() -> dict[str, str]:
    """Return the versions of what makes images here."""
    return {"clearward": __version__, "yara-x": version("yara-x")}


def _texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - whatever was written
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise TypeError("not a list of texts")
    return tuple(value)


def _named(value: Any) -> dict[str, str]:  # noqa: ANN401 - likewise
    if not isinstance(value, dict) or not all(
        isinstance(one, str) for one in value.values()
    ):
        raise TypeError("not texts by name")
    return value
