r"""Sub-signatures that are no bodies.

    0(>>5#ib4#>=0x10,<0x20)     a number at a distance from sub-signature 0
    ${6-7}12$                   one of macro group 12, 6 to 7 bytes further on
    fuzzy_img#af2ad01ed42993c7  a picture that looks like this
    5,3:0&1/regex/is            a regular expression, once 0 and 1 match

Source: docs.clamav.net, "Logical signatures"; what is refused was tried with clamscan
1.4.6. It loads some that never match there (a binary or hexadecimal number without its
byte order, a macro that comes first or whose range falls); they are wrong here.
"""

import re

from clearward.rules.clamav.expression import read_expression
from clearward.rules.clamav.fault import Wrong
from clearward.rules.clamav.model import Compare, Image, Macro, Regex
from clearward.rules.clamav.place import ANYWHERE, MOST_GROUPS, read_place

_MOST = 1 << 63
_MOST_HEXADECIMAL = 18  # digits
_MOST_DECIMAL = 255
_BINARY_SIZES = frozenset({1, 2, 4, 8})
_FLAGS = frozenset("greismxAEU")

_NUMBER = r"(?:0[xX][0-9a-fA-F]{1,16}|[0-9]{1,19})"
_compare = re.compile(
    rf"""(?P<sub>[0-9]{{1,3}})\(
    (?P<shift>>>|<<)?(?P<offset>{_NUMBER})
    \#(?P<options>[hdialbe]{{1,3}})(?P<length>{_NUMBER})
    \#(?P<tests>[<>=]-?{_NUMBER}(?:,[<>=]-?{_NUMBER})?)\)""",
    re.VERBOSE,
).fullmatch
_macro = re.compile(r"\$\{([0-9]{1,9})-([0-9]{1,9})\}([0-9]{1,9})\$").fullmatch
_image = re.compile(r"fuzzy_img#([0-9a-fA-F]{16})(?:#([0-9]{1,9}))?").fullmatch


def read_compare(text: str, subs: int) -> Compare:
    """Return a byte compare, in a signature of so many sub-signatures.

    Raises:
        Wrong: it is none.
    """
    found = _compare(text)
    if found is None:
        raise Wrong("not a byte compare")
    sub, offset = int(found["sub"]), _number(found["offset"])
    if sub >= subs:
        raise Wrong(f"a byte compare of sub-signature {sub}, which is not there")
    if not found["shift"] and offset:
        raise Wrong("an offset without >> or <<")
    if offset >= _MOST:
        raise Wrong("an offset too large")
    options = found["options"]
    length = _number(found["length"])
    form = _form(options, length)
    tests = tuple((test[0], _signed(test[1:])) for test in found["tests"].split(","))
    return Compare(
        sub,
        -offset if found["shift"] == "<<" else offset,
        form,
        "l" in options,
        "e" in options or form == "i",
        length,
        tests,
    )


def read_macro(text: str, sub: int) -> Macro:
    """Return a macro, which is sub-signature number `sub`.

    Raises:
        Wrong: it is none, or can never match.
    """
    found = _macro(text)
    if found is None:
        raise Wrong("not a macro of the form ${a-b}group$")
    least, most, group = (int(one) for one in found.groups())
    if group >= MOST_GROUPS:
        raise Wrong(f"a macro group above {MOST_GROUPS - 1}")
    if not sub or most < least:
        raise Wrong("a macro that comes first, or whose range falls, never matches")
    return Macro(group, least, most)


def read_image(text: str) -> Image:
    """Return the hash of a picture.

    Raises:
        Wrong: it is none, or asks for a distance.
    """
    found = _image(text)
    if found is None:
        raise Wrong("not a hash of a picture, 16 hexadecimal digits")
    if int(found[2] or 0):
        raise Wrong("a distance other than 0")
    return Image(bytes.fromhex(found[1]))


def read_regex(text: str, sub: int, target: int) -> Regex:
    """Return a regular expression, which is sub-signature number `sub`.

    Raises:
        Wrong: it is none, or its trigger is of sub-signatures that come later.
    """
    head, _, rest = text.partition("/")
    pattern, slash, flags = rest.rpartition("/")
    if not slash:
        raise Wrong("a regular expression without its second /")
    if not pattern:
        raise Wrong("an empty regular expression")
    if not _FLAGS.issuperset(flags):
        raise Wrong("a flag other than g, r, e, i, s, m, x, A, E and U")
    offset, colon, condition = head.rpartition(":")
    place = read_place(offset, target) if colon else ANYWHERE
    trigger, greatest = read_expression(condition)
    if greatest >= sub:
        raise Wrong("a trigger of sub-signatures that do not come before it")
    return Regex(trigger, pattern, flags, place)


def _form(options: str, length: int) -> str:
    """Check the options of a byte compare and return which form of number it is."""
    forms = [one for one in "hdia" if one in options]
    orders = [one for one in "lb" if one in options]
    if len(set(options)) != len(options) or len(forms) != 1 or len(orders) > 1:
        raise Wrong("options of a byte compare that contradict each other")
    form = forms[0]
    if form == "d" and orders == ["l"]:
        raise Wrong("a decimal number has no byte order")
    if form != "d" and not orders:
        raise Wrong("a byte compare without its byte order, l or b, never matches")
    if form == "i" and length not in _BINARY_SIZES:
        raise Wrong("a binary number has 1, 2, 4 or 8 bytes")
    if not 0 < length <= (_MOST_HEXADECIMAL if form == "h" else _MOST_DECIMAL):
        raise Wrong("a number of no digits, or of too many")
    return form


def _number(text: str) -> int:
    return int(text, 16) if text[:2] in {"0x", "0X"} else int(text)


def _signed(text: str) -> int:
    value = -_number(text[1:]) if text[0] == "-" else _number(text)
    if not -_MOST <= value < _MOST:
        raise Wrong("a value of more than 64 bits")
    return value
