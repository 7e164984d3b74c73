"""Digests that cannot be any are found."""

import pytest
from stix2patterns.validator import validate

from clearward.intel.pattern.digests import wrong_digest
from clearward.intel.pattern.parsing import parse

MD5 = "0123456789abcdef" * 2


@pytest.mark.parametrize(
    ("test", "path"),
    [
        pytest.param(f"file:hashes.MD5 = '{MD5}'", None, id="right"),
        pytest.param("file:hashes.MD5 = 'x'", "file:hashes.MD5", id="too short"),
        pytest.param(
            f"file:hashes.'SHA-1' = '{MD5}'", "file:hashes.'SHA-1'", id="another"
        ),
        pytest.param(
            f"file:size = 1 OR (a:b = 1 AND file:hashes.MD5 IN ('{MD5}', 'x'))",
            "file:hashes.MD5",
            id="in a set",
        ),
        pytest.param("file:hashes.SSDEEP = '3:a:b'", None, id="no hexadecimal"),
        pytest.param("file:hashes.own = 'x'", None, id="not known"),
    ],
)
def test_a_digest_has_the_length_of_its_kind(test: str, path: str | None) -> None:
    assert wrong_digest(parse(f"([{test}]) WITHIN 5 SECONDS")) == path
    if " IN " not in test:
        assert validate(f"[{test}]") is (path is None)


def test_a_form_of_a_digest_is_no_digest() -> None:
    assert wrong_digest(parse("[file:hashes.MD5 LIKE 'a%']")) is None
