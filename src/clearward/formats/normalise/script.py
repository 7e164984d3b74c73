"""A script as signatures look at it: one spelling for what means the same.

    foo ( "a" + 'b' ) ; // c        foo("ab");
    var total, x; total = x         var n000,n001;n000=n001
    unescape("%41%u0042")           "ab"
    eval("alert(1)");               alert(1)

Comments and white space go, except one space between two words; strings stand in double
quotes, without escapes, and constant ones are joined; what a `var` or a `function`
declares is numbered, from when it is declared, and known in its function; at last all
is in lower case. As clamscan has it, a comment after two slashes ends with the word,
only the first name of a `var` in braces counts, and what cannot be in a script is left
out. Unlike it, a script that ends within a string is not given more brackets.

Source: the script views that Debian's clamscan 1.4.6 writes with --leave-temps.
"""

import re
from collections.abc import Callable

LIMIT = 8 << 20  # bytes of script in one page that are normalised
_MOST_NESTED = 64  # functions in functions; deeper names belong to the last of them
_MOST_EVALS = 8  # of eval in eval
_MOST_UNESCAPES = 8  # of unescape in unescape

_EDGE = b"\2"  # on both sides of a word, as long as its neighbours are not known
_STRING = rb"\"(?:[^\"\\]++|\\.)*+(?:\"|\\?\Z)|'(?:[^'\\]++|\\.)*+(?:'|\\?\Z)"
_REGEX = (
    rb"(?:(?<=[=(,:\[!&|?{;+])|(?<=[=(,:\[!&|?{;+]\s)|(?<=return)|(?<=return\s)|\A)"
    rb"/(?![*/])(?:[^\\/\r\n\[]++|\\.|\[(?:[^\]\\\r\n]|\\.){0,200}+\])++/"
)
_TOKEN = re.compile(
    rb"(?:[\x00-\x20\x7F-\xFF@#`\\]++|//[^\s]*+|/\*.*?(?:\*/|\Z))*+"
    rb"([A-Za-z_$][A-Za-z0-9_$]*+"
    rb"|[0-9]++(?:\.[0-9]*+(?:[eE][+-]?[0-9]++)?+)?+"
    rb"|" + _STRING + rb"|" + _REGEX + rb"|[=<>!&|?:*%^~-]++|.|\Z)",
    re.DOTALL,
)
_ESCAPE = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|(.?))", re.DOTALL)
_ESCAPED = {b"n": b" ", b"r": b" ", b"t": b" ", b"v": b" ", b"f": b" "} | {
    b"b": b"\b",
    b"0": b"\1",
}
_PERCENT = re.compile(rb"%(?:u([0-9A-Fa-f]{4})|([0-9A-Fa-f]{2}))")
_SPACES = bytes.maketrans(b"\t\n\v\f\r\0" + _EDGE, b"     \1 ")


class _Unescaped(bytes):
    """A string constant that was decoded, so many times."""

    times = 0


Token = bytes | bytearray  # a bytearray is a string constant that more can be added to


def normalise(script: bytes) -> bytes:
    """Return the normalised script; the caller keeps `LIMIT`."""
    reading = _Reading()
    reading.read(script)
    return reading.text()


def _word(name: bytes) -> bytes:
    return _EDGE + name + _EDGE


_EVAL, _UNESCAPE = _word(b"eval"), _word(b"unescape")


class _Reading:
    """Tokens as they will be written, and in which function each of them stands."""

    def __init__(self) -> None:
        self._out: list[Token] = [b"", b"", b""]  # so that there are three to look at
        self._depth = 0  # open braces
        self._scopes: list[dict[bytes, bytes]] = [{}]
        self._parents = [0]
        self._open = [(0, -1)]  # functions: scope, and braces that were open before it
        self._marks = [(0, 0)]  # from which token on which scope holds
        self._declared = 0
        self._in_head = False  # between "function" and the end of its parameters
        self._in_var = False
        self._declares = False  # the next word is a new name
        self._more: list[bytes] = []  # scripts that eval was called with
        self._evals = 0  # of which something is still to be read
        self._swallows = -1  # as many tokens out, a semicolon behind an eval goes
        self._special: dict[bytes, Callable[[], None]] = {
            b"function": self._function,
            b"var": self._var,
            b"{": self._opening_brace,
            b"}": self._closing_brace,
            b")": self._closing_bracket,
            b",": self._comma,
            b";": self._semicolon,
        }
        words = b"_$ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        self._kinds: dict[int, Callable[[bytes], None]] = {
            **dict.fromkeys(words, self._name),
            **dict.fromkeys(b"0123456789", self._number),
            **dict.fromkeys(b"\"'", self._string),
        }

    def read(self, script: bytes) -> None:
        """Take a script, and what it hands to eval in its place."""
        scripts = [iter(_TOKEN.findall(script))]
        kinds, special, append = self._kinds, self._special, self._out.append
        while scripts:
            for token in scripts[-1]:
                if act := special.get(token):
                    act()
                elif token and (take := kinds.get(token[0])):
                    take(token)
                else:
                    append(token)
                if self._more:
                    break
            else:
                scripts.pop()
                self._swallows = len(self._out)
            if self._more:
                scripts.append(iter(_TOKEN.findall(self._more.pop())))
            self._evals = len(scripts) - 1

    def text(self) -> bytes:
        """Return what was taken, with its names numbered."""
        known: set[bytes] = set().union(*self._scopes)
        out = self._out
        ends = [start for start, _ in self._marks[1:]] + [len(out)]
        for (start, scope), end in zip(self._marks, ends, strict=True):
            for place in range(start, end):
                token = out[place]
                if type(token) is bytes and token in known:
                    out[place] = self._numbered(token, scope)
        text = b"".join(out).replace(_EDGE + _EDGE, b" ").replace(_EDGE, b"")
        return text.lower()

    def _numbered(self, name: bytes, scope: int) -> bytes:
        while scope and name not in self._scopes[scope]:
            scope = self._parents[scope]
        return self._scopes[scope].get(name, name)

    def _name(self, token: bytes) -> None:
        if self._out[-1] == b".":
            self._out[-1] = b"." + token + _EDGE
            return
        word = _word(token)
        self._out.append(word)
        if self._declares or self._in_head:
            self._scopes[self._open[-1][0]][word] = _word(b"n%03d" % self._declared)
            self._declared += 1
            self._declares = False

    def _number(self, token: bytes) -> None:
        if token.isdigit():
            self._out.append(_word(token.lstrip(b"0") or b"0"))
        else:
            self._out.append(_word(b"%g" % float(token)))

    def _string(self, token: bytes) -> None:
        content = token[1 : -1 if _is_closed(token) else None]
        if content.find(b"\\") >= 0:
            content = _ESCAPE.sub(_from_escape, content)
        content = content.translate(_SPACES)
        before = self._out[-2]
        if self._out[-1] == b"+" and isinstance(before, bytearray):
            self._out.pop()
            before.pop()
        else:
            before = bytearray(b'"')
            self._out.append(before)
        before += content
        before += b'"'

    def _function(self) -> None:
        self._out.append(_word(b"function"))
        if len(self._open) < _MOST_NESTED:
            self._parents.append(self._open[-1][0])
            self._scopes.append({})
            self._open.append((len(self._scopes) - 1, self._depth))
            self._mark()
        self._in_head = True

    def _var(self) -> None:
        self._out.append(_word(b"var"))
        self._declares = self._in_var = True

    def _opening_brace(self) -> None:
        self._out.append(b"{")
        self._in_head = False
        self._depth += 1

    def _closing_brace(self) -> None:
        self._out.append(b"}")
        self._depth = max(self._depth - 1, 0)
        while self._open[-1][1] >= self._depth:
            self._open.pop()
            self._mark()

    def _closing_bracket(self) -> None:
        self._in_head = False
        called, opening, argument = self._out[-3:]
        if opening == b"(" and argument.startswith(b'"'):
            times = argument.times if isinstance(argument, _Unescaped) else 0
            if called == _UNESCAPE and times < _MOST_UNESCAPES:
                text = _PERCENT.sub(_from_percent, bytes(argument))
                decoded = _Unescaped(text.translate(_SPACES))
                decoded.times = times + 1
                self._out[-3:] = [decoded]
                return
            if called == _EVAL and self._evals < _MOST_EVALS:
                del self._out[-3:]
                self._more.append(bytes(argument[1:-1]))
                return
        self._out.append(b")")

    def _comma(self) -> None:
        self._out.append(b",")
        self._declares = self._in_var and not self._depth

    def _semicolon(self) -> None:
        self._in_var = False
        if self._swallows == len(self._out):
            self._swallows = -1
        else:
            self._out.append(b";")

    def _mark(self) -> None:
        self._marks.append((len(self._out), self._open[-1][0]))


def _is_closed(string: bytes) -> bool:
    """Say whether a string ends with a quote that is not escaped."""
    before = string[1:-1]
    escapes = len(before) - len(before.rstrip(b"\\"))
    return len(string) > 1 and string[-1] == string[0] and escapes % 2 == 0


def _from_escape(match: re.Match[bytes]) -> bytes:
    byte, unit, other = match.groups()
    if byte is not None:
        return bytes([int(byte, 16)])
    return _ESCAPED.get(other, other) if unit is None else _utf8(unit)


def _from_percent(match: re.Match[bytes]) -> bytes:
    unit, byte = match.groups()
    return bytes([int(byte, 16)]) if unit is None else _utf8(unit)


def _utf8(digits: bytes) -> bytes:
    return chr(int(digits, 16)).encode("utf-8", "surrogatepass")
