#!/usr/bin/env bash
# kube_api_test.sh PROGRAM: runs it against an API server of its own.
set -euo pipefail
program="$1"
peers="$(cd "$(dirname "$0")/../peers" && pwd)"
export PEER_BIN="${PEER_BIN:-${XDG_CACHE_HOME:-$HOME/.cache}/openchoreo-gitops/peers}"
for name in etcd kube-apiserver kubectl; do
  if [ ! -x "$PEER_BIN/$name" ] && ! command -v "$name" >/dev/null; then
    echo "*** SKIPPED: no $name in $PEER_BIN (make peers) ***"
    exit 77
  fi
done
export PEER_WORK="$(mktemp -d)"
trap '"$peers/kube.sh" stop >/dev/null 2>&1 || true; rm -rf "$PEER_WORK"' EXIT
"$peers/kube.sh" start >"$PEER_WORK/start.log" 2>&1 || { cat "$PEER_WORK/start.log"; exit 1; }
read -r KUBE_APISERVER_PID _ <"$PEER_WORK/pid/kube-apiserver"
export KUBE_APISERVER_PID KUBECONFIG="$PEER_WORK/kube/kubeconfig"
"$program" "${@:2}"
