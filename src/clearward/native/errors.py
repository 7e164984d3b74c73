"""What is wrong with a rule image."""

from clearward.core.errors import ClearwardError


class BadImage(ClearwardError):
    """A rule image that breaks its layout: nothing of it is used.

    The message names a field and holds numbers of the image, no text from it.
    """
