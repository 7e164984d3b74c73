"""The error for what the layout of the image has no room for."""


class Unusable(ValueError):
    """A signature that cannot be laid out; the others can.

    The message says why, in one line, and holds nothing of the signature.
    """
