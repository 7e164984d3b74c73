"""Tests of clearward.faces.http.tokens."""

import hashlib
from pathlib import Path

import pytest

from clearward.core.errors import Refused
from clearward.faces.http.tokens import Scope, parse_tokens, read_tokens

TOKEN = "correct-horse"  # noqa: S105 - of these tests
DIGEST = hashlib.sha256(TOKEN.encode()).hexdigest()
OTHER = hashlib.sha256(b"other").hexdigest()


@pytest.mark.parametrize("header", ["Bearer ", "bearer  ", "Token ", ""])
def test_a_token_is_found_with_and_without_a_scheme(header: str) -> None:
    tokens = parse_tokens(f"cloud:scan,read:{DIGEST}\nb:scan:{OTHER}\n", "f")
    found = tokens.find(header + TOKEN)
    assert found is not None
    assert found.name == "cloud"
    assert found.scopes == {Scope.SCAN, Scope.READ}


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", DIGEST, "Basic x"])
def test_anything_else_is_no_token(header: str) -> None:
    assert parse_tokens(f"cloud:scan:{DIGEST}", "f").find(header) is None


def test_comments_and_empty_lines_are_left_out() -> None:
    tokens = parse_tokens(f"# a comment\n\n  cloud:scan:{DIGEST}  \n", "f")
    assert len(tokens.tokens) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing",
        "cloud",
        f"cloud:everything:{DIGEST}",
        f"cloud::{DIGEST}",
        f"cloud:scan,:{DIGEST}",
        f"cloud:scan:{DIGEST[:-1]}",
        f"cloud:scan:{TOKEN}",
        f"a b:scan:{DIGEST}",
        f"a:scan:{DIGEST}\na:scan:{OTHER}",
        f"a:scan:{DIGEST}\nb:scan:{DIGEST}",
    ],
)
def test_a_line_that_is_no_token_refuses_the_file(text: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_tokens(text, "tokens")
    assert str(caught.value).startswith("tokens:")
    assert "\n" not in str(caught.value)
    assert TOKEN not in str(caught.value)


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    file.write_text(f"cloud:scan:{DIGEST}\n")
    assert read_tokens(str(file)).find(TOKEN) is not None


def test_a_file_that_everybody_may_write_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    file.write_text(f"cloud:scan:{DIGEST}\n")
    file.chmod(0o666)
    with pytest.raises(Refused, match="everybody may write"):
        read_tokens(str(file))


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="No such file"):
        read_tokens(str(tmp_path / "missing"))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tokens").write_bytes(b"\xff\xfe")
    with pytest.raises(Refused, match="plain ASCII"):
        read_tokens(str(tmp_path / "tokens"))


def test_a_line_without_a_colon_is_a_token_itself() -> None:
    tokens = parse_tokens("# mine\nsecret-word_1.2~\n", "file")
    found = tokens.find("Bearer secret-word_1.2~")
    assert found is not None
    assert found.name == "line2"
    assert found.scopes == set(Scope) - {Scope.ADMIN}
    assert tokens.find("Bearer secret-word") is None
