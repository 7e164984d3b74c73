"""Compiles rule sources into an image, and puts it where it belongs.

What is compiled is loaded once more before it takes the place of an older image, by a
process of its own that has not seen the sources, exactly as a scan would load it.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass

from clearward.core.errors import Refused
from clearward.core.image_frame import DIGEST_AT, HEADER
from clearward.core.names import ImageRules, Problem, Table
from clearward.jail.control import Progress, Settings, SourceHead
from clearward.jail.image_digest import check_digest
from clearward.jail.launch import Kind, Launched
from clearward.jail.sources import IMAGE, YARA, Gathered, RuleFile, gather
from clearward.jail.spawn import Zygote
from clearward.stores.new_file import new_file


def launched() -> Launched:
    """Start a process that compiles."""
    return Launched(Kind.SIGNATURES)


@dataclass(frozen=True, slots=True)
class Compiled:
    """An image that is in its place.

    Attributes:
        rules: what is in it.
        table: what could not be used.
        files: its sources, by number.
        skipped: files of each ending that were left out in folders.
        size: bytes.
        digest: its SHA-256 as its header says it, hexadecimal.
    """

    rules: ImageRules
    table: Table
    files: tuple[RuleFile, ...]
    skipped: dict[str, int]
    size: int
    digest: str

    def problems(self) -> list[tuple[str, Problem]]:
        """Return what could not be used, with the name of the file it stands in."""
        return [(self.files[one.source].label, one) for one in self.table.problems]


def compile_image(
    paths: tuple[str, ...],
    output: str,
    *,
    strict: bool,
    show: Callable[[Progress], None],
    launch: Callable[[], Launched] = launched,
) -> Compiled:
    """Compile sources.

    Args:
        paths: files and folders.
        output: where the image is to be.
        strict: a bad line in any source refuses all.
        show: is told how far it is.
        launch: starts a process that compiles, or gives one that was started before:
            only the first thread can start one. It is called twice.

    Raises:
        Refused: a source cannot be used. Whatever was at `output` is still there, as
            after every error.
        Unavailable: the image cannot be written, or the jail could not be started.
    """
    if not output.lower().endswith(f".{IMAGE}"):
        raise Refused(f"{output}: the name of an image ends with .{IMAGE}")
    gathered = gather(paths, "local")
    try:
        for file in gathered.files:
            if file.kind == IMAGE:
                raise Refused(
                    f"{file.label}: an image is not compiled again; name its sources"
                )
        if not gathered.files:
            raise Refused("there is no rule source to compile")
        with new_file(output) as descriptor:
            compiling = _Compiling(gathered, strict, show, launch)
            return compiling.into(output, descriptor)
    finally:
        gathered.close()


@dataclass(frozen=True, slots=True)
class _Compiling:
    """What is compiled, and how; see `compile_image`."""

    gathered: Gathered
    strict: bool
    show: Callable[[Progress], None]
    launch: Callable[[], Launched]

    def into(self, output: str, descriptor: int) -> Compiled:
        """Compile into an empty file."""
        files = self.gathered.files
        zygote = self._zygote()
        try:
            for number, file in enumerate(files):
                zygote.add_source(_head(number, file), file.descriptor)
            table, _ = zygote.write_image(descriptor, self.show)
        finally:
            zygote.close()
        _judge(files, table, strict=self.strict)
        size = os.fstat(descriptor).st_size
        self.show(Progress("checking the image", 0))
        rules = self._checked(output, descriptor, size)
        if not rules.count and any(file.kind in YARA for file in files):
            raise Refused("the rule sources hold no rule that can be used")
        digest = os.pread(descriptor, HEADER.size, 0)[DIGEST_AT:].hex()
        return Compiled(rules, table, files, self.gathered.skipped, size, digest)

    def _checked(self, output: str, descriptor: int, size: int) -> ImageRules:
        """Load an image as a scan does."""
        zygote = self._zygote()
        try:
            zygote.add_source(SourceHead(0, output, IMAGE, "local", size), descriptor)
            table, _ = zygote.load(lambda: check_digest(descriptor, output))
        finally:
            zygote.close()
        return table.images[0]

    def _zygote(self) -> Zygote:
        return Zygote(Settings(test_file=False, check=True), self.launch())


def _head(number: int, file: RuleFile) -> SourceHead:
    return SourceHead(number, file.label, file.kind, file.origin, file.size)


def _judge(files: tuple[RuleFile, ...], table: Table, *, strict: bool) -> None:
    """Refuse a source that is not good enough."""
    for problem in table.problems:
        file = files[problem.source]
        if strict or (file.named and problem.fatal):
            raise Refused(f"{file.label}{problem.place}: {problem.message}")
