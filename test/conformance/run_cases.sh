#!/bin/sh
# run_cases.sh FOLDER|FILE COMMAND...: runs COMMAND over the case files of FOLDER, or over FILE, or says loudly
# that there are none (exit code 77: skipped).
folder=$1
shift
if [ ! -e "$folder" ]; then
  echo "SKIPPED: no conformance cases in $folder (set OPENCHOREO_CONFORMANCE)"
  exit 77
fi
# bench.json holds inputs of the benchmark, celgo_differs.json cases where cel-go departs from the
# specification (checked by cel_differences_test.py).
files=$(find "$folder" -maxdepth 1 -name '*.json*' ! -name bench.json ! -name celgo_differs.json | sort)
exec "$@" $files
