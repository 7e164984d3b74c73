"""A stream on its way in."""

import os
from pathlib import Path

import pytest

from clearward.core.reasons import Reason
from clearward.faces.clamd.commands import INSTREAM
from clearward.faces.clamd.incoming import Incoming
from clearward.faces.clamd.protocol import Order
from clearward.faces.clamd.settings import ClamdSettings
from clearward.jail.broker import OpenFile, Unopened
from clearward.service.body import NoRoom, Storage

ORDER = Order(INSTREAM, b"", b"\0")


def test_a_stream_becomes_a_file_for_the_jail(tmp_path: Path) -> None:
    one = Incoming(ORDER, Storage(str(tmp_path)), ClamdSettings(file_size=6))
    one.body.write(b"abc")
    one.body.write(b"def")
    entry = one.entry()
    assert isinstance(entry, OpenFile)
    assert entry.path == b"stream"
    assert os.pread(entry.descriptor, 9, 0) == b"abcdef"
    entry.close()
    one.body.close()


def test_one_that_is_too_large_to_be_looked_at_is_not_opened(tmp_path: Path) -> None:
    one = Incoming(ORDER, Storage(str(tmp_path)), ClamdSettings(file_size=2))
    one.body.write(b"abc")
    assert one.entry() == Unopened(b"stream", Reason.SIZE_LIMIT, 3)
    one.body.close()


def test_without_room_there_is_no_file(tmp_path: Path) -> None:
    storage = Storage(str(tmp_path / "missing"), room=0)
    with pytest.raises(NoRoom):
        Incoming(ORDER, storage, ClamdSettings()).entry()
