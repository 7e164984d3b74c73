"""The compiled search tells nothing that the one in Python does not tell."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearward.formats.normalise import signs
from clearward.formats.normalise.chosen import NORMALISER
from clearward.formats.normalise.signs import APART, Signs

PIECES = [
    *(b'"a"+"b"', b"'a' + 'b'", b'"', b"'", b" + ", b"&", b".", b"a", b" ", b"\n"),
    *(b"\\x41", b"\\u0041", b"%41", b"%u4141", b"\\101", b"\\", b"%", b"0x41,", b"65,"),
    *(b"Chr(65)", b"[char]65", b"String.fromCharCode(65", b"[char[]](", b"a`b", b"a^b"),
    *(b"-join ''", b"].join('')", b"{0}{1}{2}", b"%a:~1,2%", b"strrev('", b"k,e,"),
    *(b'StrReverse("', b"str_rot13('", b"atob('", b"base64_decode('", b"A" * 31),
    base64.b64encode(b"text that is long enough, it is"),
]
SAMPLES = [
    (Signs.RUN, base64.b64encode(b"text that is long enough, it is")),
    (Signs.RUN, b"text that is long enough, it is".hex().encode()),
    (
        Signs.RUN,
        base64.b64encode(b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0\xb8\0\0\0\0\0\0\0"),
    ),
    (Signs.NUMBERS, b"87,83,99,114,105,112,116,46,83,104,101,108,108"),
    (
        Signs.NUMBERS,
        b"0x57, 0x53, 0x63, 0x72, 0x69, 0x70, 0x74, 0x2e, 0x53, 0x68, 0x6c, 0x6c, 0x6c",
    ),
    (Signs.ESCAPES, b"\\x57\\x53\\x63\\x72\\x69\\x70\\x74"),
    (Signs.ESCAPES, b"\\u0057\\u0053\\u0063\\u0072\\u0069\\u0070\\u0074"),
    (Signs.ESCAPES, b"%57%53%63%72%69%70%74"),
    (Signs.JOINS, b'"po"+"wer"+"shell" & "abc"+"def"'),
    (Signs.JOINS, b"'po' & 'wer' & 'sh' & 'ell'"),
    (Signs.CALLS, b"Chr(65) & ChrW(66) & chr$(67)"),
    (Signs.CALLS, b"[char]65+[CHAR]66+[char](67)"),
    (Signs.CALLS, b"String.fromCharCode(65, 66)"),
    (Signs.TICKS, b"i`n`v`o`ke-exp`ression"),
    (Signs.CARETS, b"p^o^w^e^r^s^h^e^l^l"),
    (Signs.NAMES, b"('{2}{0}{1}' -f 'a','b','c')"),
    (Signs.NAMES, b"('a','b' -join '')"),
    (Signs.NAMES, b"%abc:~3,1%"),
    (Signs.NAMES, b'StrReverse("cba")'),
    (Signs.NAMES, b"strrev('cba')"),
    (Signs.NAMES, b"str_rot13('cba')"),
    (Signs.NAMES, b"atob('YWJj')"),
    (Signs.NAMES, b"eval(function(p,a,c,k,e,d){"),
]


@pytest.mark.parametrize("place", [0, 1, 2, 15, 16, 17, 100, 101])
@pytest.mark.parametrize(("sign", "text"), SAMPLES)
def test_a_sign_is_told_wherever_it_stands(
    sign: Signs, text: bytes, place: int
) -> None:
    data = b" " * place + text + b" " * 9
    assert NORMALISER.signs(data) & sign
    assert signs.signs(data) & sign
    if sign not in (Signs.RUN, Signs.NUMBERS):
        first, *_ = NORMALISER.places(data)
        assert place <= first < place + len(text)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=5), max_size=40))
def test_what_is_compiled_tells_no_more(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    assert NORMALISER.signs(data) & ~signs.signs(data) == 0
    start, end = NORMALISER.run(data, 0)
    assert (start, end) == (len(data), len(data)) or end - start >= signs.LEAST_RUN
    assert all(0 <= place < len(data) for place in NORMALISER.places(data))


@pytest.mark.parametrize(
    "text",
    [
        b"Plain words, with (brackets), 'quotes' and \"others\". And more of them.\n"
        * 9,
        b'for (i = 0; i < 10; i++) { a[i] = b(i) + "text"; }\n' * 9,
        b"/usr/share/some/long/path/with/many/parts/and/Capital/Letters\n" * 9,
        b"x = chr(i)\n" * 9,
        b"Markdown has `code` in it, and `more` of that.\n" * 9,
    ],
)
def test_plain_text_has_none(text: bytes) -> None:
    assert NORMALISER.signs(text) == 0


def test_places_are_told_apart() -> None:
    data = b"%57%53%63%72%69%70%74" + b" " * 5000 + b"strrev('abc')"
    assert len(NORMALISER.places(data)) == 2
    assert APART < 5000
