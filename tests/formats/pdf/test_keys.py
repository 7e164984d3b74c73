"""Behaviour of the search for what a PDF is encrypted with."""

import pytest

from clearward.formats.pdf import keys as searched
from clearward.formats.pdf import objects
from clearward.formats.pdf.keys import MOST_THERE, keys
from clearward.formats.pdf.sweep import Sweep

OPEN = b"%PDF-1.4\n"


def test_a_document_that_says_nothing_of_it_is_open() -> None:
    found = keys(Sweep(OPEN + b"1 0 obj << /ID [(a)] >> endobj"))
    assert not found.closed
    assert not found.locks


def test_references_to_what_is_not_there_are_no_lock() -> None:
    assert not keys(Sweep(OPEN + b"<< /Encrypt 9 0 R >>" * 2 * MOST_THERE)).closed


def test_a_lock_that_is_not_known_closes() -> None:
    assert keys(Sweep(OPEN + b"<< /Encrypt << /Filter /Other >> >>")).closed


def test_no_more_are_read_than_a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each begins a dictionary that goes on over all the others."""
    calls = []

    def read(*given: object) -> objects.Value:
        calls.append(given)
        return None

    monkeypatch.setattr(searched, "read", read)
    assert keys(Sweep(OPEN + b"obj/Encrypt <<" * 3000)).closed
    assert len(calls) <= MOST_THERE + 1
