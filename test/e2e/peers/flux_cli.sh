#!/usr/bin/env bash
# flux_cli.sh    build the flux program into $PEER_BIN
# Its module embeds manifests that only its release holds, so it is built in a copy with an empty one in their place; what
# the tests ask of it needs none. Needs Go and the Go module proxy; a stamp keeps it from being built again.
set -euo pipefail
HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
MODULE=github.com/fluxcd/flux2/v2 VERSION=v2.9.5
PEER_BIN="${PEER_BIN:-$HERE/bin}"
mkdir -p "$PEER_BIN/.stamps"
export CGO_ENABLED=0 GOWORK=off GOFLAGS="${GOFLAGS:--buildvcs=false} ${PEER_GO_P:+-p=$PEER_GO_P}"
stamp="$( (go version; cat "${BASH_SOURCE[0]}") | sha256sum | cut -d' ' -f1)"
if [ "$(cat "$PEER_BIN/.stamps/flux-cli" 2>/dev/null)" = "$stamp" ]; then echo "peers: flux-cli is up to date"; exit; fi
echo "peers: building flux-cli"
copy="$(mktemp -d)"
trap 'chmod -R u+w "$copy"; rm -rf "$copy"' EXIT
cp -r "$(go mod download -json $MODULE@$VERSION | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')/." "$copy"
chmod -R u+w "$copy"
mkdir -p "$copy/cmd/flux/manifests"
echo '{}' >"$copy/cmd/flux/manifests/none.yaml"
(cd "$copy" && go build -trimpath -ldflags "-s -w -X main.VERSION=${VERSION#v}" -o "$PEER_BIN/flux" ./cmd/flux)
echo "$stamp" >"$PEER_BIN/.stamps/flux-cli"
