#!/bin/sh
# TUF's own conformance tests against clearward-tuf-client, and against python-tuf's own
# client beside it: every test that the latter passes has to pass.
#
# They are not on the package index: TUF_CONFORMANCE names a checkout of
# theupdateframework/tuf-conformance. Needs faketime. VENV is the project's environment;
# the tests get one of their own below build/.
set -eu

venv=$(realpath "${VENV:-.venv}")
if [ -z "${TUF_CONFORMANCE:-}" ]; then
    echo "skipped: TUF_CONFORMANCE names no checkout of tuf-conformance"
    exit 0
fi
if ! command -v faketime > /dev/null; then
    echo "skipped: faketime is not installed"
    exit 0
fi

place=$(pwd)/build/conformance
mkdir -p "$place"
if [ ! -x "$place/venv/bin/pytest" ]; then
    python3 -m venv "$place/venv"
    "$place/venv/bin/pip" install -q pytest pytest-json-report 'tuf>=7' 'securesystemslib[crypto]'
fi

cd "$TUF_CONFORMANCE"
run() {  # NAME ENTRYPOINT
    status=0
    "$place/venv/bin/pytest" -q -p no:cacheprovider tuf_conformance --entrypoint "$2" \
        --json-report --json-report-file "$place/$1.json" || status=$?
    [ "$status" -le 1 ]  # 1: some have failed
}
run ours "$venv/bin/clearward-tuf-client"
run theirs "$place/venv/bin/python $TUF_CONFORMANCE/clients/python-tuf/python_tuf.py"

"$place/venv/bin/python" - "$place" <<'END'
import json
import sys

def passed(name):
    with open(f"{sys.argv[1]}/{name}.json") as file:
        tests = json.load(file)["tests"]
    # What passes against an expectation to fail has passed.
    return {
        test["nodeid"]
        for test in tests
        if test["outcome"] == "passed" or "XPASS" in test.get("call", {}).get("longrepr", "")
    }, len(tests)

ours, tests = passed("ours")
theirs, _ = passed("theirs")
print(f"clearward-tuf-client passes {len(ours)} of {tests}, python-tuf's own {len(theirs)}")
for test in sorted(theirs - ours):
    print(f"  fails: {test}")
sys.exit(bool(theirs - ours))
END
