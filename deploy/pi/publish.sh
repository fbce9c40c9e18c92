#!/usr/bin/env bash
# Makes a self-contained edge for a 64-bit Raspberry Pi (or another linux machine): one folder and a tarball of it, no .NET needed there.
# Usage: deploy/pi/publish.sh [linux-arm64|linux-x64]     → artifacts/publish/edge-RID/, artifacts/publish/edge-RID.tar.gz
set -euo pipefail

root=$(readlink -f "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../..")
rid=${1:-linux-arm64}
case $rid in
  linux-arm64 | linux-x64) ;;
  *) printf 'publish: unknown target %s; it must be linux-arm64 or linux-x64\n' "$rid" >&2; exit 2 ;;
esac
command -v dotnet >/dev/null || { printf "publish: no 'dotnet' on the PATH; get the .NET SDK 10 from https://dot.net/download\n" >&2; exit 1; }

out=$root/artifacts/publish/edge-$rid
rm -rf "$out" "$out.tar.gz"
# ReadyToRun: compiled ahead for the target, so that a Pi spends its start on starting and not on compiling.
dotnet publish "$root/src/Edge.Node/Edge.Node.csproj" -c Release -r "$rid" --self-contained -p:PublishReadyToRun=true \
  -p:DebugType=none -v q --nologo --disable-build-servers -o "$out" </dev/null
cp "$root/LICENSE" "$root/deploy/pi/edge.service" "$root/deploy/pi/README.md" "$out/"
tar -C "$(dirname "$out")" -czf "$out.tar.gz" "$(basename "$out")"
printf '%s\n%s\n' "$out" "$out.tar.gz"
