"""The server's figures, as Prometheus reads them.

What happens often only adds to plain numbers here; names, labels and text are made when
somebody asks (`render`). Labels are of fixed vocabularies: faces and outcomes. What a
client sends is never a label, so no client can make the table grow.

Source: Prometheus' text exposition format 0.0.4; naming as its documentation asks for:
base units, ``_total`` for what only grows.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector
from typing_extensions import override

from clearward.core.errors import Unavailable
from clearward.core.verdict import Outcome
from clearward.service.in_force import Counts, InForce

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

# Upper ends in seconds. A small object takes a millisecond, the time limit is 120.
BUCKETS = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
    *(1.0, 2.0, 5.0, 10.0, 30.0, 120.0),
)


class Desk(Protocol):
    """Where figures are read when they are asked for."""

    reloading: bool

    @property
    def counts(self) -> Counts:
        """Now."""

    @property
    def in_force(self) -> InForce:
        """Now."""


@dataclass(slots=True)
class _Face:
    """What one face did.

    Attributes:
        answers: by outcome.
        refused: requests that ended without an outcome: refused, broken or given up.
        bytes: of the objects that got an answer.
        slower: answers by the first of `BUCKETS` that they fit in; the last is for
            those that fit in none.
        seconds: all answers together.
        connections: that are open.
    """

    answers: dict[Outcome, int] = field(
        default_factory=lambda: dict.fromkeys(Outcome, 0)
    )
    refused: int = 0
    bytes: int = 0
    slower: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    seconds: float = 0.0
    connections: int = 0


class Metrics(Collector):
    """Counts what the faces do, and shows it together with what the desk knows.

    Args:
        desk: asked for its figures in `render` alone.
        now: the time, with its zone.
    """

    def __init__(
        self, desk: Desk, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._desk = desk
        self._now = now
        self._faces: defaultdict[str, _Face] = defaultdict(_Face)
        self._registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=self._registry)
        self._registry.register(self)

    def opened(self, face: str) -> None:
        """Count a connection that was accepted; `face` is a word of ours."""
        self._faces[face].connections += 1

    def closed(self, face: str) -> None:
        """Count it as gone."""
        self._faces[face].connections -= 1

    def answered(self, face: str, outcome: Outcome, seconds: float, size: int) -> None:
        """Count an object that got its answer.

        Args:
            face: a word of ours.
            outcome: what was said.
            seconds: from the last byte of the request to the answer.
            size: of the object, in bytes.
        """
        one = self._faces[face]
        one.answers[outcome] += 1
        one.bytes += size
        one.slower[bisect_left(BUCKETS, seconds)] += 1
        one.seconds += seconds

    def refused(self, face: str) -> None:
        """Count a request that ended without an outcome."""
        self._faces[face].refused += 1

    def render(self) -> bytes:
        """Return the page for `/metrics`, of type `CONTENT_TYPE`."""
        return generate_latest(self._registry)

    @override
    def collect(self) -> Iterator[Metric]:
        """Yield every figure; the registry calls this."""
        yield from self._of_faces()
        yield from self._of_workers(self._desk.counts)
        yield _gauge("reloading", "1 while rules are loaded.", self._desk.reloading)
        with suppress(Unavailable):  # there are none while the jail is started again
            yield from self._of_rules(self._desk.in_force)

    def _of_faces(self) -> Iterator[Metric]:
        objects = CounterMetricFamily(
            "clearward_objects", "Objects answered.", labels=("face", "outcome")
        )
        refused = CounterMetricFamily(
            "clearward_refused", "Requests without an outcome.", labels=("face",)
        )
        size = CounterMetricFamily(
            "clearward_object_bytes", "Bytes of objects answered.", labels=("face",)
        )
        seconds = HistogramMetricFamily(
            "clearward_answer_seconds",
            "From the end of a request to its answer.",
            labels=("face",),
        )
        connections = GaugeMetricFamily(
            "clearward_connections", "Connections that are open.", labels=("face",)
        )
        for name, face in sorted(self._faces.items()):
            for outcome, count in face.answers.items():
                objects.add_metric((name, outcome.value), count)
            refused.add_metric((name,), face.refused)
            size.add_metric((name,), face.bytes)
            seconds.add_metric((name,), _rising(face.slower), face.seconds)
            connections.add_metric((name,), face.connections)
        yield from (objects, refused, size, seconds, connections)

    def _of_workers(self, counts: Counts) -> Iterator[Metric]:
        yield _gauge("queue_length", "Objects that no worker has.", counts.waiting)
        yield _gauge("workers_busy", "Workers that have an object.", counts.busy)
        yield _gauge("workers_most", "Workers there can be.", counts.jobs)
        yield _gauge("exclusions", "Exclusions in force.", counts.exclusions)
        yield _gauge(
            "exclusions_damaged",
            "1 if what is kept of them is damaged: then nothing is excluded.",
            bool(counts.damage),
        )
        yield CounterMetricFamily(
            "clearward_excluded",
            "Objects of which a match was left out.",
            value=counts.excluded,
        )
        yield CounterMetricFamily(
            "clearward_worker_deaths",
            "Workers that ended over an object.",
            value=counts.deaths,
        )

    def _of_rules(self, rules: InForce) -> Iterator[Metric]:
        age = (self._now() - rules.built).total_seconds()
        yield _gauge("rules", "Rules and digests in force.", rules.count)
        yield _gauge("rules_age_seconds", "Since the rules were made.", age)
        yield _gauge(
            "rules_loaded_timestamp_seconds",
            "When the rules came into force.",
            rules.loaded.timestamp(),
        )
        yield InfoMetricFamily(
            "clearward_rules",
            "Which rules are in force.",
            value={"digest": rules.digest, "number": str(rules.number)},
        )


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"clearward_{name}", what, value=value)


def _rising(counts: list[int]) -> list[tuple[str, float]]:
    """Return buckets as Prometheus wants them: each with all that are below it."""
    rows = []
    below = 0
    for end, count in zip((*map(str, BUCKETS), "+Inf"), counts, strict=True):
        below += count
        rows.append((end, float(below)))
    return rows
