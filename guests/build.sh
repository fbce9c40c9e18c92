#!/usr/bin/env bash
# Builds the samples into guests/bin, the same bytes wherever the same toolchain is, and records in guests/TOOLCHAINS what they were built with.
#
#   guests/build.sh [--debug] [--out DIR] [SAMPLE…]     default: all into guests/bin
#
# --debug keeps DWARF, for file:line in backtraces. With --out nothing is recorded.
set -euo pipefail
guests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export PATH="$guests/../.toolchains/bin:$PATH"

debug='' out=$guests/bin
while [[ ${1:-} == --* ]]; do
    case $1 in
        --debug) debug=--debug; shift ;;
        --out) out=$2; shift 2 ;;
        *) echo "build.sh: unknown option '$1'; known: --debug, --out DIR." >&2; exit 2 ;;
    esac
done
mkdir -p "$out"

language_of() {
    if compgen -G "$1/*.c" >/dev/null; then echo c; elif [[ -f $1/go.mod ]]; then echo go; else echo assemblyscript; fi
}

[[ $# -gt 0 ]] || { cd "$guests/samples"; set -- */; cd - >/dev/null; }
for sample in "${@%/}"; do
    dir=$guests/samples/$sample
    [[ -d $dir ]] || { echo "build.sh: no sample '$sample'; known: $(cd "$guests/samples" && echo *)." >&2; exit 2; }
    "$guests/sdk/$(language_of "$dir")/build.sh" "$dir" "$out/$sample.wasm" $debug
    chmod 644 "$out/$sample.wasm"
    printf '%-16s %8d bytes  sha256:%s\n' "$sample" "$(stat -c %s "$out/$sample.wasm")" "$(sha256sum "$out/$sample.wasm" | cut -c1-64)"
done

[[ $out == "$guests/bin" && -z $debug ]] && "$guests/toolchains.sh" >"$guests/TOOLCHAINS"
exit 0
