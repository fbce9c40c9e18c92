#!/usr/bin/env bash
# Everything: gets what the tests need, builds once, runs every test project, ends with "N passed, N failed".
# Set EDGE_TEST_NO_INSTALL=1 to install nothing: tests whose tool is missing then say so.
set -uo pipefail

root=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
cd "$root" || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1
project_limit=900 # seconds for one test project; a hung one is ended and counted as failed

say() { printf '\n== %s\n' "$1"; }

as_root() { if [[ $EUID -eq 0 ]]; then "$@"; else sudo -n "$@"; fi; }

# Debian package and the command that it brings.
needs=(mosquitto:mosquitto mosquitto-clients:mosquitto_pub strace:strace gcc:gcc libc6-dev:/usr/include/stdio.h)

install_tools() {
  local missing=() need
  for need in "${needs[@]}"; do
    [[ -e ${need#*:} ]] || command -v "${need#*:}" >/dev/null || missing+=("${need%%:*}")
  done
  [[ ${#missing[@]} -gt 0 ]] || return 0
  if ! command -v apt-get >/dev/null; then
    printf 'Missing: %s. Install them with the package tool of this system.\n' "${missing[*]}"
    return 0
  fi
  say "installing ${missing[*]}"
  # The mosquitto package starts a broker on 1883; the tests bring up their own on free ports, so it is not wanted.
  local policy=/usr/sbin/policy-rc.d made=
  if [[ $EUID -eq 0 && ! -e $policy ]]; then printf '#!/bin/sh\nexit 101\n' >$policy && chmod +x $policy && made=1; fi
  local try
  for try in 1 2 3; do
    as_root apt-get -o DPkg::Lock::Timeout=120 update -qq </dev/null &&
      as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null &&
      break
    printf 'apt-get failed (try %s of 3)\n' "$try"
    sleep 5
  done
  [[ -z $made ]] || rm -f $policy
}

guest_toolchains() {
  [[ -x guests/setup.sh ]] || return 0
  say "guest toolchains"
  guests/setup.sh </dev/null || printf 'No guest toolchains: the tests that rebuild guests say so and use the built modules.\n'
}

build() {
  say "building"
  if ! dotnet build Edge.sln -c Release -v q --nologo --disable-build-servers </dev/null; then
    printf '\nThe build failed.\n0 passed, 1 failed\n'
    exit 1
  fi
}

passed=0 failed=0 skipped=0

# A number out of the runner's last line, such as "Total: 12, Errors: 0, Failed: 1, Skipped: 0"; 0 where it leaves one out.
count() { grep -oE "$1: [0-9]+" <<<"$2" | grep -oE '[0-9]+' || printf 0; }

# Reads the runner's own totals; a project that ends without them (crash, time-out) counts as one failure.
run_project() {
  local name=$1 binary=artifacts/bin/$1/release/$1 log rc totals total errors fails skips
  say "$name"
  log=$(mktemp)
  timeout --foreground --kill-after=20 "$project_limit" "$binary" -noColor -noLogo -longRunning 120 </dev/null 2>&1 | tee "$log"
  rc=${PIPESTATUS[0]}
  totals=$(grep -E "^ +$name +Total: " "$log" | tail -n 1)
  rm -f "$log"
  if [[ -z $totals ]]; then
    printf '%s ended without a summary (exit code %s%s)\n' "$name" "$rc" "$([[ $rc -eq 124 || $rc -eq 137 ]] && printf ': over %s s' "$project_limit")"
    failed=$((failed + 1))
    return
  fi
  total=$(count Total "$totals") errors=$(count Errors "$totals") fails=$(count Failed "$totals") skips=$(count Skipped "$totals")
  passed=$((passed + total - fails - skips))
  failed=$((failed + fails + errors))
  skipped=$((skipped + skips))
  if [[ $rc -ne 0 && $((fails + errors)) -eq 0 ]]; then failed=$((failed + 1)); fi
}

if [[ -z ${EDGE_TEST_NO_INSTALL:-} ]]; then
  install_tools
  guest_toolchains
fi
build
for project in tests/*.Tests/*.csproj; do
  run_project "$(basename "$project" .csproj)"
done

printf '\n'
if [[ $skipped -gt 0 ]]; then printf '%s skipped (each says why above)\n' "$skipped"; fi
printf '%s passed, %s failed\n' "$passed" "$failed"
[[ $failed -eq 0 && $passed -gt 0 ]]
