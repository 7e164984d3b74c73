"""Where rules come from is said once for each file, and nothing else is taken."""

from pathlib import Path

import pytest

from clearward.core.errors import Refused
from clearward.publishing.provenance import provenance

NAMES = ["a.yar", "lists/b.sha256", "lists/c.sha256"]


def said(folder: Path, text: str) -> dict[str, tuple[str, ...]]:
    (folder / "bundle.toml").write_text(text)
    found = provenance(str(folder), NAMES, "1/")
    return {str(one.said["name"]): one.files for one in found}


def test_each_file_has_one_source(tmp_path: Path) -> None:
    text = """
        [[source]]
        name = "one"
        files = ["lists/b*"]
        url = "https://example.org/"
        licence = "MIT"
        author = "A"
        date = 2026-11-01
        reviewers = ["B", "C"]
        [[source]]
        name = "rest"
    """
    assert said(tmp_path, text) == {
        "one": ("1/lists/b.sha256",),
        "rest": ("1/a.yar", "1/lists/c.sha256"),
    }
    (one, _) = provenance(str(tmp_path), NAMES, "")
    assert one.said == {
        "name": "one",
        "url": "https://example.org/",
        "licence": "MIT",
        "author": "A",
        "date": "2026-11-01",
        "reviewers": ["B", "C"],
    }


def test_without_the_file_nothing_is_said(tmp_path: Path) -> None:
    assert provenance(str(tmp_path), NAMES, "") == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("[[source]]", "without a name", id="no name"),
        pytest.param("[[source]]\nname = 1", "another kind", id="kind"),
        pytest.param("[[source]]\nname = 'a'\nlicense = 'b'", "license", id="field"),
        pytest.param("[[source]]\nname = 'a'\nfiles = ['z']", "has no file", id="file"),
        pytest.param("[[source]]\nname = 'a'\nfiles = []", "files", id="no files"),
        pytest.param(
            "[[source]]\nname = 'a'\n[[source]]\nname = 'b'", "b: has no", id="twice"
        ),
        pytest.param("[source]\nname = 'a'", "tables", id="no list"),
        pytest.param("other = 1", "tables", id="other"),
        pytest.param("[[", "bundle.toml", id="no TOML"),
        pytest.param("source = [1]", "without a name", id="no table"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        said(tmp_path, text)
