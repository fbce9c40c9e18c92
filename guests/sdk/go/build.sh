#!/bin/sh
# Builds a Go guest: build.sh DIR OUT.wasm [--debug]. A reactor, or a command where DIR/command exists. Needs Go 1.24 or later on PATH.
# The name section stays in, so that backtraces have names; --debug keeps DWARF too, so that they have file:line.
set -eu
dir=$1 out=$2 debug=${3:-}
command -v go >/dev/null || { echo "build.sh: no go on PATH. Install Go 1.24 or later." >&2; exit 1; }
out=$(cd "$(dirname "$out")" && pwd)/$(basename "$out")
cd "$dir"
[ -f command ] && mode=exe || mode=c-shared
[ "$debug" = --debug ] && flags= || flags=-w
export GOOS=wasip1 GOARCH=wasm GOFLAGS=-mod=mod GOPROXY=off GOTOOLCHAIN=local GOWORK=off
exec go build -buildmode=$mode -trimpath -buildvcs=false -ldflags="$flags -buildid=" -o "$out" .
