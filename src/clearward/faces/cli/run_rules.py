"""What the subcommands of `clearward rules` do."""

import json as json_text
import sys
import time
from collections import Counter
from typing import Any

from clearward.core.errors import Refused
from clearward.core.names import RuleName
from clearward.faces.text import escaped
from clearward.wiring import RuleChoice, ScanChoice, Scanner


def info(paths: tuple[str, ...], *, strict: bool, json: bool) -> None:
    """Compile some sources and say what came of it."""
    start = time.monotonic()
    with _open(RuleChoice(paths, defaults=False, strict=strict)) as scanner:
        seconds = time.monotonic() - start
        kinds = Counter(rule.kind for rule in scanner.table.rules)
        problems = [
            {
                "file": file.label,
                "line": problem.line,
                "column": problem.column,
                "message": problem.message,
            }
            for file, problem in scanner.problems()
        ]
        names = Counter(rule.name for rule in scanner.table.rules)
        found: dict[str, Any] = {
            "sources": len(scanner.files),
            "rules": len(scanner.table.rules),
            "kinds": dict(kinds),
            "duplicates": sum(count - 1 for count in names.values()),
            "skipped": scanner.skipped,
            "unusable": scanner.unusable(),
            "left_out": dict(scanner.table.left),
            "matcher": scanner.given.matcher or None,
            "problems": problems,
            "seconds": round(seconds, 3),
        }
    if json:
        _say(json_text.dumps(found))
        return
    _say(f"sources:    {found['sources']:,}")
    counts = ", ".join(f"{count:,} {kind}" for kind, count in sorted(kinds.items()))
    _say(f"rules:      {found['rules']:,} ({counts})" if counts else "rules:      0")
    _say(f"same name:  {found['duplicates']:,}")
    for ending, count in sorted(scanner.skipped.items()):
        _say(f"skipped:    {count:,} files {escaped(ending)}")
    for what, count in scanner.table.left:
        _say(f"left out:   {count:,} {escaped(what)}")
    _say(f"unusable:   {found['unusable']:,}")
    for problem in problems:
        place = f"{problem['file']}:{problem['line']}:{problem['column']}"
        _say(f"  {escaped(place)}: {escaped(str(problem['message']))}")
    if found["matcher"]:
        _say(f"matcher:    {escaped(str(found['matcher']))}")
    _say(f"compiled in {seconds:.2f} s")


def list_rules(paths: tuple[str, ...], *, defaults: bool, json: bool) -> None:
    """List the names of the rules in force."""
    with _open(RuleChoice(paths, defaults=defaults)) as scanner:
        for rule in scanner.table.rules:
            source = _source(scanner, rule)
            if json:
                row = {"name": rule.name, "origin": rule.origin, "kind": rule.kind}
                _say(json_text.dumps({**row, "source": source}))
            else:
                _say(f"{rule.name}  {rule.origin}  {rule.kind}  {escaped(source)}")


def show(name: str, paths: tuple[str, ...], *, defaults: bool, json: bool) -> None:
    """Show the rules of one name.

    Raises:
        Refused: there is none.
    """
    with _open(RuleChoice(paths, defaults=defaults), describe=True) as scanner:
        rules = [rule for rule in scanner.table.rules if rule.name == name]
        if not rules:
            raise Refused(f"{name}: no rule of this name; see clearward rules list")
        for rule in rules:
            fields = {
                "name": rule.name,
                "origin": rule.origin,
                "kind": rule.kind,
                "source": _source(scanner, rule),
                "strings": list(rule.strings),
                "meta": dict(rule.meta),
            }
            if json:
                _say(json_text.dumps(fields))
                continue
            for field, value in {**fields, **dict(rule.meta)}.items():
                if field not in ("meta", "strings"):
                    _say(f"{escaped(field) + ':':<12} {escaped(str(value))}")
            _say(f"{'strings:':<12} {' '.join(rule.strings)}")


def _open(rules: RuleChoice, *, describe: bool = False) -> Scanner:
    return Scanner(rules, ScanChoice(require="D", describe=describe))


def _source(scanner: Scanner, rule: RuleName) -> str:
    return scanner.files[rule.source].label if rule.source >= 0 else ""


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
