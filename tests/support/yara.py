"""Compile rules from text, and say what came of it."""

from clearward.core.names import Problem
from clearward.rules.source import Source
from clearward.rules.yara import YaraRules, compile_yara


def compiled(*texts: str | bytes) -> tuple[YaraRules | None, list[Problem]]:
    """Compile each text as a source of its own."""
    return compile_yara(
        [
            Source(
                number,
                f"{number}.yar",
                "yara",
                "bundle",
                text.encode() if isinstance(text, str) else text,
            )
            for number, text in enumerate(texts)
        ],
        0,
    )


def rules(*texts: str) -> YaraRules:
    made, problems = compiled(*texts)
    assert problems == []
    assert made is not None
    return made


def names(made: YaraRules | None) -> list[tuple[int, str]]:
    """Source and name of each rule, in order."""
    return [(name.source, name.name) for name in made.names] if made else []


def places(problems: list[Problem]) -> list[tuple[int, int, int]]:
    return [(problem.source, problem.line, problem.column) for problem in problems]
