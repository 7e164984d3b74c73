"""Behaviour of the reader of YARA source."""

import pytest
import yara_x
from hypothesis import given, settings
from hypothesis import strategies as st
from support.source import MANY, condition, one, string

from clearward.core.errors import Malformed
from clearward.rules.lexer import String, integer, read


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
