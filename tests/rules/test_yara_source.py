"""Compiling parted sources gives what compiling them whole gives."""

import pytest
from support.yara import places

from clearward.core.names import Problem
from clearward.rules.source import Source
from clearward.rules.yara import YaraRules, compile_yara
from clearward.rules.yara_source import compile_texts

RARE = 'strings: $a = "Rare-String-7" condition: $a'


def compiled(*texts: str, few: int) -> tuple[YaraRules | None, list[Problem]]:
    sources = [
        Source(n, "", "yara", "local", text.encode()) for n, text in enumerate(texts)
    ]
    return compile_yara(sources, 5, describe=True, few=few)


@pytest.mark.parametrize(
    "text",
    [
        f"rule a {{ {RARE} and unknown }}\nrule b {{ {RARE} }}",
        f'rule a {{ {RARE} and pe.is_pe }} import "pe" rule b {{ {RARE} }}',
        f"rule a {{ {RARE} and b }} rule b {{ {RARE} }}",
        f"rule a {{ {RARE} }} rule a {{ {RARE} }}",
        f"rule a {{ {RARE} }} rule {{",
        f'rule a {{ strings: $a = "Rare-7" condition: true }} rule b {{ {RARE} }}',
        f"rule a {{ {RARE} and other }} rule b {{ {RARE} }}",
        f"rule a {{ {RARE} and pe.nothing }}",
        "rule a { strings: $a = /Rare-String-[/ condition: $a }",
    ],
)
def test_errors_names_and_numbers_are_those_of_whole_sources(text: str) -> None:
    other = f'import "pe" rule other {{ meta: m = "x" {RARE} and pe.is_pe }}'
    parted, problems = compiled(other, text, few=0)
    whole, expected = compiled(other, text, few=1 << 30)
    assert parted is not None
    assert whole is not None
    assert parted.names == whole.names
    assert problems == expected
    assert places(problems) == places(expected)
    data = b"MZ Rare-String-7"
    assert parted.look(data) == whole.look(data)


def test_every_partition_but_the_first_has_a_probe() -> None:
    text = f"rule a {{ {RARE} }} rule b {{ {RARE} and uint16(0) == 0x5A4D }}"
    made = compile_texts({"0": text}, (), few=0)
    probes = {
        rule.identifier
        for rules in made.partitions
        for rule in rules
        if rule.namespace == "probes"
    }
    assert probes == {f"p{number}" for number in range(1, len(made.partitions))}
    assert made.names == {"0": ("a", "b")}
