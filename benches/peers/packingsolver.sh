#!/usr/bin/env bash
# Sets up PackingSolver (PyPI packingsolver, MIT licence) in a folder of its own and runs it on cases from standard input; see
# packingsolver_run.py. Needs Python 3.12 or newer; PACKBENCH_PYTHON names another python3.
# Usage: benches/peers/packingsolver.sh FOLDER < cases.jsonl
# Exit status: 0 run, 3 it cannot be set up here: what is missing is said on standard error.
set -u
folder=${1:?a folder for the virtual environment}
version=0.1.1233
here=$(cd "$(dirname "$0")" && pwd)
if ! "$folder/bin/python" -c 'import packingsolver' 2>/dev/null; then
    python=${PACKBENCH_PYTHON:-python3}
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then
        echo "PackingSolver cannot be set up: it needs Python 3.12 or newer" >&2
        exit 3
    fi
    mkdir -p "$folder"
    if ! { "$python" -m venv "$folder" && "$folder/bin/pip" install --quiet "packingsolver==$version"; } >"$folder/setup.log" 2>&1; then
        echo "PackingSolver cannot be set up (no network?): $(tail -n 1 "$folder/setup.log")" >&2
        exit 3
    fi
fi
exec "$folder/bin/python" "$here/packingsolver_run.py"
