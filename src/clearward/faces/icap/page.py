"""The page that a person sees in the place of what was found.

It names the rule and the address. Both come from outside, so they are escaped: what
cannot be printed first, then what HTML would take for its own.
"""

from collections.abc import Sequence
from html import escape

from clearward.faces.text import escaped, shown

MOST_ADDRESS = 512  # bytes that are shown

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Blocked</title>
</head>
<body>
<h1>This was blocked</h1>
<p>What you tried to send or fetch was found by <b>{rules}</b>.</p>
<p>Address: <code>{address}</code></p>
<p>If you think that this is wrong, show this page to who looks after your network.</p>
</body>
</html>
"""


def block_page(rules: Sequence[str], address: bytes) -> bytes:
    """Return the page, in UTF-8.

    Args:
        rules: names of what matched; at least one.
        address: of the object, raw; may be empty.
    """
    names = ", ".join(escape(escaped(rule)) for rule in rules)
    place = escape(shown(address[:MOST_ADDRESS])) or "not known"
    return _PAGE.format(rules=names, address=place).encode()
