"""Why an update was refused: a word from the contract, and what was wrong."""

from enum import StrEnum

from clearward.core.errors import ClearwardError


class Code(StrEnum):
    """The words. Source: the contract, section "publish, witness, update"."""

    SIGNATURE = "signature"  # not signed by whom it has to be
    EXPIRED = "expired"  # too old to be believed
    ROLLBACK = "rollback"  # older than what was seen before
    FORK = "fork"  # a log that does not go on where it was seen last
    QUORUM = "quorum"  # too few witnesses
    UNLOGGED = "unlogged"  # rules without an entry in the log
    TAMPERED = "tampered"  # a wrong hash or length, or no sense in it at all
    UNREACHABLE = "unreachable"  # the carrier does not give what is needed


class Untrusted(ClearwardError):
    """Nothing was changed, for this reason.

    Attributes:
        code: the word.
        detail: a sentence; parts of it may come from outside.
    """

    def __init__(self, code: Code, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
