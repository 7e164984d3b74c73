"""Pictures of programs: idb.

    name:group 1:group 2:hash

The hash has 124 hexadecimal digits; the first two are the size of the picture: 16, 24
or 32 points.

Source: docs.clamav.net, "Icon signatures for PE files"; tried with clamscan 1.4.6.
"""

import re

from clearward.rules.clamav.fault import Wrong
from clearward.rules.clamav.listed import Icon

_FIELDS = 4
_hash = re.compile("(?:10|18|20)[0-9a-fA-F]{122}").fullmatch


def read_icon(line: str, number_of_line: int) -> Icon:
    """Return what a line of an idb file says.

    Raises:
        Wrong: it is no such line.
    """
    fields = line.split(":", _FIELDS)
    if len(fields) != _FIELDS:
        raise Wrong(f"{len(fields)} fields, not {_FIELDS}")
    title, group1, group2, digits = fields
    if _hash(digits) is None:
        raise Wrong("not the hash of a picture of 16, 24 or 32 points", 4)
    return Icon(title, group1, group2, digits.lower(), number_of_line)
