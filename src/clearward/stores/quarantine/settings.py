"""How long quarantined files are kept: ``days`` in the section ``quarantine``.

Of ``clearward.toml`` in the home, or ``CLEARWARD_QUARANTINE_DAYS`` in the environment,
which goes before. Source: the contract, section State.
"""

import os
import tomllib
from datetime import timedelta

from clearward.core.errors import Refused

DAYS = 90
_FILE = "clearward.toml"
_VARIABLE = "CLEARWARD_QUARANTINE_DAYS"
_MOST = 36_500
_LONGEST = 10  # digits


def kept_for(home: str) -> timedelta:
    """Return how long an entry is kept before `expire` deletes it.

    Raises:
        Refused: the setting is no whole number of days from 1 to 36500, or the file of
            settings cannot be read.
    """
    said = os.environ.get(_VARIABLE)
    if said is not None:
        if not (said.isascii() and said.isdigit() and len(said) < _LONGEST):
            raise Refused(f"{_VARIABLE}: {said!r} is no whole number of days")
        return _days(int(said), _VARIABLE)
    path = os.path.join(home, _FILE)
    try:
        with open(path, "rb") as file:
            settings = tomllib.load(file)
    except FileNotFoundError:
        return timedelta(days=DAYS)
    except (OSError, ValueError) as error:
        raise Refused(f"{path}: cannot be read: {error}") from error
    section = settings.get("quarantine", {})
    days = section.get("days", DAYS) if isinstance(section, dict) else None
    if not isinstance(days, int) or isinstance(days, bool):
        raise Refused(f"{path}: quarantine.days is no whole number")
    return _days(days, f"{path}: quarantine.days")


def _days(days: int, where: str) -> timedelta:
    if not 1 <= days <= _MOST:
        raise Refused(f"{where}: has to be from 1 to {_MOST}")
    return timedelta(days=days)
