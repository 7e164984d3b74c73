"""The job of the jail that finds indicators, with real workers."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.pdf import document, stream

from clearward.core.limits import Limits
from clearward.core.reasons import NONE, Reason
from clearward.indicators.found import Found
from clearward.indicators.kinds import Kind
from clearward.jail import extraction, records
from clearward.jail.broker import OpenFile, open_file
from clearward.jail.extraction import Extraction, Extractor
from clearward.jail.wire import Hostile


@pytest.fixture(scope="module")
def extractor() -> Iterator[Extractor]:
    with Extractor(require="D") as made:
        yield made


def extracted(extractor: Extractor, path: Path, data: bytes) -> Extraction:
    path.write_bytes(data)
    file = open_file(os.fsencode(path), os.fsencode(path), None, None)
    assert isinstance(file, OpenFile)
    told = extractor.extract(file)
    assert file.close() == NONE
    return told


def test_text_in_every_alphabet_is_read(extractor: Extractor, tmp_path: Path) -> None:
    text = "b\u00fccher[.]example\n\u4f8b.example\nhxxp://a[.]example/\u00fc\n1.2.3.4"
    told = extracted(extractor, tmp_path / "a.txt", text.encode())
    assert told.found == [
        Found(1, Kind.DOMAIN, "xn--bcher-kva.example"),
        Found(2, Kind.DOMAIN, "xn--fsq.example"),
        Found(3, Kind.URL, "http://a.example/\u00fc"),
        Found(4, Kind.IPV4, "1.2.3.4"),
    ]
    assert (told.reasons, told.cut) == (NONE, False)


def test_a_document_gets_the_libraries_that_it_needs(
    extractor: Extractor, tmp_path: Path
) -> None:
    pdf = document(stream(4, b"BT (evil[.]com) Tj ET"))
    told = extracted(extractor, tmp_path / "a.pdf", pdf)
    assert [one.value for one in told.found] == ["evil.com"]


def test_a_worker_that_dies_costs_one_file(
    extractor: Extractor, tmp_path: Path
) -> None:
    worker = extractor._light._worker  # noqa: SLF001 - to end it
    assert worker is not None
    os.kill(worker.process, signal.SIGKILL)
    one = extracted(extractor, tmp_path / "a", b"evil.com")
    other = extracted(extractor, tmp_path / "b", b"evil.com")
    assert (one.found, one.reasons) == ([], Reason.WORKER_DIED)
    assert ([each.value for each in other.found], other.reasons) == (["evil.com"], NONE)


def test_many_indicators_come_out(extractor: Extractor, tmp_path: Path) -> None:
    text = "".join(f"a{number}[.]example\n" for number in range(30_000))
    told = extracted(extractor, tmp_path / "many", text.encode())
    assert len(told.found) == 30_000
    assert told.found[-1] == Found(30_000, Kind.DOMAIN, "a29999.example")


def heard(*messages: bytes) -> Extraction:
    told = Extraction()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        for message in messages:
            theirs.send(message)
        extraction._heard(ours, told, 0.1)  # noqa: SLF001 - without a worker
    return told


ONE = next(records.encode([Found(1, Kind.DOMAIN, "a.example")]))


def test_a_worker_that_repeats_itself_is_hostile() -> None:
    with pytest.raises(Hostile):
        heard(ONE, ONE)


def test_a_worker_that_says_too_much_is_hostile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(extraction, "MOST_FOUND", 0)
    with pytest.raises(Hostile):
        heard(ONE)


def test_a_worker_that_never_ends_is_out_of_time() -> None:
    with pytest.raises(TimeoutError):
        heard(ONE)


def test_the_limits_of_a_file_hold(tmp_path: Path) -> None:
    with Extractor(Limits(parts=1), require="D") as extractor:
        told = extracted(extractor, tmp_path / "a.txt", b"evil.com")
        assert (len(told.found), told.reasons) == (1, NONE)
