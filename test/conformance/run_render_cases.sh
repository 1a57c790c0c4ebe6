#!/bin/sh
# run_render_cases.sh FOLDER PROGRAM: renders the cases of FOLDER/own and FOLDER/upstream and compares; says loudly where
# there are none (exit code 77: skipped). One case needs kustomize: $PEER_BIN/kustomize, else the one on PATH.
folder=$1
program=$2
if [ ! -e "$folder" ]; then
  echo "SKIPPED: no conformance cases in $folder (set OPENCHOREO_CONFORMANCE)"
  exit 77
fi
if [ -x "${PEER_BIN:-}/kustomize" ]; then
  export KUSTOMIZE="$PEER_BIN/kustomize"
fi
exec python3 "$(dirname "$0")/render_cases.py" "$program" -v "$folder/own" "$folder/upstream"
