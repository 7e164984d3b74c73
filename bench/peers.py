"""The peers: yara-x in this very process, and the yara command.

    python bench/peers.py RULES FOLDER

Compiles every rule file below RULES as clearward does, scans every file below FOLDER
from memory, and prints JSON: files, bytes, and the CPU and wall seconds of scanning
alone, without compiling.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import yara_x

VARIABLES = ("filename", "filepath", "extension", "filetype", "owner")


def rule_files(rules: Path) -> list[Path]:
    """Every YARA file below a folder, or the file itself."""
    if rules.is_file():
        return [rules]
    return sorted(path for path in rules.rglob("*") if path.suffix in (".yar", ".yara"))


def compile_rules(rules: Path) -> yara_x.Rules:
    """Compile as clearward does: a name space a file, outside variables empty."""
    compiler = yara_x.Compiler()
    for variable in VARIABLES:
        compiler.define_global(variable, "")
    for path in rule_files(rules):
        compiler.new_namespace(str(path))
        compiler.add_source(path.read_text("utf-8", errors="replace"))
    return compiler.build()


def files(folder: Path) -> Iterator[str]:
    """Every file below a folder."""
    for place, _, names in os.walk(folder):
        for name in names:
            yield os.path.join(place, name)


def main() -> None:
    """Scan and print."""
    scanner = yara_x.Scanner(compile_rules(Path(sys.argv[1])))
    scanner.fast_scan(yes=True)
    paths = list(files(Path(sys.argv[2])))
    count = size = found = 0
    start, cpu = time.monotonic(), time.process_time()
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        data = os.pread(descriptor, os.fstat(descriptor).st_size, 0)
        os.close(descriptor)
        found += bool(scanner.scan(data).matching_rules)
        count += 1
        size += len(data)
    measured = {
        "files": count,
        "bytes": size,
        "found": found,
        "wall": time.monotonic() - start,
        "cpu": time.process_time() - cpu,
    }
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
