"""Behaviour of the starter bundle as a whole."""

import re
from functools import cache
from pathlib import Path

import pytest
import yara_x
from rules.bundle import (
    test_autorun,
    test_command,
    test_html,
    test_linux,
    test_miner,
    test_office,
    test_powershell,
    test_script,
    test_shortcut,
    test_webshell,
)
from rules.bundle.samples import Case

import clearward

BUNDLE = Path(clearward.__file__).parent / "rules" / "bundle"
TOPICS = {
    "autorun": test_autorun.CASES,
    "command": test_command.CASES,
    "html": test_html.CASES,
    "linux": test_linux.CASES,
    "miner": test_miner.CASES,
    "office": test_office.CASES,
    "powershell": test_powershell.CASES,
    "script": test_script.CASES,
    "shortcut": test_shortcut.CASES,
    "webshell": test_webshell.CASES,
}
CASES: dict[str, Case] = {
    name: case for cases in TOPICS.values() for name, case in cases.items()
}
META = {"author", "date", "description", "reference", "severity"}
SAMPLES = pytest.mark.parametrize(
    ("name", "sample"),
    [
        pytest.param(name, sample, id=f"{name}-{number}")
        for name, case in CASES.items()
        for number, sample in enumerate(case.samples)
    ],
)
NEAR_MISSES = pytest.mark.parametrize(
    "near_miss",
    [
        pytest.param(near_miss, id=f"{name}-{number}")
        for name, case in CASES.items()
        for number, near_miss in enumerate(case.near_misses)
    ],
)
AROUND = b"an ordinary line of text\r\n" * 12


@cache
def scanner() -> yara_x.Scanner:
    compiler = yara_x.Compiler()
    for path in sorted(BUNDLE.glob("*.yar")):
        compiler.new_namespace(path.stem)
        compiler.add_source(path.read_text(encoding="utf-8"))
    return yara_x.Scanner(compiler.build())


@cache
def rules() -> dict[str, yara_x.Rule]:
    return {
        rule.identifier: rule
        for path in sorted(BUNDLE.glob("*.yar"))
        for rule in yara_x.compile(path.read_text(encoding="utf-8"))
    }


def found(data: bytes) -> set[str]:
    return {rule.identifier for rule in scanner().scan(data).matching_rules}


def topic(name: str) -> str:
    return name.split("_")[1].lower()


@SAMPLES
def test_a_sample_is_found_by_its_rule_and_by_no_other_topic(
    name: str, sample: bytes
) -> None:
    names = found(sample)
    assert name in names
    assert {topic(other) for other in names} == {topic(name)}


@NEAR_MISSES
def test_a_near_miss_is_found_by_nothing(near_miss: bytes) -> None:
    assert found(near_miss) == set()


def test_every_rule_has_samples_and_two_near_misses() -> None:
    assert CASES.keys() == rules().keys()
    for name, case in CASES.items():
        assert case.samples, name
        assert len(case.near_misses) >= 2, name


def test_every_topic_is_one_file_of_rules_named_for_it() -> None:
    assert {path.stem for path in BUNDLE.glob("*.yar")} == TOPICS.keys()
    for stem, cases in TOPICS.items():
        compiled = yara_x.compile((BUNDLE / f"{stem}.yar").read_text(encoding="utf-8"))
        names = {rule.identifier for rule in compiled}
        assert names == cases.keys()
        assert {topic(name) for name in names} == {stem}
        assert all(re.fullmatch(r"Clearward(_[A-Za-z]+){2,}", name) for name in names)


@pytest.mark.parametrize("name", CASES)
def test_every_rule_says_who_when_what_where_from_and_how_bad(name: str) -> None:
    meta = {str(key): str(value) for key, value in rules()[name].metadata}
    assert meta.keys() == META
    assert meta["author"] == "clearward project"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", meta["date"])
    assert meta["description"].endswith(".")
    assert re.fullmatch(
        r"https://attack\.mitre\.org/techniques/T\d{4}(/\d{3})?/", meta["reference"]
    )
    assert meta["severity"] in {"medium", "high"}


@pytest.mark.parametrize(
    "path", sorted(BUNDLE.glob("*.yar")), ids=lambda path: path.stem
)
def test_every_condition_starts_with_a_size_that_is_never_matched_in_windows(
    path: Path,
) -> None:
    source = path.read_text(encoding="utf-8")
    conditions = re.findall(r"condition:\n\s+(.*)", source)
    sizes = [re.match(r"filesize < (\d+)(KB|MB)( |$)", line) for line in conditions]
    assert len(sizes) == len(re.findall(r"^rule ", source, re.MULTILINE))
    for size in sizes:
        assert size is not None
        assert int(size[1]) <= 32 or size[2] == "KB"
    assert "import" not in source


@pytest.mark.parametrize(
    "path", sorted(BUNDLE.glob("*.yar")), ids=lambda path: path.stem
)
def test_the_text_of_the_rules_and_of_their_tests_is_found_by_nothing(
    path: Path,
) -> None:
    assert found(path.read_bytes()) == set()
    assert found((Path(__file__).parent / f"test_{path.stem}.py").read_bytes()) == set()


@SAMPLES
def test_a_sample_is_found_in_the_midst_of_other_text(name: str, sample: bytes) -> None:
    if sample.startswith((b"\xff\xfe", b"L\0\0\0", b"{\\rt")):
        pytest.skip("the start of this sample says what it is")
    assert name in found(AROUND + sample + b"\r\n" + AROUND)
