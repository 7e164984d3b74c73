"""The command against squid, c-icap and clamd of Debian."""

import hashlib
from collections.abc import Iterator

import pytest
from support.command import clearward
from support.fake_web import serving
from support.marks import EICAR
from support.real_squid import Chain, chain


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    folder = tmp_path_factory.mktemp("site")
    for each in (folder, *folder.parents[:3]):
        if each.stat().st_uid == folder.stat().st_uid:
            each.chmod(each.stat().st_mode | 0o011)
    folder.chmod(0o777)
    database = folder / "db"
    database.mkdir()
    digest = hashlib.md5(EICAR, usedforsecurity=False).hexdigest()
    (database / "test.hdb").write_text(f"{digest}:{len(EICAR)}:Eicar-Test\n")
    with chain(folder, database) as running:
        yield running


def test_a_site_that_blocks_is_seen_to_block(site: Chain) -> None:
    ran = clearward(
        "selftest",
        *("--squid", f"127.0.0.1:{site.squid}"),
        *("--icap", f"127.0.0.1:{site.icap}/avscan"),
        *("--clamd", f"unix:{site.clamd}"),
        "--json",
    )
    assert [row["outcome"] for row in ran.rows] == ["blocked"] * 3
    assert ran.summary["blocked"] == 3
    assert ran.status == 0


def test_an_upload_is_seen_to_be_blocked(site: Chain) -> None:
    with serving(lambda _: (201, b"")) as (port, came):
        ran = clearward(
            "selftest",
            *("--squid", f"127.0.0.1:{site.squid}"),
            *("--origin", f"http://127.0.0.1:{port}"),
            "--json",
        )
    assert ran.status == 0, ran.rows
    assert [EICAR in each.body for each in came] == [False]


def test_a_service_that_does_not_scan_is_loud(site: Chain) -> None:
    ran = clearward("selftest", "--icap", f"127.0.0.1:{site.icap}/echo")
    assert ran.status == 1
    assert b"NOT BLOCKED" in ran.out
