"""Check that no dependency of the default install is under GPL or AGPL.

    python tools/licences.py CONSTRAINTS

Reads what each pinned distribution says about itself, where it is installed. LGPL is
fine for a dependency, as is any permissive licence; GPL and AGPL are refused, and so is
a distribution that says nothing, unless `KNOWN` says where its licence stands.
"""

import re
import sys
from importlib import metadata

REFUSED = re.compile(r"\b(A?GPL|GNU (AFFERO )?GENERAL PUBLIC)", re.IGNORECASE)
FINE = re.compile(r"\bL(ESSER )?GPL|LESSER GENERAL PUBLIC", re.IGNORECASE)

# Distributions whose metadata does not name a licence; read in their source.
KNOWN: dict[str, str] = {}

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[a-z0-9,-]+\])?==\S+( ; (.*?))? \\$")


def licence(name: str) -> str:
    """What a distribution says its licence is; empty if nothing."""
    said = metadata.metadata(name)
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in said.get_all("Classifier") or []
        if line.startswith("License ::")
    ]
    expression = " ".join(said.get_all("License-Expression") or [])
    free_text = "".join(said.get_all("License") or []).splitlines()[:1]
    return "; ".join(part for part in (expression, *classifiers, *free_text) if part)


def judge(name: str) -> str | None:
    """Say what is wrong with a distribution's licence, or None."""
    said = KNOWN.get(name) or licence(name)
    if not said:
        return "does not say under which licence it is"
    refused = any(
        REFUSED.search(part) and not FINE.search(part) for part in said.split("; ")
    )
    return f"is under {said}" if refused else None


def main() -> None:
    """Judge every pinned distribution that is installed here."""
    wrong = 0
    judged = 0
    with open(sys.argv[1], encoding="utf-8") as file:
        pins = [match for line in file if (match := PIN.match(line.rstrip("\n")))]
    for pin in pins:
        name, marker = pin[1], pin[3]
        try:
            problem = judge(name)
        except metadata.PackageNotFoundError:
            problem = None if marker else "is pinned and not installed"
        else:
            judged += 1
        if problem:
            wrong += 1
            print(f"{name} {problem}")
    print(f"licences: {judged} distributions judged, {wrong} refused")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
