r"""Tests of clearward.faces.http.protocol."""

import json
import tracemalloc
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Malformed
from clearward.faces.http.protocol import MOST_DEPTH, MOST_REST, Asked, ScanRequest

Read = tuple[bytes, Asked]


def read(*pieces: bytes) -> Read:
    request = ScanRequest()
    given = b"".join([part for piece in pieces for part in request.receive(piece)])
    return given, request.finish()


def split(text: bytes, cuts: list[int]) -> list[bytes]:
    ends = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    return [text[a:b] for a, b in pairwise(ends)]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["object", "a", '"']), inner, max_size=3)
    ),
    max_leaves=6,
)
others = st.dictionaries(st.sampled_from(["a", "b", 'c"', "objects"]), values)
cuts = st.lists(st.integers(0, 200), max_size=8)


@given(st.text(), others, st.sampled_from([None, 1]), cuts)
def test_the_object_is_what_the_standard_reader_says_however_it_is_split(
    object: str, members: dict[str, Any], indent: int | None, at: list[int]
) -> None:
    items = [*members.items(), ("object", object), ("name", "n")]
    text = json.dumps(dict(items), indent=indent, ensure_ascii=indent is None).encode(
        "utf-8", "surrogatepass"
    )
    found, asked = read(*split(text, at))
    said = found.decode("utf-8", "surrogatepass")
    whole = said.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    assert whole == object
    assert asked == Asked(None, "n")


def outcome(pieces: list[bytes]) -> Read | None:
    try:
        return read(*pieces)
    except Malformed:
        return None


json_like = st.lists(
    st.sampled_from([*rb'{}[]:,"\/u0041 ', b'"object"', b'{"object":"', b"\\u00"])
).map(lambda parts: b"".join(p if isinstance(p, bytes) else bytes((p,)) for p in parts))


@given(st.binary(max_size=60) | json_like, cuts)
def test_arbitrary_bytes_are_read_alike_however_split_or_refused(
    text: bytes, at: list[int]
) -> None:
    whole = outcome([text])
    assert outcome(split(text, at)) == whole
    if whole is not None:
        assert json.loads(text)["object"] is not None


@pytest.mark.parametrize(
    ("timeout", "seconds"),
    [
        ('"60000"', 60.0),
        ("60000", 60.0),
        ("1500.5", 1.5005),
        ('" 250 "', 0.25),
        ("0", None),
        ("null", None),
        ("1e300", 86_400.0),
    ],
)
def test_the_timeout_is_a_number_or_a_string(
    timeout: str, seconds: float | None
) -> None:
    _, asked = read(f'{{"object":"","timeout":{timeout}}}'.encode())
    assert asked.seconds == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "7",
        "{}",
        '"object"',
        '{"object":5}',
        '{"object":["YQ=="]}',
        '{"object":{"object":"YQ=="}}',
        '[{"object":"YQ=="}]',
        '{"object":"YQ=="',
        '{"object":"YQ==}',
        '{"object":"YQ=="}}',
        '{"object":"YQ==",}',
        '{"object" "YQ=="}',
        '{"object":"a" "b"}',
        '{"object":"YQ=="} x',
        '{"object":"YQ==","object":"YQ=="}',
        '{"object":1,"object":"YQ=="}',
        '{"object":"YQ==","timeout":"soon"}',
        '{"object":"YQ==","timeout":-1}',
        '{"object":"YQ==","timeout":true}',
        '{"object":"YQ==","timeout":NaN}',
        '{"object":"YQ==","timeout":1e999}',
        '{"object":"YQ==","name":7}',
        '{"object":"YQ==","a":NaN}',
        '{"object":"YQ\\x"}',
        '{"object":"YQ\\u12"}',
        '{"object":"YQ==","a":' + "[" * MOST_DEPTH + "]" * MOST_DEPTH + "}",
    ],
)
def test_what_is_no_scan_request_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        read(text.encode())


def test_nesting_up_to_the_bound_is_read() -> None:
    deep = "[" * (MOST_DEPTH - 1) + "]" * (MOST_DEPTH - 1)
    assert read(f'{{"a":{deep},"object":"x"}}'.encode())[0] == b"x"


@pytest.mark.parametrize("key", ['"\\u006fbject"', '"object"', '"obj\\u0065ct"'])
def test_the_key_may_be_written_in_any_way(key: str) -> None:
    assert read(f'{{{key}: "YQ=="}}'.encode())[0] == b"YQ=="


def test_what_stands_beside_the_object_is_bounded() -> None:
    request = ScanRequest()
    with pytest.raises(Malformed):
        list(request.receive(b'{"a":"' + bytes(MOST_REST)))


def test_of_a_large_object_only_a_piece_is_held_at_a_time() -> None:
    request = ScanRequest()
    list(request.receive(b'{"object":"'))
    piece = b"A" * 65536
    tracemalloc.start()
    try:
        for _ in range(100):
            assert sum(len(part) for part in request.receive(piece)) == len(piece)
        assert tracemalloc.get_traced_memory()[1] < 4 * len(piece)
    finally:
        tracemalloc.stop()
    list(request.receive(b'"}'))
    assert request.finish() == Asked(None, "")
