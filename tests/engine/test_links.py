"""Behaviour of phishing lists in a scan: which parts are asked."""

import base64

import pytest
from support.scans import Scan

PAGE = b'<html><a href="http://evil.com">key.com</a></html>\n'
FRONT = b"From: a@b.c\nTo: d@e.f\nMIME-Version: 1.0\n"
SPOOFED = "Heuristics.Phishing.Email.SpoofedDomain"


@pytest.fixture(scope="module")
def scan() -> Scan:
    return Scan(pdb="H:key.com\n")


def mail(body: bytes, *fields: bytes) -> bytes:
    return FRONT + b"".join(field + b"\n" for field in fields) + b"\n" + body


@pytest.mark.parametrize(
    "message",
    [
        mail(PAGE, b"Content-Type: text/html"),
        mail(
            base64.encodebytes(PAGE),
            b"Content-Type: text/html\nContent-Transfer-Encoding: base64",
        ),
        mail(
            b"--b\nContent-Type: text/html\n\n" + PAGE + b"--b--\n",
            b"Content-Type: multipart/alternative; boundary=b",
        ),
        mail(
            base64.encodebytes(PAGE.decode().encode("utf-16")),
            b"Content-Type: text/html\nContent-Transfer-Encoding: base64",
        ),
    ],
)
def test_pages_in_mails_are_asked(scan: Scan, message: bytes) -> None:
    assert scan.names(message) == [SPOOFED]


def test_pages_elsewhere_are_not(scan: Scan) -> None:
    assert scan.names(PAGE) == []


def test_nothing_is_found_without_a_list_of_what_is_protected() -> None:
    assert (
        Scan(wdb="M:a.com:b.com\n").names(mail(PAGE, b"Content-Type: text/html")) == []
    )


def test_all_lists_together_are_asked() -> None:
    scan = Scan(wdb="M:evil.com:key.com\n", pdb="H:key.com\n")
    assert scan.names(mail(PAGE, b"Content-Type: text/html")) == []


def test_a_finding_is_a_rule_of_the_first_list(scan: Scan) -> None:
    (rule,) = (rule for rule in scan.table.rules if rule.name == SPOOFED)
    assert (rule.source, rule.kind) == (0, "clamav")
    assert scan.table.left == ()
