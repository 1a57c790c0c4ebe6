#!/bin/sh
# A few thousand random expressions through this engine and cel-go; longer runs are by hand.
# usage: run_differential.sh BINARY FOLDER_FOR_CELGO
set -e
here=$(cd "$(dirname "$0")" && pwd)
celgo=$2/celgo
command -v go >/dev/null || { echo "SKIPPED: no Go to build cel-go with"; exit 77; }
(cd "$here/../benchmark/celgo" && go build -o "$celgo" .) || { echo "SKIPPED: cel-go does not build"; exit 77; }
exec python3 -B "$here/cel_differential.py" "$1" "$celgo" --batches 3 --seed 1
