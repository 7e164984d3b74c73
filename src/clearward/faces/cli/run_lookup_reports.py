"""What `clearward lookup reports` does, and retrieving a report: an experiment.

Both sides run in this process and nothing is sent: what is shown is what it would cost.
"""

import json as json_text
import os
import sys
import time
from dataclasses import dataclass

from clearward.core.errors import Malformed, Refused
from clearward.reputation import retrieval
from clearward.reputation.reports import Database
from clearward.stores.reputation_reports import ReportFolder, files, gathered
from clearward.stores.reputation_writing import write


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A report, and what it took to get it.

    Attributes:
        report: None if there is none on this digest.
        once: bytes of index and hint, fetched once a release.
        query: bytes sent.
        answer: bytes received.
        all: bytes of all reports, for scale.
        client: seconds of the client.
        server: seconds of the server, which reads all reports.
    """

    report: bytes | None
    once: int
    query: int
    answer: int
    all: int
    client: float
    server: float


def build(folder: str, output: str, *, json: bool) -> None:
    """Lay reports out for retrieval and say how large all is.

    Raises:
        Refused: a report cannot be used, or the output is there.
        Unavailable: the output cannot be written.
    """
    if os.path.lexists(output):
        raise Refused(f"{output}: is there already")
    database = Database.of(gathered(folder))
    size = write(output, files(database))
    fields = {
        "reports": len(database.index.digests),
        "bytes": size,
        "hint_bytes": len(database.hint),
    }
    said = (
        f"{fields['reports']:,} reports, {size:,} bytes, "
        f"of which the hint {fields['hint_bytes']:,}"
    )
    line = json_text.dumps({"summary": fields}) if json else said
    sys.stdout.write(line + "\n")


def retrieve(reports: ReportFolder, digest: bytes) -> Retrieved:
    """Retrieve the report on a digest; if there is none, any other in its place.

    So that a query is made says nothing about whether there is a report.

    Raises:
        Refused: the answer is not what the index says.
    """
    index = reports.index
    number = index.place(digest)
    start = time.perf_counter()
    column = index.column(number or 0)
    asked = retrieval.query(column, index.columns, index.seed, os.urandom)
    sent = time.perf_counter()
    said = retrieval.answer(reports.matrix, index.columns, asked.message)
    came = time.perf_counter()
    try:
        found = retrieval.column(said, asked, reports.hint)
        report = None if number is None else index.report(number, found)
    except Malformed as error:
        raise Refused(f"the answer is not what the index says: {error}") from error
    return Retrieved(
        report,
        len(index.to_bytes()) + len(reports.hint),
        len(asked.message),
        len(said),
        len(reports.matrix),
        time.perf_counter() - came + sent - start,
        came - sent,
    )
