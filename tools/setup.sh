#!/bin/sh
# Make .venv beside this project and install clearward into it, every dependency pinned
# by version and hash. With "dev" the tools for tests and checks come along.
#
#   sh tools/setup.sh [dev]
#
# PYTHON names the interpreter, VENV the folder to make.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
venv=${VENV:-.venv}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "clearward needs Python 3.11 or newer; PYTHON=... names another one" >&2
    exit 2
}
# A bare Debian has python3 without the means to make environments.
"$python" -c 'import ensurepip, venv' 2>/dev/null || {
    [ "$(id -u)" = 0 ] || {
        echo "python3-venv is missing; as root: apt-get install python3-venv" >&2
        exit 2
    }
    apt-get update -q && apt-get install -y -q python3-venv
}
"$python" -m venv --clear "$venv"
if [ "${1:-}" = dev ]; then
    "$venv/bin/pip" install -q --disable-pip-version-check --require-hashes -r constraints-dev.txt
    "$venv/bin/pip" install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
    # The jail writes no bytecode, so it would compile every module at every start.
    "$venv/bin/python" -m compileall -q src
else
    "$venv/bin/pip" install -q --disable-pip-version-check --require-hashes -r constraints.txt
    "$venv/bin/pip" install -q --disable-pip-version-check --no-deps .
fi
