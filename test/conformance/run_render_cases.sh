#!/bin/sh
# run_render_cases.sh OWN UPSTREAM PROGRAM: renders the cases of OWN (a folder of this repository) and, where it is there,
# of UPSTREAM (public data beside the checkout) and compares. One case needs kustomize: $PEER_BIN/kustomize, else the one
# on PATH.
own=$1 upstream=$2 program=$3
if [ -x "${PEER_BIN:-}/kustomize" ]; then
  export KUSTOMIZE="$PEER_BIN/kustomize"
fi
if [ -d "$upstream" ]; then
  set -- "$own" "$upstream"
else
  echo "*** LEFT OUT: no cases in $upstream (set OPENCHOREO_CONFORMANCE) ***"
  set -- "$own"
fi
exec python3 "$(dirname "$0")/render_cases.py" "$program" -v "$@"
