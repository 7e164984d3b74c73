"""Scripts in one spelling, as clamscan has them."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.normalise import needs_sigtool, page_by_sigtool

from clearward.formats.normalise.script import normalise

SPELLED = [
    (b"a  b\n\nc ( D ) ;", b"a b c(d);"),
    (b"x = 1 /* c  d */ + 2; //c\ny", b"x=1+2;y"),
    (b"// c d\nq", b"c d q"),
    (b"foo('A' + \"b\" + 'c\"')", b'foo("abc"")'),
    (b'x="a"+y+"b"+"c"', b'x="a"+y+"bc"'),
    (b'"\\x41\\u0042\\n\\103\\u20ac\\\\\\\'"', b'"ab 103\xe2\x82\xac\\\'"'),
    (b'"a\n\n b"', b'"a   b"'),
    (b"var Foo,b; Foo=b; foo.Foo=1", b"var n000,n001;n000=n001;foo.foo=1"),
    (b"f();function f(a){f(a)}f(a)", b"f();function n000(n001){n000(n001)}f(a)"),
    (b"function(){var c=1,d=2;c;d}", b"function(){var n000=1,d=2;n000;d}"),
    (b"x;var x;var x;x", b"n001;var n001;var n001;n001"),
    (b"var x;function g(){x;var x}x", b"var n000;function n001(){n002;var n002}n000"),
    (b"function(a){function(b){a;b}b}", b"function(n000){function(n001){n000;n001}b}"),
    (b'unescape("%41"+"%42%u0043%zz")', b'"abc%zz"'),
    (b'"a"+unescape("%41")+"b"', b'"a"+"a"+"b"'),
    (b"x.unescape('%41')", b'x.unescape("%41")'),
    (b'x; eval("alert(1);var y=\'a\'+\'b\'"); z', b'x;alert(1);var n000="ab"z'),
    (b"eval(x)", b"eval(x)"),
    (b"String.fromCharCode(65)", b"string.fromcharcode(65)"),
    (b"0x41 017 1.5e3 1e5 1.23456789 3. .5", b"0 x41 17 1500 1 e5 1.23457 3.5"),
    (b"x=a/b/c; y=/[/]:/.z", b"x=a/b/c;y=/[/]:/.z"),
    (b"return /x y/", b"return/x y/"),
    (b"a\xa0b c@#`d`", b"a b c d"),
    (b"a>>>=b===c", b"a>>>=b===c"),
]  # fmt: skip


@pytest.mark.parametrize(("script", "spelled"), SPELLED)
def test_a_script_has_one_spelling(script: bytes, spelled: bytes) -> None:
    assert normalise(script) == spelled


@needs_sigtool
@pytest.mark.parametrize(("script", "spelled"), SPELLED)
def test_sigtool_spells_scripts_so(
    script: bytes, spelled: bytes, tmp_path: Path
) -> None:
    page = b"<script>" + script + b"</script>"
    seen = page_by_sigtool(page, tmp_path)["javascript"]
    assert seen.startswith(b"<script>" + spelled + b"</script>")


def test_a_string_may_end_with_the_script() -> None:
    assert normalise(b"x='a b\\'") == b'x="a b\'"'
    assert normalise(b'x="abc\\') == b'x="abc"'
    assert normalise(b"f('a','b\\\\')") == b'f("a","b\\")'  # not so in clamscan


def test_eval_in_eval_is_followed_a_few_times() -> None:
    assert normalise(b"eval('eval(\"a(1)\")')") == b"a(1)"


TOKENS = [b"var ", b"function ", b"f", b"(", b")", b"{", b"}", b",", b";", b".", b"+"]
TOKENS += [b'"', b"'", b"\\", b"/", b"*", b"//", b"/*", b"1", b".5e", b"eval(", b"%u"]
TOKENS += [b"unescape(", b"\x02", b"\n", b"\xff", b"return ", b"=", b"[", b"\\u12"]


@given(st.binary() | st.lists(st.sampled_from(TOKENS), max_size=60).map(b"".join))
def test_any_bytes_have_a_spelling(script: bytes) -> None:
    spelled = normalise(script)
    assert spelled == spelled.lower()


HOSTILE = [
    *TOKENS, b"function(){", b"function f(a){}", b"var a;", b'"a"+', b"eval('", b"=/",
    b"=/[", b"/x/", b"a b", b"eval('x');", b"function a(b,", b"}{", b"1.", b"a.",
    b"'\\x41'+", b"var a;{function(){", b"unescape('%41')+", b'"\\',
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_no_script_takes_longer_than_its_length_asks(unit: bytes) -> None:
    script = unit * ((1 << 17) // len(unit))
    start = time.process_time()
    normalise(script)
    assert time.process_time() - start < 4
