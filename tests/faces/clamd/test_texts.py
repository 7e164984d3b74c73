"""What clamd says; clients compare these texts byte for byte."""

from datetime import UTC, datetime

from clearward.faces.clamd import texts

BUILT = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)


def test_the_version_is_always_the_long_one() -> None:
    said = texts.version(27811, BUILT)
    assert said == b"ClamAV 1.4.6/27811/Tue Nov  3 08:00:00 2026"


def test_all_commands_are_listed_in_the_order_of_clamd() -> None:
    listed = (
        b"SCAN QUIT RELOAD PING CONTSCAN VERSIONCOMMANDS VERSION END SHUTDOWN "
        b"MULTISCAN FILDES STATS IDSESSION INSTREAM DETSTATSCLEAR DETSTATS ALLMATCHSCAN"
    )
    version = texts.version(1, BUILT)
    assert texts.version_commands(version) == version + b"| COMMANDS: " + listed


def test_statistics_have_the_lines_that_clients_look_for() -> None:
    said = texts.statistics(
        jobs=4, busy=1, most=10, idle_timeout=30, waiting=2, used=1 << 20
    )
    assert said.decode().split("\n") == [
        "POOLS: 1",
        "",
        "STATE: VALID PRIMARY",
        "THREADS: live 4  idle 3 max 10 idle-timeout 30",
        "QUEUE: 2 items",
        "\tSTATS 0.000001 ",
        "",
        (
            "MEMSTATS: heap N/A mmap N/A used N/A free N/A releasable N/A pools 1 "
            "pools_used 1.000M pools_total 1.000M"
        ),
        "END",
    ]


def test_a_failure_of_a_path_has_the_words_that_clients_split_at() -> None:
    said = b"File path check failure: No such file or directory. ERROR"
    assert texts.path_failure(texts.NOT_THERE) == said
