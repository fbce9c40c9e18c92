#!/usr/bin/env bash
# Gets the peers that the benchmarks compare with: gcc, node and mosquitto from Debian, Node-RED from npm into .tools/ of this project.
# Each benchmark also runs without: the peer's column then says what is missing.
set -euo pipefail

root=$(readlink -f "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/..")
missing=()
for need in gcc:gcc node:nodejs npm:npm; do command -v "${need%%:*}" >/dev/null || missing+=("${need#*:}"); done
[[ -x /usr/sbin/mosquitto ]] || command -v mosquitto >/dev/null || missing+=(mosquitto)
if [[ ${#missing[@]} -gt 0 ]]; then
  command -v apt-get >/dev/null || { printf 'bench/setup: install %s with the package tool of this system\n' "${missing[*]}" >&2; exit 1; }
  root_do() { if [[ $EUID -eq 0 ]]; then "$@"; else sudo "$@"; fi; }
  root_do apt-get -o DPkg::Lock::Timeout=300 update -qq
  root_do apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "${missing[@]}"
fi
mkdir -p "$root/.tools/node-red"
cd "$root/.tools/node-red"
[[ -f package.json ]] || printf '{"private": true}\n' >package.json
timeout 300 npm install --no-audit --no-fund --ignore-scripts --loglevel=error node-red@4.1.15
[[ -x $root/guests/setup.sh ]] && "$root/guests/setup.sh" || printf 'No Go toolchain: the row go_wasm stays empty.\n'
