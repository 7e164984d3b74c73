"""Behaviour of claims."""

import pytest

from clearward.formats.zip.claim import AES, DEFLATED, ENCRYPTED, STRONG, Claim


@pytest.mark.parametrize(
    ("method", "flags", "locked"),
    [
        (DEFLATED, 0, False),
        (DEFLATED, ENCRYPTED, True),
        (0, STRONG, True),
        (AES, 0, True),
    ],
)
def test_a_claim_says_whether_a_password_is_needed(
    method: int, flags: int, *, locked: bool
) -> None:
    assert Claim(method, flags, (), 1, 1).locked is locked


def test_a_claim_without_sizes_names_no_content() -> None:
    assert Claim(0, 0, (), None, None).nothing
    assert Claim(0, 0, (), 0, 0).nothing
    assert not Claim(0, 0, (), 0, 1).nothing
