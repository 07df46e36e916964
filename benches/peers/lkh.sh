#!/usr/bin/env bash
# Sets up LKH (PyPI elkai) in a folder of its own and runs it on distance matrices from standard input; see lkh.py.
# Usage: benches/peers/lkh.sh FOLDER < cases.jsonl
# Exit status: 0 run, 3 it cannot be set up here (no python3, no network): what is missing is said on standard error.
set -u
folder=${1:?a folder for the virtual environment}
version=2.0.1
here=$(cd "$(dirname "$0")" && pwd)
if ! "$folder/bin/python" -c 'import elkai' 2>/dev/null; then
    if ! command -v python3 >/dev/null; then
        echo "LKH cannot be set up: there is no python3" >&2
        exit 3
    fi
    mkdir -p "$folder"
    if ! { python3 -m venv "$folder" && "$folder/bin/pip" install --quiet "elkai==$version"; } >"$folder/setup.log" 2>&1; then
        echo "LKH cannot be set up (no network?): $(tail -n 1 "$folder/setup.log")" >&2
        exit 3
    fi
fi
exec "$folder/bin/python" "$here/lkh.py"
