"""Tests of clearward.faces.http.answers."""

import json

import pytest

from clearward.core.errors import Malformed, Unavailable
from clearward.faces.http.answers import Gone, Rejected, as_rejected
from clearward.service.body import NoRoom, TooLarge
from clearward.service.desk import Busy


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Malformed("json", 3, "x"), 400, "malformed"),
        (Gone("left"), 400, "gone"),
        (TooLarge("x"), 413, "too-large"),
        (Busy("x"), 503, "busy"),
        (NoRoom("x"), 503, "no-room"),
        (Unavailable("x"), 503, "unavailable"),
        (Rejected(418, "teapot", "x"), 418, "teapot"),
        (ZeroDivisionError("secret"), 500, "internal"),
    ],
)
def test_every_error_has_one_shape(error: Exception, status: int, code: str) -> None:
    answer = as_rejected(error).response()
    said = json.loads(bytes(answer.body))
    assert (answer.status_code, said["error"]) == (status, code)
    assert set(said) == {"error", "detail"}
    assert "secret" not in said["detail"]


@pytest.mark.parametrize("error", [Busy("x"), NoRoom("x"), Unavailable("x")])
def test_what_may_pass_says_when_to_come_back(error: Exception) -> None:
    assert int(as_rejected(error).headers["Retry-After"]) > 0
