"""What is known about a part beyond its bytes, as signatures ask for it.

The readers of program formats give it, the engine completes it, the matchers use it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts about one part.

    Attributes:
        size: bytes in the part.
        entry: file offset of the entry point; None if there is none or it is unknown.
        sections: file offset and raw size of each section, in the order of the headers.
        versions: file offsets of the strings of a version resource.
        container: ClamAV type name of the direct parent, such as ``"CL_TYPE_ZIP"``;
            empty for the file itself.
        intermediates: types of everything around the part, from the outermost in.
        placed: the headers could be read, so that offsets counted from the entry point,
            a section or the end mean something.
    """

    size: int
    entry: int | None = None
    sections: tuple[tuple[int, int], ...] = ()
    versions: tuple[int, ...] = ()
    container: str = ""
    intermediates: tuple[str, ...] = ()
    placed: bool = True

    def inside(self, around: tuple[str, ...], size: int | None = None) -> "Facts":
        """Return the same of a part with other types around it, or of a view of it.

        Written out, as every part asks for it and `dataclasses.replace` takes ten times
        as long.

        Args:
            around: as `intermediates`.
            size: bytes of the view; None for the part itself.
        """
        return Facts(
            self.size if size is None else size,
            self.entry,
            self.sections,
            self.versions,
            around[-1] if around else "",
            around,
            self.placed,
        )
