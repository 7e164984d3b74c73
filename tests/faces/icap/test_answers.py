"""The answers, as bytes."""

import re

from support.icap_client import read_fields

from clearward.faces.icap import answers
from clearward.faces.icap.answers import Manner, tag_of
from clearward.faces.icap.findings import unscanned_fields
from clearward.faces.icap.status import Status

MANNER = Manner(tag_of("ab" * 32))
EVERY = (
    answers.options(MANNER),
    answers.unmodified(MANNER),
    answers.echo(MANNER, "res", b"HTTP/1.1 200 OK\r\n\r\n", body=True),
    answers.found(MANNER, ["Eicar"], b"/"),
    answers.refusal(MANNER, Status.ERROR, unscanned_fields("decode_error")),
)


def test_every_answer_has_a_quoted_tag_and_ends_with_encapsulated() -> None:
    for answer in EVERY:
        head = answer.partition(b"\r\n\r\n")[0].decode()
        status, fields = read_fields(head)
        assert re.fullmatch(r'"[!-~]{1,32}"', fields["istag"])
        if status != Status.UNMODIFIED:
            assert head.split("\r\n")[-1].startswith("Encapsulated: ")


def test_the_tag_follows_the_rules() -> None:
    assert tag_of("ab" * 32) != tag_of("ac" * 32)


def test_options_say_what_a_service_can_do() -> None:
    _, fields = read_fields(EVERY[0].decode())
    assert fields["methods"] == "RESPMOD, REQMOD"
    assert fields["preview"] == "1024"
    assert fields["transfer-preview"] == "*"
    assert fields["allow"] == "204"
    assert int(fields["options-ttl"]) > 0


def test_what_is_encapsulated_stands_where_it_is_said_to() -> None:
    head, _, rest = answers.found(MANNER, ["Eicar"], b"/f").partition(b"\r\n\r\n")
    _, fields = read_fields(head.decode())
    offset = int(fields["encapsulated"].rpartition("=")[2])
    http, body = rest[:offset], rest[offset:]
    assert http.startswith(b"HTTP/1.0 403 Forbidden\r\n")
    assert http.endswith(b"\r\n\r\n")
    length = re.search(rb"Content-Length: (\d+)", http)
    assert length is not None
    assert body.startswith(b"%x\r\n" % int(length[1]))
    assert body.endswith(b"</html>\n\r\n0\r\n\r\n")


def test_an_object_without_a_head_is_given_back_without_one() -> None:
    answer = answers.echo(MANNER, "res", b"", body=True)
    assert answer.endswith(b"Encapsulated: res-body=0\r\n\r\n")
    answer = answers.echo(MANNER, "req", b"GET / HTTP/1.0\r\n\r\n", body=False)
    assert b"Encapsulated: req-hdr=0, null-body=18\r\n\r\nGET /" in answer


def test_a_last_answer_says_so() -> None:
    assert b"\r\nConnection: keep-alive\r\n" in EVERY[1]
    closing = Manner(MANNER.tag, closes=True)
    assert b"\r\nConnection: close\r\n" in answers.unmodified(closing)
