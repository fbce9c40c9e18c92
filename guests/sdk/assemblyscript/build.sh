#!/bin/sh
# Builds an AssemblyScript guest: build.sh DIR OUT.wasm [--debug]. Needs asc 0.28 on PATH (npm install -g assemblyscript@0.28.20) or in DIR/node_modules.
# Function names stay in, so that backtraces have them.
set -eu
dir=$1 out=$2   # --debug changes nothing: asc writes no DWARF
out=$(cd "$(dirname "$out")" && pwd)/$(basename "$out")
cd "$dir"
if [ -x node_modules/.bin/asc ]; then asc=node_modules/.bin/asc; else asc=asc; fi
command -v "$asc" >/dev/null || { echo "build.sh: no asc. Install Node.js 20 or later and run: npm install -g assemblyscript@0.28.20" >&2; exit 1; }
exec "$asc" index.ts -O3 --runtime minimal --use abort= --debug -o "$out"
