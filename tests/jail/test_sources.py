"""Behaviour of the search for rule sources."""

import os
from pathlib import Path

import pytest
from support.forked import as_ordinary_user

from clearward.core.errors import Refused
from clearward.jail.sources import ARCHIVES, KINDS, YARA, Gathered, gather, kind_of

pytestmark = pytest.mark.usefixtures("nothing_stays_open")

# Source: the contract, rule kinds by file name.
CONTRACT = (
    *(".yar", ".yara", ".hdb", ".hdu", ".hsb", ".hsu", ".mdb", ".mdu", ".msb", ".msu"),
    *(".imp", ".ndb", ".ndu", ".ldb", ".ldu", ".idb", ".cdb", ".fp", ".sfp", ".ign"),
    *(".ign2", ".ftm", ".pdb", ".wdb", ".cvd", ".cld", ".cud", ".md5", ".sha1"),
    *(".sha256", ".cwr", ".cbc", ".crb"),
)


def described(found: Gathered) -> list[tuple[str, str, bool, bytes]]:
    """Name, kind, whether it was named, and content of each source; closes them."""
    seen = [
        (
            os.path.basename(file.label),
            file.kind,
            file.named,
            os.pread(file.descriptor, 100, 0),
        )
        for file in found.files
    ]
    assert all(
        file.size == len(one[3]) for file, one in zip(found.files, seen, strict=True)
    )
    found.close()
    return seen


def plant(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


def test_every_kind_of_the_contract_is_known() -> None:
    assert set(KINDS) == set(CONTRACT)


@pytest.mark.parametrize(("ending", "kind"), sorted((KINDS | ARCHIVES).items()))
def test_the_kind_is_told_by_the_name(ending: str, kind: str, tmp_path: Path) -> None:
    name = "rules" + ending.upper()
    plant(tmp_path, name)
    found = gather([str(tmp_path / name)], "local")
    assert [file.origin for file in found.files] == ["local"]
    assert described(found) == [(name, kind, True, name.encode())]


@pytest.mark.parametrize(
    "name",
    [
        *("rules", "rules.txt", ".yar", "yar", "x.yar.gz", "x.zip", "x.tar.gz"),
        *(
            "x.tgz",
            "x.yar.zip.asc",
            ".yar.zip",
            ".yara.tar.gz",
            "x.yar.tar",
            "xyar.zip",
        ),
    ],
)
def test_an_unknown_kind_is_refused_with_those_that_are_known(
    name: str, tmp_path: Path
) -> None:
    plant(tmp_path, name)
    with pytest.raises(Refused, match="not a kind of rules that is known") as caught:
        gather([str(tmp_path / name)], "local")
    assert ".yar" in str(caught.value)


def test_archives_of_yara_rules_are_told_by_two_endings() -> None:
    # Source: the names under which YARA Forge and GitHub publish them, with the kind
    # of rules in front.
    assert set(ARCHIVES) == {
        *(".yar.zip", ".yar.tar.gz", ".yar.tgz"),
        *(".yara.zip", ".yara.tar.gz", ".yara.tgz"),
    }
    assert kind_of("some.yar/rules.v1.YAR.Tar.GZ") == "yara-tar"
    assert kind_of("rules.yara.zip") == "yara-zip"
    assert {"yara", "yara-tar", "yara-zip"} == YARA


def test_a_folder_gives_its_sources_in_one_order_and_counts_the_rest(
    tmp_path: Path,
) -> None:
    plant(
        tmp_path, "b/2.yar", "b/1.md5", "a.yara", "c.txt", "b/README", "d.cwr", "e.TXT"
    )
    found = gather([str(tmp_path)], "bundle")
    assert found.skipped == {".txt": 2, "no ending": 1}
    assert described(found) == [
        ("a.yara", "yara", False, b"a.yara"),
        ("d.cwr", "cwr", False, b"d.cwr"),
        ("1.md5", "md5", False, b"b/1.md5"),
        ("2.yar", "yara", False, b"b/2.yar"),
    ]


def test_sources_stay_in_the_order_in_which_they_were_named(tmp_path: Path) -> None:
    plant(tmp_path, "z.yar", "folder/m.yar", "a.yar")
    paths = [str(tmp_path / name) for name in ("z.yar", "folder", "a.yar")]
    found = gather(paths, "local")
    assert [one[0] for one in described(found)] == ["z.yar", "m.yar", "a.yar"]


def test_a_link_to_a_source_is_followed(tmp_path: Path) -> None:
    plant(tmp_path, "a.yar")
    (tmp_path / "b.yar").symlink_to("a.yar")
    assert len(described(gather([str(tmp_path)], "local"))) == 2


def test_what_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read: No such file"):
        gather([str(tmp_path / "gone.yar")], "local")


def test_what_was_opened_before_a_refusal_is_closed(tmp_path: Path) -> None:
    plant(tmp_path, "a.yar")
    paths = [str(tmp_path / "a.yar"), str(tmp_path / "gone.yar")]
    with pytest.raises(Refused):
        gather(paths, "local")


def test_a_fifo_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.yar")
    with pytest.raises(Refused, match="not a regular file"):
        gather([str(tmp_path / "a.yar")], "local")


def test_a_folder_that_cannot_be_read_is_refused_not_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, "rules/closed/a.yar")
    tmp_path.chmod(0o755)
    (tmp_path / "rules/closed").chmod(0)
    monkeypatch.chdir(tmp_path)

    def refused() -> str:
        with pytest.raises(Refused) as caught:
            gather(["rules"], "local")
        return str(caught.value)

    said = as_ordinary_user(refused)
    (tmp_path / "rules/closed").chmod(0o755)
    assert said == "rules/closed: cannot be read: Permission denied"


def test_closing_twice_is_no_error(tmp_path: Path) -> None:
    plant(tmp_path, "a.yar")
    found = gather([str(tmp_path)], "local")
    found.close()
    found.close()
