"""Behaviour of the reader of YARA source."""

import re

import pytest
import yara_x
from hypothesis import given, settings
from hypothesis import strategies as st

from clearward.core.errors import Malformed
from clearward.rules.lexer import Rule, String, integer, read

MANY = 200_000  # of one thing in a row; more than linear time would show as minutes


def one(text: str) -> Rule:
    [rule] = read(text)
    return rule


def condition(text: str) -> tuple[str, ...]:
    return one(f"rule a {{ condition: {text} }}").tokens


def string(text: str) -> String:
    [found] = one(f"rule a {{ strings: $a = {text} condition: $a }}").strings
    return found


def test_a_file_is_split_into_its_rules() -> None:
    rules = list(read("rule a{condition:x}rule b{condition:y} /* end */ // more"))
    assert [(rule.name, rule.tokens) for rule in rules] == [
        ("a", ("x",)),
        ("b", ("y",)),
    ]


@pytest.mark.parametrize("text", ["", " \n", "// only", "/* only */", 'import "pe"'])
def test_a_file_may_have_no_rule(text: str) -> None:
    assert list(read(text)) == []


def test_comments_and_white_space_may_stand_between_all_tokens() -> None:
    gap = ' /* " } */ // " }\r\n \t\xa0'
    tokens = 'import "pe" private rule a : t u { meta : m = - 1 strings : $a = "x" '
    tokens += "wide xor ( 1 - 2 ) condition : any of them }"
    rule = one(gap.join(tokens.split(" ")))
    assert (rule.name, rule.tokens) == ("a", ("any", "of", "them"))
    assert [found.identifier for found in rule.strings] == ["$a"]


@pytest.mark.parametrize(
    ("kind", "is_global"),
    [
        ("", False),
        ("private", False),
        ("global", True),
        ("private global", True),
        ("global private", True),
    ],
)
def test_global_rules_are_told(kind: str, is_global: bool) -> None:  # noqa: FBT001
    assert one(f"{kind} rule a {{ condition: x }}").is_global is is_global


@pytest.mark.parametrize(
    "meta",
    [
        'a = "text"',
        r'a = "\" } condition: \\"',
        'a = """two\nlines }"""',
        'a = ""',
        "a = 1 b = -0x1F c = 1.5 d = 10KB e = true f = false",
        'strings_ = "x" condition_ = "y"',
    ],
)
def test_meta_is_passed_over(meta: str) -> None:
    assert one(f"rule a {{ meta: {meta} condition: x }}").tokens == ("x",)


@pytest.mark.parametrize(
    ("text", "modifiers"),
    [
        ('"plain"', ""),
        (r'"a \" b \\"', " wide  ascii"),
        ('"} condition: // /*"', " nocase"),
        ('"abc"', ' base64 ("alphabet with ) in it") base64wide'),
        ('"abc"', " xor(0x01-0xff) fullword private"),
        ("/re/", ""),
        ("/re/is", " wide"),
        (r"/a\/b\\/", " ascii"),
        ('/["}]/', " fullword"),
        ("/a{2,3}/i", ""),
        ("{ 00 ?? 3? ~AB (01|02 03) [1-2] }", ""),
        ("{ 00 /* } */ 01 // }\n 02 }", " private"),
    ],
)
def test_strings_are_kept_as_they_are_written(text: str, modifiers: str) -> None:
    assert string(text + modifiers) == String("$a", text, modifiers)


def test_strings_without_a_name_are_there() -> None:
    rule = one('rule a { strings: $ = "x" $ = "y" $b = "z" condition: any of them }')
    assert [found.identifier for found in rule.strings] == ["$", "$", "$b"]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("$a and#b>2", ["$a", "and", "#b", ">", "2"]),
        ("1 of($a*,$b)", ["1", "of", "(", "$a", "*", ",", "$b", ")"]),
        ("filesize<=10MB", ["filesize", "<=", "10MB"]),
        ("@a[1]==0x10", ["@a", "[", "1", "]", "==", "0x10"]),
        ("!a[1]!=1_0", ["!a", "[", "1", "]", "!=", "1_0"]),
        ("(0..10)", ["(", "0", ".", ".", "10", ")"]),
        ("1.5>1", ["1.5", ">", "1"]),
        ('pe.x contains "and )"', ["pe", ".", "x", "contains", '"and )"']),
        ("x matches /or }/i and y", ["x", "matches", "/or }/i", "and", "y"]),
        (r"6\2 == 3", ["6", "\\", "2", "==", "3"]),
        ("a /* or b */ and // or c\n d", ["a", "and", "d"]),
        ("android", ["android"]),
        ("\u0661 \u00e9", ["\u0661", "\u00e9"]),
        ("", []),
    ],
)
def test_conditions_are_tokens(text: str, tokens: list[str]) -> None:
    assert list(condition(text)) == tokens


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("64MB", 64 * 1024 * 1024),
        ("10KB", 10240),
        ("1_000", 1000),
        ("0x1F", 31),
        ("0o17", 15),
        ("010", 10),
        ("1.5", None),
        ("0x", None),
        ("0x1KB", None),
        ("KB", None),
        ("filesize", None),
        ("\u0661", None),
        ("-1", None),
        ("9" * 5000, None),
    ],
)
def test_integers_are_read_as_yara_does(text: str, value: int | None) -> None:
    assert integer(text) == value


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ('"abcd"', 4, 100),
        ('"' + "a" * 1000 + '"', 1000, 20_000),
        ("{ 01 02 }", 2, 20),
        ("{ 01 [100] 02 }", 102, 130),
        ("{ 01 [2-1000] 02 }", 1002, 1030),
        ("{ 01 [-1000] 02 }", 1002, 1030),
        ("{ 01 [ 2 - 0x10 ] 02 }", 18, 50),
        ("{ 01 // [4-]\n 02 /* [-] */ }", 2, 60),
        ("/abc/", 3, 50),
        ("/a?b??c/", 3, 50),
        ("/a{10}b{1,20}c{,30}/", 60, 1000),
        ("/(ab{2}|cd){10}/", 30, 1000),
        ("/(?:a{10}){10}/", 100, 2000),
        ("/[*+{]x/", 2, 50),
        (r"/\*\+\{\[\(/", 5, 60),
        (r"/[\]*]a/", 2, 50),
        (r"/\x2a\x2b/", 2, 50),
        ("/a{2}{3}/", 6, 200),
        ("/^a$|b/", 1, 60),
    ],
)
def test_no_match_is_longer_than_what_is_said(text: str, least: int, most: int) -> None:
    longest = string(text).longest()
    assert longest is not None
    assert least <= longest <= most


@pytest.mark.parametrize(
    "text",
    [
        "{ 01 [4-] 02 }",
        "{ 01 [-] 02 }",
        "{ 01 [x] 02 }",
        "/ab*/",
        "/ab+c/",
        "/ab*?c/",
        "/a{2,}/",
        "/(a{3}){2,}b/",
        "/(?i)abc/",
        "/(?x) (a) {9}/",
        "/(?P<n>a)/",
        "/a{9999999999}/",
        "/(a{99999999}){99999999}/",
        "/[]*]a/",
        "/[^]*]a/",
        "/[[:alpha:]]*/",
        "/a{x}/",
        "/ab)/",
        "/(ab/",
    ],
)
def test_a_match_without_a_bound_or_not_understood_may_be_of_any_length(
    text: str,
) -> None:
    assert string(text).longest() is None


items = st.sampled_from(["a", "b", ".", "[ab]", r"\x61", r"\w", r"\b", "^", "$"])
repeats = st.sampled_from(["", "?", "*", "+", "{3}", "{1,2}", "{,2}", "{2,}", "??"])
regexes = st.recursive(
    items,
    lambda inner: st.one_of(
        st.builds("({}){}".format, inner, repeats),
        st.builds("(?:{}|{})".format, inner, inner),
        st.builds("{}{}".format, inner, inner),
        st.builds("a{}{}".format, repeats, inner),
    ),
    max_leaves=6,
)


@given(regexes, st.text("ab", max_size=60))
def test_no_match_of_a_regex_is_longer_than_what_is_said(regex: str, data: str) -> None:
    longest = string(f"/a{regex}/").longest()
    found = re.search(f"a{regex}".replace("{,", "{0,"), data)
    assert longest is None or found is None or len(found[0]) <= longest


@pytest.mark.parametrize(
    "damage",
    [
        "rule",
        "rule a",
        "rule a {",
        "rule a { condition: x",
        "rule a { strings: $a = condition: $a }",
        'rule a { strings: $a = "x condition: $a }',
        "rule a { strings: $a = { 00 condition: $a",
        'rule a { condition: "x }',
        "rule a { condition: /x }",
        "rule a { condition: /* x }",
        "rule a { meta: x y condition: x }",
        "import pe",
        "}",
        "\x00",
        "\ufeff",
    ],
)
def test_damage_is_reported_behind_the_rules_before_it(damage: str) -> None:
    good = "rule good { condition: x } "
    rules = read(good + damage)
    assert next(rules).name == "good"
    with pytest.raises(Malformed) as caught:
        next(rules)
    assert len(good) <= caught.value.offset <= len(good + damage)


PIECES = """rule a | b | { | } | : | condition: | strings: | meta: | $a = | "x" | /x/ |
{ 00 } | // | /* | */ | " | / | \\ | and | global | private | import | wide | xor( | ) |
( | 1KB | ' | $ | * | \x00 | é"""
pieces = st.sampled_from([*PIECES.split("|"), "|", "\n"])


@settings(max_examples=60)
@given(st.one_of(st.text(max_size=50), st.lists(pieces, max_size=40).map("".join)))
def test_arbitrary_text_gives_rules_or_an_error_with_a_place_inside(text: str) -> None:
    try:
        rules = list(read(text))
    except Malformed as error:
        assert 0 <= error.offset <= len(text)
    else:
        assert len(rules) <= len(text)


ALPHABET = ")}" + "".join(
    chr(byte) for byte in range(35, 100) if chr(byte) not in ")=\\"
)
definitions = st.sampled_from(
    [
        '$ = "x}" wide ascii',
        r'$ = "\" }" nocase /* " */ fullword',
        '$ = "// }" private',
        '$ = """} condition:""" ascii',
        '$ = /"}/i',
        r"$ = /a\/}b/ wide // }",
        r"$ = /[*]x}\*/",
        "$ = { 00 /* } */ 01 }",
        "$ = { 00 // }\n 01 (02|03) [1-2] 04 }",
        '$ = "abc" xor ( 1 - 0x20 )',
        f'$ = "abc" base64 ("{ALPHABET}")',
        "/* $no = */",
        "// rule b {",
        "\r",
        "\xa0\u2003",
    ]
)
terms = st.sampled_from(
    [
        "any of them",
        '"a}" contains "rule b {"',
        "filename matches /}/i",
        "not (true /* } */)",
        "filesize < 1_0KB // }\n",
    ]
)


@settings(max_examples=50, deadline=None)
@given(st.lists(definitions, max_size=4), st.lists(terms, min_size=1, max_size=3))
def test_yara_x_reads_the_same_rules(strings: list[str], words: list[str]) -> None:
    lines = "\n".join([*strings, '$ = "last"'])
    ended = " or ".join(["any of them", *words])
    text = f"rule a {{ strings: {lines} condition: {ended} }} private rule b {{\n"
    text += "meta: b = 1 condition: true }"
    compiler = yara_x.Compiler()
    compiler.define_global("filename", "")
    compiler.add_source(text)
    found = [(rule.identifier, len(rule.patterns)) for rule in compiler.build()]
    assert found == [
        (rule.name, sum("private" not in line.modifiers for line in rule.strings))
        for rule in read(text)
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("/*" + "*" * MANY, id="open comment"),
        pytest.param("/* " * MANY, id="comments in comments"),
        pytest.param('"' * MANY, id="quotes"),
        pytest.param("private " * MANY, id="modifiers"),
        pytest.param("rule a {condition: " + "(" * MANY, id="open brackets"),
        pytest.param("rule a {condition: " + "/a" * MANY, id="slashes"),
        pytest.param("rule a {condition: " + '"a" ' * MANY, id="texts"),
        pytest.param("rule a {meta: " + 'a="b" ' * MANY, id="meta"),
        pytest.param('rule a {meta: a="""' + '"""x' * MANY, id="triple quotes"),
        pytest.param("rule a {strings: $a={" + "/*a*/" * MANY, id="hex comments"),
        pytest.param('rule a {strings: $a="' + "\\n" * MANY, id="escapes"),
        pytest.param('rule a {strings: $a="" xor(' + "/" * MANY, id="argument"),
        pytest.param("rule a :" + " a" * MANY, id="tags"),
        pytest.param("import " + " " * MANY, id="space"),
    ],
)
def test_a_long_row_of_one_thing_is_read_in_one_go(text: str) -> None:
    with pytest.raises(Malformed):
        list(read(text))


@pytest.mark.parametrize(
    "regex",
    ["(" * MANY, "(a" * MANY + "){999}" * MANY, "a{999999999}" * MANY, "[" * MANY],
)
def test_a_long_regex_is_measured_in_one_go(regex: str) -> None:
    assert String("$a", f"/{regex}/", "").longest() is None
