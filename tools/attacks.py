"""Take out what stops an attack, one check at a time, and see its tests fail.

    python tools/attacks.py [--json] [WORD...]

The checks are in `tests/promises/attacks.toml`, by the rows of the table in
`docs/trust.md`; words choose those whose row or name has one of them. All is done to a
copy of the tree. There the tests pass first; then each check is taken out, its tests
run, and it is put back. A test has seen that if it ran and failed: a module that cannot
be imported, or a fixture that breaks, shows nothing.

A line for each test, or with --json an object for each and one `summary`. The exit
status is 0 if all was seen, 1 if something was not, and 2 if the file is stale, tests
fail as it is, or are skipped (some need root).
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
import venv
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
CHECKS = ROOT / "tests/promises/attacks.toml"
LONGEST = 1200  # seconds for the tests of one check, and for all of them before

# A failure that says that taking out broke something, and not that it was seen.
BROKEN = re.compile(
    r"(?:\w+\.)*(?:ImportError|ModuleNotFoundError|SyntaxError|IndentationError|"
    r"NameError|UnboundLocalError|AttributeError)\b"
)


@dataclass(frozen=True, slots=True)
class Removal:
    """A text that is taken out of a file.

    Attributes:
        file: path in the tree.
        find: the text; it is there once.
        put: what stands there instead.
    """

    file: str
    find: str
    put: str


@dataclass(frozen=True, slots=True)
class Check:
    """Something that stops an attack.

    Attributes:
        row: the attack, in the words of the table.
        name: what stops it.
        tests: that have to fail without it, as `file::function` below `tests`.
        removals: that take it out; several where one check stands behind another.
    """

    row: str
    name: str
    tests: tuple[str, ...]
    removals: tuple[Removal, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What one test made of it.

    Attributes:
        row: of the check.
        check: its name.
        test: which.
        seen: it failed.
        how: what it said; or why it was not seen.
    """

    row: str
    check: str
    test: str
    seen: bool
    how: str


def read(path: Path = CHECKS) -> list[Check]:
    """Read the checks."""
    found = tomllib.loads(path.read_text("utf-8"))["check"]
    for one in found:
        one["tests"] = tuple(one["tests"])
        one["removals"] = tuple(Removal(**each) for each in one["removals"])
    return [Check(**one) for one in found]


def stale(checks: Sequence[Check], root: Path = ROOT) -> list[str]:
    """Say which texts are not there, or not once; a line for each."""
    said = []
    for check in checks:
        for one in check.removals:
            path = root / one.file
            count = path.read_text("utf-8").count(one.find) if path.is_file() else 0
            if count != 1 or one.find == one.put:
                said.append(f"{check.name}: {one.file}: {count} times: {one.find!r}")
    return said


class Copy:
    """A copy of the tree, with all that is compiled.

    Args:
        folder: an empty one.
    """

    def __init__(self, folder: Path) -> None:
        self._root = folder / "tree"
        self._folder = folder
        self._written = 0
        skipped = shutil.ignore_patterns("__pycache__", "node_modules", ".hypothesis")
        for name in ("src", "tests", "docs", "tools"):
            shutil.copytree(ROOT / name, self._root / name, ignore=skipped)
        shutil.copy(ROOT / "pyproject.toml", self._root)
        self._python = self._interpreter()

    def without(self, check: Check) -> dict[str, tuple[str, str]]:
        """Run the tests of a check without it; what each came to, as `run`."""
        before = {one.file: self._text(one.file) for one in check.removals}
        try:
            for one in check.removals:
                self._write(one.file, self._text(one.file).replace(one.find, one.put))
            return self.run(check.tests)
        finally:
            for file, text in before.items():
                self._write(file, text)

    def run(self, tests: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Run tests; return whether each passed, in a word, and what it said."""
        report = self._folder / "report.xml"
        report.unlink(missing_ok=True)
        (self._folder / "temporary").mkdir(exist_ok=True)
        shared = os.environ.get("CLEARWARD_SHARED", ROOT.parent / "shared")
        said = _ended(
            [
                *(self._python, "-m", "pytest", "-q", "-n", "0", "--tb=line"),
                *("-p", "no:randomly", "-p", "no:cacheprovider"),
                f"--junitxml={report}",
                *(f"tests/{test}" for test in tests),
            ],
            self._root,
            {
                "PYTHONPATH": str(self._root / "src"),
                "PYTEST_DEBUG_TEMPROOT": str(self._folder / "temporary"),
                "CLEARWARD_SHARED": str(Path(shared).resolve()),
            },
        )
        if not report.is_file():
            return dict.fromkeys(tests, ("error", said))
        cases = _cases(report)
        # Of several cases an error counts first, then a failure: as in the alphabet.
        return {test: min(cases.get(test, [("error", said)])) for test in tests}

    def _interpreter(self) -> str:
        """Make one that has the copy as if it was installed.

        The jail starts it in isolation: it gets no path, and would take what is.
        """
        place = str(self._folder / "python")
        venv.create(place, symlinks=True)
        installed = [sysconfig.get_path(name) for name in ("purelib", "platlib")]
        paths = sysconfig.get_paths("venv", {"base": place, "platbase": place})
        lines = [str(self._root / "src"), *dict.fromkeys(installed)]
        Path(paths["purelib"], "copy.pth").write_text("\n".join(lines) + "\n", "utf-8")
        return str(Path(paths["scripts"], "python"))

    def _text(self, file: str) -> str:
        return (self._root / file).read_text("utf-8")

    def _write(self, file: str, text: str) -> None:
        path = self._root / file
        path.write_text(text, "utf-8")
        # Compiled modules are told apart by the second and the size.
        self._written += 1
        time = int(path.stat().st_mtime) + self._written
        os.utime(path, (time, time))


def _ended(command: Sequence[str], folder: Path, more: dict[str, str]) -> str:
    """Run a command to its end; return its last line, or that it took too long."""
    with subprocess.Popen(
        command,
        cwd=folder,
        env=os.environ | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
    ) as process:
        try:
            said = str(process.communicate(timeout=LONGEST)[0])
        except subprocess.TimeoutExpired:
            return f"took longer than {LONGEST} s"
        finally:
            if process.poll() is None:  # an interrupt, too
                os.killpg(process.pid, signal.SIGKILL)
    return said.strip().rpartition("\n")[2]


def _cases(report: Path) -> dict[str, list[tuple[str, str]]]:
    """Return what the cases of each test came to."""
    found: dict[str, list[tuple[str, str]]] = {}
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 - pytest has made it
        file = case.get("classname", "").replace(".", "/").removeprefix("tests/")
        name = case.get("name", "").partition("[")[0]
        said = ("passed", "")
        for child in case:
            if child.tag in {"failure", "error", "skipped"}:
                word = child.get("message", "").strip().splitlines() or [""]
                failed = child.tag == "failure" and not BROKEN.match(word[0])
                kind = "skipped" if child.tag == "skipped" else "error"
                said = ("failed" if failed else kind, word[0][:200])
        found.setdefault(f"{file}.py::{name}", []).append(said)
    return found


def tried(copy: Copy, checks: Sequence[Check]) -> Iterator[Seen]:
    """Take out one check after the other; yield what its tests made of it."""
    for number, check in enumerate(checks, 1):
        show(f"{number} of {len(checks)}: {check.name}")
        came = copy.without(check)
        for test in check.tests:
            kind, how = came[test]
            seen = kind == "failed"
            said = how if seen else f"{kind} {how}".strip()
            yield Seen(check.row, check.name, test, seen, said)


def show(said: str) -> None:
    """Show on a terminal what is done, in place of what was."""
    if sys.stderr.isatty():
        print(f"\r\033[K{said}", end="", file=sys.stderr, flush=True)


def main(words: Sequence[str] | None = None) -> int:
    """Print what was seen; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("words", nargs="*", metavar="WORD")
    parser.add_argument("--json", action="store_true", help="a line for each test")
    given = parser.parse_args(words)
    chosen = given.words or [""]
    checks = [
        one for one in read() if any(word in one.row + one.name for word in chosen)
    ]
    wrong = stale(checks) if checks else ["no check has such a word"]
    if wrong:
        return _told(wrong)
    with tempfile.TemporaryDirectory(prefix="clearward-attacks-") as folder:
        copy = Copy(Path(folder))
        tests = sorted({test for one in checks for test in one.tests})
        show(f"{len(tests)} tests with every check in place")
        wrong = [
            f"{test}: {kind} with every check in place: {how}"
            for test, (kind, how) in copy.run(tests).items()
            if kind != "passed"
        ]
        show("")
        return _told(wrong) or _printed(tried(copy, checks), as_json=given.json)


def _told(wrong: Sequence[str]) -> int:
    for line in wrong:
        print(f"attacks: {line}", file=sys.stderr)
    return 2 if wrong else 0


def _printed(found: Iterable[Seen], *, as_json: bool) -> int:
    """Print what was seen as it comes; return the exit status."""
    tests = missed = 0
    if not as_json:
        print("| row | check | test | seen to fail |\n|---|---|---|---|")
    for one in found:
        tests, missed = tests + 1, missed + (not one.seen)
        word = "yes" if one.seen else f"**no**: {one.how}"
        line = f"| {one.row} | {one.check} | `{one.test}` | {word} |"
        show("")
        print(json.dumps(asdict(one)) if as_json else line, flush=True)
    if as_json:
        print(json.dumps({"summary": {"tests": tests, "missed": missed}}))
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
