#!/usr/bin/env bash
# Prints the version of each guest toolchain that is here, one a line: "c …", "go …", "assemblyscript …". The committed samples were built with
# those in guests/TOOLCHAINS; the rebuild test compares bytes where a line is the same.
set -euo pipefail
guests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export PATH="$guests/../.toolchains/bin:$PATH"
packages=$guests/../.toolchains/llvm/PACKAGES
if [[ -f $packages ]]; then
    echo "c $(grep -E '^(clang-19|lld-19|wasi-libc|libclang-rt-19-dev-wasm32) ' "$packages" | tr ' ' '=' | paste -sd' ')"
fi
if command -v go >/dev/null; then echo "go $(go version | cut -d' ' -f3)"; fi
if command -v asc >/dev/null; then echo "assemblyscript $(asc --version | cut -d' ' -f2)"; fi
