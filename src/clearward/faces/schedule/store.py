"""The units of plans in a folder of systemd's.

Only units that begin with the mark of this program are read, replaced or removed; a
link is never followed. The service is written before the timer that starts it, and
removed after it.
"""

import os
from dataclasses import dataclass

from clearward.core.errors import Refused, Unavailable
from clearward.faces.schedule.plan import NAME, Plan
from clearward.faces.schedule.units import MARK, PREFIX, Setting, service, timer
from clearward.stores.new_file import new_file

SYSTEM = "/etc/systemd/system"
_MOST = 1 << 20  # bytes of a unit that are read


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of units.

    Attributes:
        path: of it.
    """

    path: str

    def timer(self, name: str) -> str:
        """Return the path of a plan's timer."""
        return os.path.join(self.path, f"{PREFIX}{name}.timer")

    def service(self, name: str) -> str:
        """Return the path of a plan's service."""
        return os.path.join(self.path, f"{PREFIX}{name}.service")

    def write(self, plan: Plan, setting: Setting) -> None:
        """Write the units of a plan, in the place of older ones of its name.

        Raises:
            Refused: a unit of that name is somebody else's.
            Unavailable: it cannot be written.
        """
        texts = (
            (self.service(plan.name), service(plan, setting)),
            (self.timer(plan.name), timer(plan)),
        )
        for path, _ in texts:
            _check_ours(path)
        try:
            os.makedirs(self.path, mode=0o755, exist_ok=True)
        except OSError as error:
            raise Unavailable(f"{self.path}: {error.strerror}") from error
        for path, text in texts:
            with new_file(path) as descriptor:
                os.write(descriptor, text.encode())

    def plans(self) -> list[Plan]:
        """Return every plan, by name.

        Raises:
            Unavailable: the folder cannot be read.
        """
        try:
            names = sorted(os.listdir(self.path))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise Unavailable(f"{self.path}: {error.strerror}") from error
        found = []
        for name in names:
            if name.startswith(PREFIX) and name.endswith(".timer"):
                plan = _plan(os.path.join(self.path, name))
                if plan is not None:
                    found.append(plan)
        return found

    def plan(self, name: str) -> Plan:
        """Return one plan.

        Raises:
            Refused: there is none of that name.
        """
        found = _plan(self.timer(name)) if NAME.fullmatch(name) else None
        if found is None:
            raise Refused(f"{name!r}: no such schedule in {self.path}")
        return found

    def texts(self, name: str) -> dict[str, str]:
        """Return the units of a plan, by path; one that is not there is left out."""
        paths = (self.service(name), self.timer(name))
        texts = {path: _read(path) for path in paths}
        return {path: text for path, text in texts.items() if text is not None}

    def remove(self, name: str) -> None:
        """Remove the units of a plan, and the link that enables the timer.

        Raises:
            Refused: there is none, or one of its units is somebody else's.
            Unavailable: they cannot be removed.
        """
        self.plan(name)
        _check_ours(self.service(name))
        link = os.path.join(
            self.path, "timers.target.wants", os.path.basename(self.timer(name))
        )
        paths = [self.timer(name), self.service(name)]
        try:
            for path in ([link] if os.path.islink(link) else []) + paths:
                if os.path.lexists(path):
                    os.unlink(path)
        except OSError as error:
            raise Unavailable(f"{error.filename}: {error.strerror}") from error


def unit_folder(named: str | None) -> Folder:
    """Return the folder that was named, or that of the system or of the user."""
    if named is not None:
        return Folder(os.path.abspath(named))
    if os.geteuid() == 0:
        return Folder(SYSTEM)
    config = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return Folder(os.path.join(config, "systemd/user"))


def _read(path: str) -> str | None:
    """Return the text of a unit; None if there is none, or it is a link."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        with open(os.open(path, flags), encoding="utf-8", errors="replace") as file:
            return file.read(_MOST)
    except OSError:
        return None


def _plan(path: str) -> Plan | None:
    """Return the plan that a unit was written for; None if it is not ours."""
    first = (_read(path) or "").partition("\n")[0]
    if not first.startswith(MARK):
        return None
    try:
        return Plan.from_json(first.removeprefix(MARK))
    except Refused:
        return None


def _check_ours(path: str) -> None:
    if os.path.lexists(path) and not (_read(path) or "").startswith(MARK):
        raise Refused(f"{path}: was not written by clearward schedule; it stays")
