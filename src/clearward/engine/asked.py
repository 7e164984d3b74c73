"""What the signatures of an image ask about at all.

What none of them asks for need not be found out, and does not tell one part from
another. The public signatures ask for all of it; a list of digests for nothing.
"""

from collections.abc import Sequence

from clearward.native.layout import Scope
from clearward.rules.signatures import Signatures

MAILS = ("CL_TYPE_MAIL", "CL_TYPE_MHTML")


class Asked:
    """What one image asks about parts.

    Attributes:
        sections: about digests of sections of programs.
        imports: about digests of lists of what programs import.
        links: about links in mail.
        bytes: about the bytes of parts, or about views of them.
        types: anything for which the type of a part has to be known.
    """

    def __init__(self, signatures: Signatures) -> None:
        self._types = signatures.image.types
        self.sections = bool(signatures.algorithms(Scope.SECTION, allows=False))
        self.imports = bool(signatures.algorithms(Scope.IMPORTS, allows=False))
        self.links = bool(signatures.links)
        self.bytes = bool(signatures.partitions) or self.links
        members = bool(signatures.members or signatures.magics)
        self.types = self.bytes or self.sections or self.imports or members

    def context(self, around: Sequence[str]) -> tuple[object, ...]:
        """Return what is asked about what lies around a part; see `engine.memory`.

        Signatures ask whether there is anything, and for types that the image names.

        Args:
            around: types of what it lies in, from the outermost in.
        """
        in_mail = self.links and bool(around) and around[-1] in MAILS
        if not self._types.names:
            return in_mail, bool(around)
        return (in_mail, *map(self._types.number, around))
