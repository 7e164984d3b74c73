"""The folder that holds everything kept."""

import os

_ROOT_HOME = "/var/lib/clearward"
_USER_HOME = "~/.local/share/clearward"


def home() -> str:
    """The path of the home; it may not exist yet.

    Source: the contract, section State.
    """
    chosen = os.environ.get("CLEARWARD_HOME")
    if chosen:
        return chosen
    return _ROOT_HOME if os.geteuid() == 0 else os.path.expanduser(_USER_HOME)
