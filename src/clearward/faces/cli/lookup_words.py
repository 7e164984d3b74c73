"""What is known of digests, in words and as JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from clearward.faces.cli.lookup_subjects import Subject
from clearward.faces.cli.run_lookup_reports import Retrieved
from clearward.faces.text import escaped, shown, utf8
from clearward.reputation.lookup import Answer, State
from clearward.reputation.revealed import Revealed

UNREAD = "unread"


def row(subject: Subject, answer: Answer | None) -> dict[str, Any]:
    """What is said of one subject, as JSON; `answer` is None if it was not read."""
    said: dict[str, Any] = {
        "digest": subject.digest.hex() or None,
        "state": answer.state.value if answer else UNREAD,
        "known_as": [
            {"name": one.name, "source": one.source}
            for one in (answer.labels if answer else ())
        ],
    }
    if subject.path is not None:
        said["file"] = utf8(subject.path)[0]
    if subject.error:
        said["error"] = subject.error
    return said


def cells(subject: Subject, answer: Answer) -> list[tuple[str, str, str]]:
    """The same for people: digest or file, known as, source; a line a label."""
    what = subject.digest.hex() if subject.path is None else shown(subject.path)
    if answer.state is not State.KNOWN:
        return [(what, answer.state.value, "-")]
    return [
        (what, escaped(one.name) or "-", escaped(one.source)) for one in answer.labels
    ]


def revealed(one: Revealed, *, used: bool) -> dict[str, Any]:
    """What a way of looking up reveals, as JSON."""
    return {
        "way": one.way,
        "used": used,
        "seen": one.what,
        "by": one.who,
        "file_bits": round(one.file_bits, 2),
        "any_bits": round(one.any_bits, 2),
    }


def retrieved(digest: bytes, one: Retrieved) -> dict[str, Any]:
    """A report that was retrieved and what that took, as JSON."""
    return {
        "digest": digest.hex(),
        "report": None if one.report is None else utf8(one.report)[0],
        "once_bytes": one.once,
        "query_bytes": one.query,
        "answer_bytes": one.answer,
        "all_bytes": one.all,
        "client_seconds": round(one.client, 4),
        "server_seconds": round(one.server, 4),
    }


def costs(digest: bytes, one: Retrieved) -> Iterator[str]:
    """The same for people, a line each."""
    yield f"report on {digest.hex()}:"
    text = (
        "there is none" if one.report is None else one.report.decode(errors="replace")
    )
    yield from (f"  {escaped(line)}" for line in text.splitlines())
    yield "experiment: both sides ran here and nothing was sent; it would cost"
    yield f"  once a release    {one.once:,} bytes"
    yield f"  query             {one.query:,} bytes, {one.client:.3f} s here"
    yield f"  answer            {one.answer:,} bytes, {one.server:.3f} s of the server"
    yield f"  all reports       {one.all:,} bytes, for scale"


def summary(answers: Sequence[Answer | None], set_id: bytes) -> dict[str, Any]:
    """What it adds up to, as JSON."""
    states = [answer.state.value if answer else UNREAD for answer in answers]
    counts = {state: states.count(state) for state in (*State, UNREAD)}
    return {"looked_up": len(answers), **counts, "set": set_id.hex()}


def closing(counts: dict[str, Any]) -> str:
    """The same for people."""
    always = {State.KNOWN, State.UNKNOWN}
    told = [one for one in (*State, UNREAD) if one in always or counts[one]]
    said = [f"{counts[one]:,} {one}" for one in told]
    return f"{counts['looked_up']:,} looked up: {', '.join(said)}"
