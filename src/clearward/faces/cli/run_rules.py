"""What `clearward rules list` and `rules show` do."""

import json as json_text
import sys
from typing import Any

from clearward.core.errors import Refused
from clearward.core.exclusion import iso
from clearward.core.names import RuleName
from clearward.faces.text import escaped
from clearward.wiring import RuleChoice, ScanChoice, Scanner


def list_rules(paths: tuple[str, ...], *, defaults: bool, json: bool) -> None:
    """List the names of the rules in force."""
    with _open(RuleChoice(paths, defaults=defaults)) as scanner:
        excluded = _excluded(scanner)
        for rule in scanner.rules:
            source = _source(scanner, rule)
            until = excluded.get(rule.name, "")
            if json:
                row = {"name": rule.name, "origin": rule.origin, "kind": rule.kind}
                ends = {"excluded_until": until} if until else {}
                _say(json_text.dumps({**row, "source": source, **ends}))
            else:
                ends_at = f"  excluded until {until}" if until else ""
                line = f"{rule.name}  {rule.origin}  {rule.kind}  {escaped(source)}"
                _say(line + ends_at)


def show(name: str, paths: tuple[str, ...], *, defaults: bool, json: bool) -> None:
    """Show the rules of one name.

    Raises:
        Refused: there is none.
    """
    with _open(RuleChoice(paths, defaults=defaults), describe=True) as scanner:
        rules = [rule for rule in scanner.rules if rule.name == name]
        if not rules:
            raise Refused(f"{name}: no rule of this name; see clearward rules list")
        excluded = _excluded(scanner)
        for rule in rules:
            fields: dict[str, Any] = {
                "name": rule.name,
                "origin": rule.origin,
                "kind": rule.kind,
                "source": _source(scanner, rule),
                "strings": list(rule.strings),
                "meta": dict(rule.meta),
            }
            if rule.name in excluded:
                fields["excluded_until"] = excluded[rule.name]
            if json:
                _say(json_text.dumps(fields))
                continue
            # What a rule says of itself never takes the place of what is known of it.
            told = {f"meta.{field}": value for field, value in rule.meta}
            for field, value in {**fields, **told}.items():
                if field not in ("meta", "strings"):
                    _say(f"{escaped(field) + ':':<12} {escaped(str(value))}")
            _say(f"{'strings:':<12} {' '.join(rule.strings)}")


def _excluded(scanner: Scanner) -> dict[str, str]:
    """Names that are excluded now, with the time when that ends."""
    scanner.exclusions.tell(lambda said: sys.stderr.write(f"clearward: {said}\n"))
    return {name: iso(until) for name, until in scanner.exclusions.now().items()}


def _open(rules: RuleChoice, *, describe: bool = False) -> Scanner:
    return Scanner(rules, ScanChoice(require="D", describe=describe))


def _source(scanner: Scanner, rule: RuleName) -> str:
    return rule.place(scanner.files[rule.source].label) if rule.source >= 0 else ""


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
