#!/usr/bin/env bash
# build.sh [TARGET...]    build the peer programs into $PEER_BIN
# targets: kustomize runfn kube etcd kwok argocd flux (default: all of them), and fluxsource metrics
# Needs Go >= 1.26.3 and the Go module proxy. A target whose stamp file in
# $PEER_BIN/.stamps holds the hash of its inputs (go.mod, go.sum, this script,
# the Go version) is not built again, so $PEER_BIN is what CI should cache.
set -euo pipefail
HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
PEER_BIN="${PEER_BIN:-$HERE/bin}"
mkdir -p "$PEER_BIN/.stamps" "$PEER_BIN/crds"
PEER_BIN="$(cd "$PEER_BIN" && pwd)"
export CGO_ENABLED=0 GOWORK=off GOFLAGS="${GOFLAGS:--buildvcs=false} ${PEER_GO_P:+-p=$PEER_GO_P}"

ver() { (cd "$HERE/$1" && go list -m -f '{{.Version}}' "$2"); }
dir() { (cd "$HERE/$1" && go mod download -json "$2" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p'); }
build() { # folder output package [ldflags]
  (cd "$HERE/$1" && go build -trimpath -ldflags "-s -w ${4:-}" -o "$PEER_BIN/$2" "$3")
}
put() { install -m "$1" "${@:2}"; } # mode files... folder

do_kustomize() {
  local m=sigs.k8s.io/kustomize/kustomize/v5
  build kustomize kustomize $m "-X sigs.k8s.io/kustomize/api/provenance.version=$(ver kustomize $m)"
}
do_runfn() { build runfn runfn .; }
do_kube() {
  local v p=k8s.io/component-base/version b
  v="$(ver kube k8s.io/kubernetes)" # clients parse the server's version, so set it
  local minor="${v#v1.}"; minor="${minor%%.*}"
  for b in kube-apiserver kube-controller-manager kube-scheduler kubectl; do
    build kube $b k8s.io/kubernetes/cmd/$b "-X $p.gitVersion=$v -X $p.gitMajor=1 -X $p.gitMinor=$minor -X $p.gitTreeState=clean"
  done
}
do_etcd() { build etcd etcd go.etcd.io/etcd/server/v3; }
do_kwok() {
  build kwok kwok sigs.k8s.io/kwok/cmd/kwok "-X sigs.k8s.io/kwok/pkg/consts.Version=$(ver kwok sigs.k8s.io/kwok)"
  local s f; s="$(dir kwok sigs.k8s.io/kwok)/kustomize/stage"
  for f in node/fast/node-initialize node/heartbeat/node-heartbeat pod/fast/pod-ready pod/fast/pod-complete pod/fast/pod-delete; do
    echo "---"; cat "$s/$f.yaml"
  done >"$PEER_BIN/kwok-stages.yaml"
}
do_argocd() {
  local m=github.com/argoproj/argo-cd/v3 v d
  v="$(ver argocd $m)"; d="$(dir argocd $m)"
  build argocd argocd $m/cmd "-X $m/common.version=${v#v}"
  build argocd repoclient ./repoclient
  # repo-server runs git-verify-wrapper.sh for every generation, signed or not.
  put 755 "$d/hack/git-verify-wrapper.sh" "$d/hack/gpg-wrapper.sh" "$PEER_BIN"
  put 644 "$d/manifests/install.yaml" "$PEER_BIN/argocd-install.yaml"
  mkdir -p "$PEER_BIN/crds/argocd"; put 644 "$d"/manifests/crds/*-crd.yaml "$PEER_BIN/crds/argocd"
}
do_flux() {
  build flux kustomize-controller github.com/fluxcd/kustomize-controller
  mkdir -p "$PEER_BIN/crds/flux"
  put 644 "$(dir flux github.com/fluxcd/kustomize-controller)"/config/crd/bases/*.yaml \
    "$(dir fluxsource github.com/fluxcd/source-controller)"/config/crd/bases/*.yaml "$PEER_BIN/crds/flux"
}
do_fluxsource() { build fluxsource source-controller github.com/fluxcd/source-controller; }
do_metrics() {
  local m=k8s.io/kube-state-metrics/v2
  build metrics kube-state-metrics $m "-X github.com/prometheus/common/version.Version=$(ver metrics $m)"
}

stamp() { # target -> hash of what it is built from
  local dirs="$1"; [ "$1" = flux ] && dirs="flux fluxsource"
  (cd "$HERE" && { go version; find $dirs -type f | LC_ALL=C sort | xargs sha256sum; sha256sum build.sh; } | sha256sum | cut -d' ' -f1)
}
[ $# -gt 0 ] || set -- kustomize runfn kube etcd kwok argocd flux
for t in "$@"; do
  s="$(stamp "$t")"
  if [ "$(cat "$PEER_BIN/.stamps/$t" 2>/dev/null)" = "$s" ]; then echo "peers: $t is up to date"; continue; fi
  echo "peers: building $t"; t0=$(date +%s)
  "do_$t"
  echo "$s" >"$PEER_BIN/.stamps/$t"
  echo "peers: built $t in $(($(date +%s) - t0)) s"
done
