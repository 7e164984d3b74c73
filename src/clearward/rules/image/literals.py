"""Plain text that every match of a regular expression holds.

Only what stands outside every bracket, and is not optional, is told; of an expression
that is not understood to its end, nothing. So what is told is true, and often enough.
"""

import re

from clearward.rules.clamav.model import Body, Bytes, Chain, Masked, Regex

_LONGEST = 4096  # characters that are looked at
_GIVEN_UP = re.compile(r"\(\?[a-zA-Z^-]+[:)]|\(\?#|\(\*|\\Q|\\E|\[[:.=]")
_TOKEN = re.compile(
    r"""
      \\ (?: x (?P<code>[0-9a-fA-F]{2}) | (?P<control>[nrtf]) | (?P<plain>[^a-zA-Z0-9])
          | (?P<kind>[dDwWsSbBhHvVRAZzGN]) (?!\{) )
    | (?P<class> \[ \^? \]? (?: [^\]\\] | \\ [^x0-9cpPoQEN] | \\x[0-9a-fA-F]{2} )* \] )
    | (?P<times> (?: [?*+] | \{ [0-9, ]* \} ) [?+]? )
    | (?P<sign> [.^$|()] )
    | (?P<letter> [^\\\[] )
    """,
    re.VERBOSE | re.DOTALL,
)
_CONTROL = {"n": 10, "r": 13, "t": 9, "f": 12}
_END = -1  # stands where a run of plain text ends


def body_of(regex: Regex) -> Body | None:
    """Return a body that matches wherever a regular expression does, if one is seen.

    Its pieces may overlap or stand in any order: take it for what must occur only.
    """
    if "x" in regex.flags:
        return None
    runs = plain_runs(regex.pattern)
    if not runs:
        return None
    fold = "i" in regex.flags
    pieces = tuple((_folded(run) if fold else Bytes(run),) for run in runs)
    return Body((Chain(pieces, ((0, None),) * (len(pieces) - 1)),))


def plain_runs(pattern: str) -> list[bytes]:
    """Return runs of at least two plain characters of every match."""
    if len(pattern) > _LONGEST or _GIVEN_UP.search(pattern):
        return []
    cells: list[int] = []
    place = depth = 0
    while place < len(pattern):
        token = _TOKEN.match(pattern, place)
        if token is None:
            return []
        place = token.end()
        sign = token["sign"] or ""
        depth += (sign == "(") - (sign == ")")
        if depth < 0 or (sign == "|" and depth == 0):
            return []
        if token["times"] and depth == 0 and token["times"][0] != "+" and cells:
            cells.pop()
        cells.append(_cell(token) if depth == 0 else _END)
    return [] if depth else _runs(cells)


def _cell(token: re.Match[str]) -> int:
    """Return the byte that a token stands for, or the end of a run."""
    if token["code"]:
        return int(token["code"], 16)
    if token["control"]:
        return _CONTROL[token["control"]]
    letter = token["plain"] or token["letter"] or ""
    return ord(letter) if letter and letter.isascii() else _END


def _runs(cells: list[int]) -> list[bytes]:
    runs = [bytearray()]
    for cell in cells:
        if cell == _END:
            runs.append(bytearray())
        else:
            runs[-1].append(cell)
    return [bytes(run) for run in runs if len(run) > 1]


def _folded(run: bytes) -> Masked:
    """Return text in either case."""
    masks = bytes([0xDF if bytes([byte]).isalpha() else 0xFF for byte in run])
    pairs = zip(run, masks, strict=True)
    return Masked(bytes([byte & mask for byte, mask in pairs]), masks)
