#!/usr/bin/env bash
# Brings the guest toolchains into .toolchains/ of this project: clang 19 with wasi-libc and wabt, Go 1.26, AssemblyScript.
# Debian and its children: packages are downloaded through the machine's own apt configuration and unpacked there; nothing is
# installed, and the machine's package sources stay as they are. Elsewhere it says what to install. A second run does nothing
# and needs no network.
#
#   guests/setup.sh [c] [go] [assemblyscript]      default: all three
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=$root/.toolchains
guests=$root/guests

llvm_packages=(clang-19 libclang-cpp19 libllvm19 lld-19 libclang-common-19-dev libclang-rt-19-dev-wasm32 wasi-libc wabt
               libz3-4 libedit2 libxml2 libbsd0 libmd0 libicu72 libicu76 libffi8 libtinfo6)   # a release has one of the libicu
go_packages=(golang-1.26-go golang-1.26-src)

say() { printf '%s\n' "$*"; }
die() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# ---- apt with sources, lists and archives of its own, below .toolchains/apt/RELEASE

apt_own() {
    local own=$tools/apt/$1 command=$2; shift 2
    "$command" -q -o "Dir::Etc::sourcelist=$own/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
        -o "Dir::State::lists=$own/lists" -o "Dir::Cache=$own/cache" -o APT::Sandbox::User=root -o Acquire::Languages=none "$@"
}

this_release() { (. /etc/os-release; printf '%s' "${VERSION_CODENAME:-sid}"); }

# The mirror is whatever the machine's own sources name for its release; other releases lie on the same one.
apt_prepare() {
    local release=$1 own=$tools/apt/$1 mirror option='' keys=/usr/share/keyrings/debian-archive-keyring.gpg
    [[ -f $own/ready ]] && return
    mkdir -p "$own/lists/partial" "$own/cache/archives/partial"
    mirror=$(apt-get indextargets --format '$(RELEASE) $(SITE)' 'Created-By: Packages' 'Component: main' 'Origin: Debian' |
        awk -v r="$(this_release)" '$1 == r { print $2; exit }')
    [[ -n $mirror ]] || die "the machine's package sources name no Debian mirror for '$(this_release)' (has apt-get update run?). Add one, or install the toolchains yourself: $(remedy)"
    [[ -f $keys ]] && option="[signed-by=$keys] "
    printf 'deb %s%s %s main\n' "$option" "$mirror" "$release" >"$own/sources.list"
    say "setup: reading the package list of $release"
    apt_own "$release" apt-get update >"$own/log" 2>&1 || { tail -5 "$own/log" >&2; die "apt-get update failed; see above."; }
    touch "$own/ready"
}

# unpack FOLDER RELEASE PACKAGE…: downloads those packages that the release has and unpacks them below .toolchains/FOLDER.
unpack() {
    local folder=$tools/$1 release=$2 debs package; shift 2
    apt_prepare "$release"
    debs=$(mktemp -d "$tools/apt/debs.XXXXXX")
    printf '%s\n' "$@" | sort >"$debs/wanted"
    apt_own "$release" apt-cache pkgnames 2>/dev/null | sort | join - "$debs/wanted" >"$debs/list"
    (cd "$debs" && apt_own "$release" apt-get download $(cat list) >log 2>&1) ||
        { cat "$debs/log" >&2; die "packages of $release could not be downloaded; see above."; }
    rm -rf "$folder.part"; mkdir -p "$folder.part"
    for package in "$debs"/*.deb; do
        dpkg -x "$package" "$folder.part"
        dpkg-deb -W --showformat='${Package} ${Version}\n' "$package" >>"$folder.part/PACKAGES"
    done
    rm -rf "$folder" "$debs" "$tools/apt/$release"; mv "$folder.part" "$folder"
}

remedy() {
    say "clang and lld 19 or later for wasm32-wasi (such as wasi-sdk, its bin/ on PATH), Go 1.24 or later, and Node.js 20 or later with 'npm install -g assemblyscript@0.28.20'"
}

need_apt() {
    command -v apt-get >/dev/null && command -v dpkg >/dev/null && return
    die "$1 is missing, and this machine has no apt to get it with. Install: $(remedy)"
}

# ---- the three toolchains

wrapper() { mkdir -p "$tools/bin"; cat >"$tools/bin/$1"; chmod +x "$tools/bin/$1"; }

setup_c() {
    if [[ ! -x $tools/bin/wasm32-wasi-clang ]]; then
        need_apt "clang for wasm32-wasi"
        say "setup: clang 19, lld, wasi-libc, wabt"
        unpack llvm "$(this_release)" "${llvm_packages[@]}"
        wrapper wasm32-wasi-clang <<'WRAPPER'
#!/bin/sh
# clang 19 for wasm32-wasi with its own sysroot. PATH is emptied so that a wasm-opt on the machine cannot rewrite what clang made.
llvm=$(cd "$(dirname "$0")/../llvm" && pwd)
export LD_LIBRARY_PATH="$llvm/usr/lib/$(uname -m)-linux-gnu:$llvm/usr/lib/llvm-19/lib"
PATH=$llvm/usr/lib/llvm-19/bin exec "$llvm/usr/lib/llvm-19/bin/clang" --target=wasm32-wasi --sysroot="$llvm/usr" \
    -isystem "$llvm/usr/include/wasm32-wasi" -L"$llvm/usr/lib/wasm32-wasi" -fuse-ld="$llvm/usr/lib/llvm-19/bin/wasm-ld" \
    -Wno-unused-command-line-argument "$@"
WRAPPER
        for tool in wasm-objdump wasm2wat wat2wasm wasm-strip; do ln -sf "../llvm/usr/bin/$tool" "$tools/bin/$tool"; done
        "$tools/bin/wasm32-wasi-clang" --version >/dev/null || { rm "$tools/bin/wasm32-wasi-clang"; die "the unpacked clang does not run here; see above."; }
    fi
    say "setup: c: $("$tools/bin/wasm32-wasi-clang" --version | head -1)"
}

setup_go() {
    if [[ ! -x $tools/bin/go ]]; then
        need_apt "Go"
        say "setup: Go 1.26"
        unpack go sid "${go_packages[@]}"
        # Debian keeps the sources apart and links to them with absolute paths: put the tree together again.
        local go=$tools/go/usr/lib/go-1.26 share=$tools/go/usr/share/go-1.26 link
        for link in $(find "$go" -maxdepth 1 -type l); do
            [[ -e $share/$(basename "$link") ]] && ln -sfn "../../share/go-1.26/$(basename "$link")" "$link"
        done
        wrapper go <<'WRAPPER'
#!/bin/sh
tools=$(cd "$(dirname "$0")/.." && pwd)
export GOROOT="$tools/go/usr/lib/go-1.26" GOTOOLCHAIN=local GOCACHE="${GOCACHE:-$tools/go-cache}" GOPATH="${GOPATH:-$tools/go-path}" GOFLAGS="${GOFLAGS:--mod=mod}" GOPROXY="${GOPROXY:-off}" GOTELEMETRY=off
exec "$GOROOT/bin/go" "$@"
WRAPPER
        "$tools/bin/go" version >/dev/null || { rm "$tools/bin/go"; die "the unpacked Go does not run here; see above."; }
    fi
    say "setup: go: $("$tools/bin/go" version)"
}

setup_assemblyscript() {
    if [[ ! -x $tools/bin/asc ]] || ! cmp -s "$guests/sdk/assemblyscript/package-lock.json" "$tools/assemblyscript/package-lock.json"; then
        command -v npm >/dev/null || die "npm is missing. Install Node.js 20 or later, or leave AssemblyScript out: guests/setup.sh c go"
        say "setup: AssemblyScript"
        rm -rf "$tools/assemblyscript"; mkdir -p "$tools/assemblyscript"
        cp "$guests/sdk/assemblyscript/package.json" "$guests/sdk/assemblyscript/package-lock.json" "$tools/assemblyscript/"
        (cd "$tools/assemblyscript" && npm ci --no-fund --no-audit --loglevel=error)
        wrapper asc <<'WRAPPER'
#!/bin/sh
exec node "$(dirname "$0")/../assemblyscript/node_modules/assemblyscript/bin/asc.js" "$@"
WRAPPER
    fi
    say "setup: assemblyscript: $("$tools/bin/asc" --version)"
}

mkdir -p "$tools/apt"
[[ $# -gt 0 ]] || set -- c go assemblyscript
for language in "$@"; do
    case $language in
        c | go | assemblyscript) "setup_$language" ;;
        *) die "unknown toolchain '$language'; known: c, go, assemblyscript." ;;
    esac
done
rm -rf "$tools/apt"
