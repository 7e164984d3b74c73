"""Whether rules can be used at all: they are loaded once before they are in force.

What the log has may still be for another version of clearward. A machine that finds out
when it scans would have no rules.
"""

from clearward.core.errors import Refused
from clearward.wiring import RuleChoice, ScanChoice, Scanner


def attempt(image: str) -> None:
    """Load an image in a jail, exactly as a scan does.

    Raises:
        Refused: it cannot be loaded.
        Unavailable: the jail could not be started.
    """
    try:
        with Scanner(RuleChoice((image,), defaults=False), ScanChoice(require="D")):
            pass
    except Refused as error:
        raise Refused(f"the new rules cannot be used here: {error}") from error
