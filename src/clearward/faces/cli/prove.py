"""`clearward prove`: its options."""

from clearward.faces.cli.options import Json, Rules


def prove(json: Json = False, rules: Rules = None) -> None:
    """Attack a real worker from inside and show what the kernel answered.

    Exits with 0 only if everything was blocked.
    """
    raise NotImplementedError
