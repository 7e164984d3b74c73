"""Image and sources of a release, made in a folder that nobody sees.

The sources are archived first. What is unpacked from the archive is judged and
compiled, so that nothing else is in the image.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace

from clearward.compiling import Compiled
from clearward.core.errors import Refused
from clearward.publishing import judging, sources
from clearward.publishing.begun import IMAGE, SOURCE
from clearward.publishing.judging import Judge, Objection, Reviews
from clearward.publishing.repository import sha256_of
from clearward.publishing.sources import Archived

_WORK = "work"
Compile = Callable[[tuple[str, ...], str], Compiled]


@dataclass(frozen=True, slots=True)
class Made:
    """What was made.

    Attributes:
        rules: SHA-256 of the image, hexadecimal.
        source: that of the archive.
        compiled: what is in the image; problems have the names that a person knows.
        archived: its sources, and what was left out.
        objections: to its rules, all of which may pass.
    """

    rules: str
    source: str
    compiled: Compiled
    archived: Archived
    objections: tuple[Objection, ...]


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes releases.

    Attributes:
        compile: compiles sources into a new file.
        judge: says what is wrong with rules.
    """

    compile: Compile
    judge: Judge

    def make(self, folder: str, paths: tuple[str, ...], reviews: Reviews) -> Made:
        """Make image and archive in an empty folder.

        Raises:
            Objectionable: rules have findings that no review covers.
            Refused: a source cannot be used.
            Unavailable: there is no room, or the jail could not be started.
        """
        archived = os.path.join(folder, SOURCE)
        image = os.path.join(folder, IMAGE)
        work = os.path.join(folder, _WORK)
        made = sources.archive(paths, archived, reviews.records)
        unpacked = sources.unpack(archived, work)
        try:
            compiled = self.compile(unpacked.paths, image)
            objections = self.judge(unpacked.paths, reviews)
        except Refused as error:
            raise Refused(made.said(str(error), unpacked)) from error
        objections = [
            replace(one, file=made.said(one.file, unpacked)) for one in objections
        ]
        judging.check(objections)
        shutil.rmtree(work)
        return Made(
            sha256_of(image),
            sha256_of(archived),
            made.compiled(compiled, unpacked),
            made,
            tuple(objections),
        )
