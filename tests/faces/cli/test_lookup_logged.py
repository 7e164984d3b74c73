"""A set is made of the lists that a log has, by anybody, to the same bytes."""

import shutil
from pathlib import Path

import pytest
from support.command import Ran, clearward
from support.digests import digest, written
from support.repositories import Repositories


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two lists, published, and the repository `repo`."""
    folder = tmp_path_factory.mktemp("published")
    (lists := folder / "lists").mkdir()
    (lists / "bad.sha256").write_bytes(written(*range(40)))
    (lists / "worse.sha256").write_bytes(written(7, 90))
    where = ("--repo", folder / "repo", "--keys", folder / "keys")
    assert clearward("publish", "init", *where, "--origin", "log.example").status == 0
    assert clearward("publish", "add", *where, lists).status == 0
    return folder


def run(*words: str | Path) -> Ran:
    return clearward("lookup", *words)


def test_the_set_of_a_release_is_that_of_its_lists(
    published: Path, tmp_path: Path
) -> None:
    repo, lists = published / "repo", sorted((published / "lists").iterdir())
    made = run("build", "--repo", repo, "-o", tmp_path / "logged", "--json")
    assert (made.status, made.summary["records"], made.summary["seq"]) == (0, 42, 1)
    plain = run("build", *lists, "-o", tmp_path / "plain", "--json")
    assert plain.summary["set"] == made.summary["set"]
    ran = run("verify", tmp_path / "plain", "--repo", repo, "--json")
    assert (ran.status, ran.summary["different"], ran.summary["seq"]) == (0, 0, 1)
    source = ran.summary["source_sha256"]
    assert (repo / "targets" / f"{source}.rules.src.tar").exists()


def test_a_digest_that_no_log_has_is_seen(published: Path, tmp_path: Path) -> None:
    lists = sorted((published / "lists").iterdir())
    (tmp_path / "bad.sha256").write_bytes(
        lists[0].read_bytes() + digest(99).hex().encode()
    )
    words = (tmp_path / "bad.sha256", lists[1], "-o", tmp_path / "set")
    assert run("build", *words).status == 0
    ran = run("verify", tmp_path / "set", "--repo", published / "repo", "--json")
    assert ran.status == 1
    assert ran.summary["different"] > 0


def test_sources_that_are_not_those_of_the_log_are_refused(
    published: Path, tmp_path: Path
) -> None:
    repo = Path(shutil.copytree(published / "repo", tmp_path / "repo"))
    (source,) = repo.glob("targets/*.rules.src.tar")
    source.write_bytes(source.read_bytes().replace(b"0", b"1", 1))
    ran = run("build", "--repo", repo, "-o", tmp_path / "set")
    assert (ran.status, ran.out) == (2, b"")
    assert b"is not what the log says" in ran.err
    assert not (tmp_path / "set").exists()


def test_a_release_without_a_list_is_one_line(tmp_path: Path) -> None:
    made = Repositories(tmp_path / "one")
    made.add("One")
    ran = run("build", "--repo", made.folder, "-o", tmp_path / "set")
    assert (ran.status, ran.out, ran.err.count(b"\n")) == (2, b"", 1)
    assert b"has no list of SHA-256" in ran.err


@pytest.mark.parametrize("words", [(), ("a", "--repo", "b")], ids=["none", "both"])
def test_lists_come_from_one_place(words: tuple[str, ...], tmp_path: Path) -> None:
    ran = run("build", *words, "-o", tmp_path / "set")
    assert (ran.status, ran.out) == (2, b"")
    assert b"--repo" in ran.err
