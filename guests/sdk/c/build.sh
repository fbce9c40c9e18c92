#!/bin/sh
# Builds a C guest: build.sh DIR OUT.wasm [--debug]. Every *.c of DIR; extra compiler flags from DIR/cflags, if there is one.
# Needs wasm32-wasi-clang on PATH (wasi-sdk has it, guests/setup.sh makes it) or Debian's clang-19 lld-19 wasi-libc libclang-rt-19-dev-wasm32.
# The name section stays in, so that backtraces have names; --debug keeps DWARF too, so that they have file:line.
set -eu
dir=$1 out=$2 debug=${3:-}
here=$(cd "$(dirname "$0")" && pwd)
if command -v wasm32-wasi-clang >/dev/null; then
    set -- wasm32-wasi-clang
elif command -v clang-19 >/dev/null && [ -d /usr/lib/wasm32-wasi ]; then
    set -- clang-19 --target=wasm32-wasi --sysroot=/usr -isystem /usr/include/wasm32-wasi -L/usr/lib/wasm32-wasi -fuse-ld=/usr/bin/wasm-ld-19 --no-wasm-opt
else
    echo "build.sh: no compiler for wasm32-wasi. Install wasi-sdk and put its bin/ on PATH, or on Debian: apt-get install clang-19 lld-19 wasi-libc libclang-rt-19-dev-wasm32" >&2
    exit 1
fi
[ "$debug" = --debug ] && set -- "$@" -g || set -- "$@" -Wl,--strip-debug
[ -f "$dir/cflags" ] && set -- "$@" $(cat "$dir/cflags")
out=$(cd "$(dirname "$out")" && pwd)/$(basename "$out")
cd "$dir"
exec "$@" -std=gnu17 -fno-strict-aliasing -O3 -msimd128 -mbulk-memory -mexec-model=reactor -Wall -Wextra -Werror -Wno-unused-parameter \
    -ffile-prefix-map="$PWD"=. -ffile-prefix-map="$here"=. -I"$here" -Wl,-z,stack-size=65536 -Wl,--stack-first ./*.c -o "$out"
