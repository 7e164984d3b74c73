"""Tests of the rule image as a whole."""

import json

from support.signatures import Image, signature

from clearward.rules.clamav.listed import DigestSignature
from clearward.rules.clamav.model import Signature, Term
from clearward.rules.image.build import Refusal, build
from clearward.rules.image.encode import Encoder
from clearward.rules.image.frequencies import Frequencies
from clearward.rules.image.texts import Texts, Types

NONE = Frequencies({})


def test_numbers_are_those_of_given_names_then_signatures_then_digests() -> None:
    image = Image(
        bytes(
            build(
                [signature(b"abcd", name="S1"), signature(b"efgh", name="S2")],
                [
                    DigestSignature("D2", b"b" * 32, None),
                    DigestSignature("D1", b"a" * 32, None),
                    DigestSignature("D0", b"c" * 16, 7),
                ],
                ["Code", "Yara"],
            )
        )
    )
    assert image.names() == ["Code", "Yara", "S1", "S2", "D0", "D1", "D2"]
    assert image.rules == 7
    assert [record.rule for record in image.signatures()] == [2, 3]


def test_programs_are_those_of_the_encoder() -> None:
    some = [signature(b"abcd", b"wxyz", target=6), signature(b"efgh", target=0)]
    encoder = Encoder(NONE, Types(), Texts())
    records = Image(bytes(build(some, frequencies=NONE))).signatures()
    assert [record.program for record in records] == list(map(encoder.encode, some))
    assert [(record.target, record.subs) for record in records] == [(6, 2), (0, 1)]


def test_a_handler_is_a_number_of_a_type() -> None:
    sub = signature(b"abcd").subs
    image = Image(bytes(build([Signature("A", 0, sub, Term(0), handler="CL_TYPE_X")])))
    assert image.sections[10, 0] == b"CL_TYPE_X\n"
    assert image.signatures()[0].handler == 1


def test_what_cannot_be_laid_out_is_told_and_the_rest_stands() -> None:
    wrong = Signature("Wrong", 1, (), Term(0), line=3)
    made = build(
        [wrong, signature(b"abcd", name="Right")],
        [DigestSignature("Short", b"1", None, line=4)],
    )
    assert made.refused == [
        Refusal("Wrong", 3, "0 sub-signatures"),
        Refusal("Short", 4, "a digest of 1 bytes"),
    ]
    assert Image(bytes(made)).names() == ["Right"]


def test_meta_has_what_was_given_and_what_was_counted() -> None:
    digest = DigestSignature("D", bytes(32), None)
    made = build([signature(b"abcd")], [digest, digest], meta={"sources": ["x"]})
    meta = json.loads(Image(bytes(made)).sections[1, 0])
    assert meta["sources"] == ["x"]
    assert meta["image"]["signatures"] == 1
    assert meta["image"]["digests"] == 1
    assert meta["image"]["duplicates"] == 1


def test_serialised_rules_are_kept_by_partition() -> None:
    image = Image(bytes(build([], yara={3: b"rules"}, names=["x"] * 7)))
    assert image.sections[8, 3] == b"rules"
    assert image.counts[8, 3] == 5
