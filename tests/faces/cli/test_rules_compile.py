"""Behaviour of `clearward rules compile`, and of scans with what it wrote."""

import fcntl
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from support.command import COMMAND, clearward
from support.images import TEXTS

YARA = 'rule Yara_One { meta: by = "me" strings: $x = "yara" condition: $x }\n'


@pytest.fixture(name="place", scope="module")
def fixture_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sources, files to scan, and an image of the sources."""
    place = tmp_path_factory.mktemp("images")
    (place / "rules").mkdir()
    for name, text in {**TEXTS, "y.yar": YARA}.items():
        (place / "rules" / name).write_text(text)
    (place / "files").mkdir()
    (place / "files" / "empty").write_bytes(b"")
    (place / "files" / "body").write_bytes(b"xxabcdefgh123jklzz")
    (place / "files" / "regex").write_bytes(b"hello there, W0RLD")
    (place / "files" / "yara").write_bytes(b"a yara rule")
    (place / "files" / "clean").write_bytes(b"nothing of that")
    compiled = clearward("rules", "compile", place / "rules", "-o", place / "a.cwr")
    assert compiled.status == 0, compiled.err
    return place


def found(place: Path, *options: str | Path) -> dict[str, set[str]]:
    ran = clearward(
        "scan", "--json", "--all-matches", *options, place / "files", "--jobs", "1"
    )
    assert ran.status == 1, ran.err
    return {
        name: {rule["name"] for rule in row["rules"]}
        for name, row in ran.by_name().items()
    }


@pytest.mark.parametrize("options", [(), ("--pua",), ("--no-default-rules",)])
def test_an_image_finds_what_its_sources_find(
    options: tuple[str, ...], place: Path
) -> None:
    text = found(place, "--rules", place / "rules", *options)
    assert found(place, "--rules", place / "a.cwr", *options) == text
    assert text["regex"] == {"Logic"}
    assert text["empty"] == {"Empty"}


def test_rules_are_loaded_when_a_file_first_asks_for_them(tmp_path: Path) -> None:
    """In the zygote, and the workers that ask get no blame and lose no file."""
    (tmp_path / "many.yar").write_text(
        "".join(
            f'rule Many_{number} {{ strings: $a = "rare string {number:03}" '
            f"condition: {'uint16(0) == 0x5a4d and' if number % 2 else ''} $a }}\n"
            for number in range(2000)
        )
    )
    place = tmp_path / "files"
    place.mkdir()
    expected = {}
    for number in range(100):
        (place / f"{number}").write_text(f"MZ rare string {number:03}\n")
        expected[f"{number}"] = {f"Many_{number}"}
        (place / f"clean{number}").write_text(f"none {number:03}\n")
        expected[f"clean{number}"] = set()
    image = tmp_path / "many.cwr"
    compiled = clearward("rules", "compile", tmp_path / "many.yar", "-o", image)
    assert compiled.status == 0, compiled.err
    for jobs in ("1", "2"):
        options = ("--rules", image, "--no-default-rules", "--jobs", jobs)
        ran = clearward("scan", "--json", *options, "--explain", place)
        assert ran.status == 1, ran.err
        rows = ran.by_name()
        assert expected == {
            name: {rule["name"] for rule in row["rules"]} for name, row in rows.items()
        }
        matches = rows["7"]["explain"]["matches"]
        assert [(one["offset"], one["string"]) for one in matches] == [(3, "$a")]


def test_images_and_texts_are_used_together_also_from_a_folder(
    place: Path, tmp_path: Path
) -> None:
    (tmp_path / "one.ndb").write_text("Other:0:*:6e6f7468696e67\n")
    os.link(place / "a.cwr", tmp_path / "two.cwr")
    both = found(place, "--rules", tmp_path, "--rules", place / "a.cwr")
    assert both["clean"] == {"Other"}
    assert both["body"] == {"Body.One"}


def test_the_same_sources_make_the_same_bytes(place: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "other"
    elsewhere.mkdir()
    for path in sorted((place / "rules").iterdir(), reverse=True):
        (elsewhere / path.name).write_bytes(path.read_bytes())
    for seed in ("1", "2"):
        ran = clearward(
            *("rules", "compile", elsewhere, "-o", tmp_path / "b.cwr"),
            environment={"PYTHONHASHSEED": seed},
        )
        assert ran.status == 0
        assert (tmp_path / "b.cwr").read_bytes() == (place / "a.cwr").read_bytes()


def test_an_image_can_be_looked_at(place: Path) -> None:
    options = ("--no-default-rules", "--rules", place / "a.cwr", "--json")
    listed = clearward("rules", "list", *options)
    names = [json.loads(line)["name"] for line in listed.out.splitlines()]
    assert names[0] == "Yara_One"
    assert {"Body.One", "Logic", "Clam.Digest", "Empty"} < set(names)
    (shown,) = clearward("rules", "show", "Yara_One", *options).out.splitlines()
    assert json.loads(shown)["meta"] == {"by": "me"}
    assert json.loads(shown)["strings"] == ["$x"]
    told = json.loads(clearward("rules", "info", place / "a.cwr", "--json").out)
    assert told["kinds"] == {"clamav": 6, "digest": 2, "yara": 1}
    assert told["unwanted"] == 1
    (one,) = told["images"]
    assert [source["name"] for source in one["sources"]] == [*sorted(TEXTS), "y.yar"]
    summary = clearward("scan", *options, place / "files" / "clean").summary
    assert summary["rules"] == len(names) - 1  # one is unwanted


def test_a_bad_line_is_counted_unless_all_have_to_be_good(
    place: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.ndb").write_text("no line\n" + TEXTS["a.ndb"])
    image = tmp_path / "b.cwr"
    refused = clearward("rules", "compile", "--strict", tmp_path, "-o", image)
    assert refused.status == 2
    assert b"a.ndb:1" in refused.err
    assert os.listdir(tmp_path) == ["a.ndb"]
    ran = clearward("rules", "compile", tmp_path, "-o", image, "--json")
    told = json.loads(ran.out)
    assert (told["unusable"], told["rules"]) == (1, 2)
    assert told["problems"][0]["line"] == 1
    scanned = clearward("scan", "--strict", "--rules", image, place / "files")
    assert scanned.status == 2
    assert b"could not be used when it was compiled" in scanned.err


def refuses(*arguments: str | Path, words: str) -> None:
    ran = clearward(*arguments)
    assert ran.status == 2
    assert words in ran.err.decode()
    assert ran.err.count(b"\n") == 1
    assert b"Traceback" not in ran.err


def test_what_cannot_be_compiled_is_refused_in_a_line(
    place: Path, tmp_path: Path
) -> None:
    rules, image = place / "rules", tmp_path / "b.cwr"
    refuses("rules", "compile", rules, "-o", tmp_path / "b.txt", words="ends with .cwr")
    refuses("rules", "compile", place / "a.cwr", "-o", image, words="name its sources")
    refuses("rules", "compile", tmp_path, "-o", image, words="no rule source")
    refuses(
        *("rules", "compile", rules, "-o", tmp_path / "gone" / "b.cwr"),
        words="cannot be written",
    )
    bad = tmp_path / "bad.yar"
    bad.write_text("rule {")
    refuses("rules", "compile", bad, "-o", image, words="bad.yar:1")
    assert not image.exists()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        pytest.param(lambda data: data[:-1], "", id="cut short"),
        pytest.param(lambda data: data + b"x", "", id="too long"),
        pytest.param(lambda data: data[:99] + b"\xff" + data[100:], "digest", id="bit"),
        pytest.param(lambda _: b"", "", id="empty"),
        pytest.param(lambda _: b"\x89CWR\r\n\x1a\n", "no compiled image", id="magic"),
    ],
)
def test_a_bad_image_is_refused_in_a_line(
    damage: object, words: str, place: Path, tmp_path: Path
) -> None:
    assert callable(damage)
    image = tmp_path / "b.cwr"
    image.write_bytes(damage((place / "a.cwr").read_bytes()))
    refuses("scan", "--rules", image, place / "files", words=words or "b.cwr")


@pytest.mark.parametrize("after", [0.05, 0.5, 1.0, 1.5, 2.0])
def test_a_kill_leaves_the_old_image_whole(
    after: float, place: Path, tmp_path: Path
) -> None:
    image = tmp_path / "b.cwr"
    image.write_bytes(b"the old one")
    command = [*COMMAND, "rules", "compile", str(place / "rules"), "-o", str(image)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + after
    while process.poll() is None and time.monotonic() < deadline:
        os.sched_yield()
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert image.read_bytes() in (b"the old one", (place / "a.cwr").read_bytes())
    for left in tmp_path.iterdir():
        with left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # the jail dies a moment later
        os.utime(left, (0, 0))
    again = clearward("rules", "compile", place / "rules", "-o", image)
    assert again.status == 0
    assert image.read_bytes() == (place / "a.cwr").read_bytes()
    assert os.listdir(tmp_path) == ["b.cwr"]
