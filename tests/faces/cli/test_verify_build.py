"""Behaviour of `clearward rules verify-build`."""

import shutil
from pathlib import Path

import pytest
from support.command import clearward

RULE = 'rule %s { strings: $a = "a mark that nobody has" condition: $a }\n'


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    where = ("--repo", folder / "repo", "--keys", folder / "keys")
    assert clearward("publish", "init", *where, "--origin", "log.example").status == 0
    for name in ("one", "two"):
        (folder / "a.yar").write_text(RULE % name)
        assert clearward("publish", "add", *where, folder / "a.yar").status == 0
    return folder / "repo"


@pytest.fixture
def repository(published: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published, tmp_path / "repo"))


def test_what_was_made_of_its_sources_is_made_again(repository: Path) -> None:
    ran = clearward("rules", "verify-build", repository, "--json")
    assert (ran.status, ran.summary["seq"], ran.summary["same"]) == (0, 2, True)
    ran = clearward("rules", "verify-build", repository, "--release", "1")
    assert ran.status == 0
    assert ran.out.startswith(b"release 1, ")
    assert ran.out.endswith(b": the same, byte for byte\n")


@pytest.mark.parametrize("name", ["rules.cwr", "rules.src.tar"])
def test_what_is_not_what_the_log_says_is_told(repository: Path, name: str) -> None:
    for path in (repository / "targets").glob(f"*.{name}"):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    ran = clearward("rules", "verify-build", repository, "--json")
    assert (ran.status, ran.summary["same"]) == (1, False)
    assert "is not what the log says" in ran.summary["why"]


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--release", "3"), b"its log has 2 releases"), (("--release", "0"), b"0")],
)
def test_a_release_that_is_not_there_is_one_line(
    repository: Path, words: tuple[str, ...], said: bytes
) -> None:
    ran = clearward("rules", "verify-build", repository, *words)
    assert (ran.status, ran.out) == (2, b"")
    assert said in ran.err


def test_a_folder_that_is_no_repository_is_one_line(tmp_path: Path) -> None:
    ran = clearward("rules", "verify-build", tmp_path)
    assert (ran.status, ran.out, ran.err.count(b"\n")) == (2, b"", 1)
