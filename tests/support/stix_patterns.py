"""Patterns made at random, as text, for property tests."""

from hypothesis import strategies as st

_KEYS = st.sampled_from(["value", "name", "hashes.MD5", "hashes.'SHA-256'", "a[*].b"])
_TYPES = st.sampled_from(["file", "domain-name", "url", "ipv4-addr", "x_y"])
_STRINGS = st.text(st.sampled_from("aB1.\\'/%_ é\n"), max_size=6).map(
    lambda text: "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
)
_CONSTANTS = st.one_of(
    _STRINGS,
    st.sampled_from(
        ["0", "+5", "-7", "1.50", "-.5", "true", "false", "h'0aFF'", "b'AQID'", "h''"]
    ),
    st.just("t'2016-06-01T01:30:00.120Z'"),
)
_SPACE = st.sampled_from([" ", "  ", "\n", " /* c */ "])


@st.composite
def comparisons(draw: st.DrawFn) -> str:
    path = f"{draw(_TYPES)}:{draw(_KEYS)}"
    negated = draw(st.sampled_from(["", "NOT "]))
    kind = draw(st.integers(0, 4))
    if kind == 0:
        return f"{negated}EXISTS {path}"
    if kind == 1:
        inside = ",".join(draw(st.lists(_CONSTANTS, max_size=3)))
        return f"{path} {negated}IN({inside})"
    if kind == 2:
        word = draw(st.sampled_from(["LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET"]))
        return f"{path} {negated}{word} {draw(_STRINGS)}"
    sign = draw(st.sampled_from(["=", "==", "!=", "<>", "<", "<=", ">", ">="]))
    return f"{path}{draw(_SPACE)}{negated}{sign}{draw(_SPACE)}{draw(_CONSTANTS)}"


def _joined(parts: st.SearchStrategy[str], words: list[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda left, word, right, closed: (
            f"({left} {word} {right})" if closed else f"{left} {word} {right}"
        ),
        parts,
        st.sampled_from(words),
        parts,
        st.booleans(),
    )


TESTS = st.recursive(
    comparisons(), lambda parts: _joined(parts, ["AND", "OR"]), max_leaves=4
)
_QUALIFIERS = st.sampled_from(
    [
        " WITHIN 5 SECONDS",
        " WITHIN .5 SECONDS",
        " REPEATS 2 TIMES",
        " START t'2016-06-01T01:30:00Z' STOP t'2016-06-01T02:20:00Z'",
    ]
)


def _qualified(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda part, qualifiers: f"({part})" + "".join(qualifiers),
        parts,
        st.lists(_QUALIFIERS, max_size=2),
    )


def _observed(test: str, qualifiers: list[str]) -> str:
    return f"[{test}]" + "".join(qualifiers)


PATTERNS = st.recursive(
    st.builds(_observed, TESTS, st.lists(_QUALIFIERS, max_size=2)),
    lambda parts: st.one_of(
        _joined(parts, ["AND", "OR", "FOLLOWEDBY"]), _qualified(parts)
    ),
    max_leaves=4,
)
