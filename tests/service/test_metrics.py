"""Tests of the figures, read back as Prometheus would."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from clearward.core.verdict import Outcome
from clearward.service.in_force import Counts, InForce
from clearward.service.metrics import BUCKETS, CONTENT_TYPE, Metrics

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


RULES = InForce(5849, "ab" * 32, NOW - timedelta(minutes=1), NOW - timedelta(days=1))


@dataclass
class FakeDesk:
    counts: Counts = field(
        default_factory=lambda: Counts(waiting=3, busy=2, jobs=4, deaths=1)
    )
    in_force: InForce = RULES
    reloading: bool = False


def figures(metrics: Metrics) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels."""
    text = metrics.render().decode("ascii")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def made() -> Metrics:
    return Metrics(FakeDesk(), lambda: NOW)


def test_answers_are_counted_by_face_and_outcome() -> None:
    metrics = made()
    metrics.answered("clamd", Outcome.CLEAN, 0.003, 100)
    metrics.answered("clamd", Outcome.FOUND, 0.3, 68)
    metrics.answered("icap", Outcome.UNSCANNED, 500.0, 7)
    metrics.refused("icap")
    read = figures(metrics)
    assert read["clearward_objects_total", "clamd", "clean"] == 1
    assert read["clearward_objects_total", "clamd", "found"] == 1
    assert read["clearward_objects_total", "clamd", "unscanned"] == 0
    assert read["clearward_objects_total", "icap", "unscanned"] == 1
    assert read["clearward_refused_total", "icap"] == 1
    assert read["clearward_object_bytes_total", "clamd"] == 168


def test_seconds_fall_into_buckets_that_hold_all_below() -> None:
    metrics = made()
    for seconds in (0.0005, 0.001, 0.3, 500.0):
        metrics.answered("http", Outcome.CLEAN, seconds, 1)
    read = figures(metrics)
    name = "clearward_answer_seconds"
    assert read[f"{name}_bucket", "http", "0.001"] == 2
    assert read[f"{name}_bucket", "http", "0.5"] == 3
    assert read[f"{name}_bucket", "http", "120.0"] == 3
    assert read[f"{name}_bucket", "http", "+Inf"] == 4
    assert read[f"{name}_count", "http"] == 4
    assert read[f"{name}_sum", "http"] == 500.3015


@given(st.lists(st.floats(min_value=0, max_value=1e4)))
def test_buckets_never_fall(times: list[float]) -> None:
    metrics = made()
    for seconds in times:
        metrics.answered("clamd", Outcome.CLEAN, seconds, 0)
    read = figures(metrics)
    ends = [str(float(end)) for end in BUCKETS] if times else []
    rows = [read["clearward_answer_seconds_bucket", "clamd", end] for end in ends]
    assert rows == [sum(one <= end for one in times) for end in BUCKETS[: len(rows)]]


def test_open_connections_go_up_and_down() -> None:
    metrics = made()
    for _ in range(3):
        metrics.opened("clamd")
    metrics.closed("clamd")
    assert figures(metrics)["clearward_connections", "clamd"] == 2


def test_the_desk_is_read_when_somebody_asks() -> None:
    desk = FakeDesk()
    metrics = Metrics(desk, lambda: NOW)
    read = figures(metrics)
    assert read["clearward_queue_length",] == 3
    assert read["clearward_workers_busy",] == 2
    assert read["clearward_workers_most",] == 4
    assert read["clearward_worker_deaths_total",] == 1
    assert read["clearward_rules",] == 5849
    assert read["clearward_rules_age_seconds",] == 86400
    assert read["clearward_reloading",] == 0
    assert read["clearward_rules_info", "ab" * 32, str(RULES.number)] == 1
    desk.counts.waiting = 99
    desk.reloading = True
    read = figures(metrics)
    assert read["clearward_queue_length",] == 99
    assert read["clearward_reloading",] == 1


def test_memory_and_descriptors_of_the_process_are_there() -> None:
    read = figures(made())
    assert read["process_resident_memory_bytes",] > 1e6
    assert read["process_open_fds",] > 2


def test_two_servers_in_one_process_do_not_share_figures() -> None:
    first, second = made(), made()
    first.refused("clamd")
    assert ("clearward_refused_total", "clamd") not in figures(second)
    assert CONTENT_TYPE.startswith("text/plain")
