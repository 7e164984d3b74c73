"""What becomes of a file with a find: `--move`, `--copy`, `--remove`."""

import os
from dataclasses import dataclass

from clearward.core.errors import ClearwardError
from clearward.faces.clamav import actions
from clearward.faces.clamav.options import Given
from clearward.faces.clamav.output import Output
from clearward.faces.text import shown


class NoFolder(ClearwardError):
    """The folder to move or to copy to cannot be used; the message is the original's.

    Attributes:
        plain: the original writes it on standard output.
    """

    def __init__(self, message: str, *, plain: bool) -> None:
        super().__init__(message)
        self.plain = plain


@dataclass(frozen=True, slots=True)
class Disposal:
    """What is to be done.

    Attributes:
        action: ``"move"``, ``"copy"``, ``"remove"``, or empty for nothing.
        where: the folder to move or copy to, real; empty for the others.
    """

    action: str = ""
    where: bytes = b""

    def dispose(self, path: bytes, scanned: os.stat_result, output: Output) -> None:
        """Do it with one file, and say how it went."""
        if not self.action:
            return
        real = os.path.realpath(path)
        name = shown(path)
        if real != path:
            name += f" (real path: '{shown(real)}')"
        try:
            said = self._act(real, scanned)
        except OSError as error:
            output.fail(f"Can't {self.action} file '{shown(path)}': {error.strerror}")
        else:
            output.line(f"{name}: {said}")

    def _act(self, real: bytes, scanned: os.stat_result) -> str:
        if self.action == "move":
            return f"moved to '{shown(actions.move(real, scanned, self.where))}'"
        if self.action == "copy":
            return f"copied to '{shown(actions.copy(real, scanned, self.where))}'"
        actions.remove(real, scanned)
        return "Removed."


def chosen(given: Given) -> Disposal:
    """Read what was asked for; moving wins over copying, that over removing.

    Raises:
        NoFolder: there is no such folder.
    """
    for action in ("move", "copy"):
        folder = given.last(action)
        if folder is not None:
            return Disposal(action, _folder(folder))
    return Disposal("remove") if given.on("remove") else Disposal()


def _folder(named: str) -> bytes:
    try:
        real = os.path.realpath(os.fsencode(named), strict=True)
    except (OSError, ValueError) as error:
        message = f"action_setup: Failed to get realpath of {named}"
        raise NoFolder(message, plain=True) from error
    if not os.path.isdir(real):
        message = f"'{shown(real)}' doesn't exist or is not a directory"
        raise NoFolder(message, plain=False)
    return real
