"""Make the image of a release again from its sources, and compare.

Anybody can do this who has the two files: that the image is what the sources say is
then no matter of trust in who made it.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from tempfile import TemporaryDirectory

from clearward.publishing.making import Compile
from clearward.publishing.manifest import compiler
from clearward.publishing.repository import sha256_of
from clearward.publishing.sources import unpack


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of it.

    Attributes:
        wanted: SHA-256 of the image that is compared, hexadecimal.
        made: that of the image that was made here.
        compiler: versions of what made the first one.
        here: versions of what made the second.
    """

    wanted: str
    made: str
    compiler: Mapping[str, str]
    here: Mapping[str, str]

    @property
    def same(self) -> bool:
        """Whether they are the same, byte for byte."""
        return self.wanted == self.made


def rebuild(archived: str, image: str, compile: Compile) -> Rebuilt:
    """Make an image of an archive of sources.

    Args:
        archived: rules.src.tar.
        image: rules.cwr that should come of it.
        compile: compiles sources into a new file.

    Raises:
        Refused: one of them cannot be read, or holds what it should not.
        Unavailable: there is no room, or the jail could not be started.
    """
    wanted = sha256_of(image)
    with TemporaryDirectory(prefix="clearward-") as folder:
        unpacked = unpack(archived, os.path.join(folder, "sources"))
        output = os.path.join(folder, "rules.cwr")
        compile(unpacked.paths, output)
        made = sha256_of(output)
    return Rebuilt(wanted, made, unpacked.manifest.compiler, compiler())
