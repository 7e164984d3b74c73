"""Where the link to the rules in force is; next to nothing is imported for it.

A scan asks for it before anything else, to know what kind of zygote it needs.
"""

import os

NAME = "rules"


def current(home: str) -> str:
    """Return the path of the link to the release in force.

    Args:
        home: the folder that holds everything kept.
    """
    return os.path.join(home, NAME, "current")
