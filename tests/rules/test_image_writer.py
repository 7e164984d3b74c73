"""Behaviour of compiling an image; what loads it is in `test_image_loader`."""

from support.images import TEXTS, image, loaded, made, sources

from clearward.formats.identify import MARKS
from clearward.rules.image_writer import compile_image

YARA = 'rule one { strings: $x = "yara" condition: $x }'


def test_the_place_and_the_origin_of_sources_do_not_show() -> None:
    texts = {"y.yar": YARA, **TEXTS}
    assert b"/some/where" not in image(texts)
    assert image(texts) == image(dict(texts))


def test_it_says_how_far_it_is() -> None:
    lines = "".join(f"{number:064x}\n" for number in range(9000))
    told: list[tuple[str, int]] = []
    compile_image(
        sources({"a.sha256": lines}),
        marks=MARKS,
        version="1",
        tell=lambda doing, done: told.append((doing, done)),
    )
    assert ("reading lists of digests", 4096) in told
    assert ("reading lists of digests", 8192) in told


def test_lines_and_names_that_were_there_before_are_counted() -> None:
    texts = {"a.ndb": TEXTS["a.ndb"] * 2, "e.sha256": TEXTS["e.sha256"] * 2}
    (one,) = loaded(bytes(made(texts).image))
    assert one.rules.duplicates == 4


def test_a_yara_source_that_does_not_compile_is_a_problem() -> None:
    (problem,) = made({"y.yar": "rule {"}).table.problems
    assert problem.fatal
