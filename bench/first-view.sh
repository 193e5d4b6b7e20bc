#!/usr/bin/env bash
# What a slow phone waits for the first view of public pages, as ratios to the start page:   bench/first-view.sh [ROUNDS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/need.sh
need_writable
need_dotnet
need_postgres
unset ConnectionStrings__Portal ConnectionStrings__Migration ASPNETCORE_URLS ASPNETCORE_ENVIRONMENT
export BENCH_PORTAL=$PWD/artifacts/bench/portal
dotnet publish SelfHelpPortal -c Release -o "$BENCH_PORTAL" -v q --nologo
dotnet build bench/SelfHelpPortal.Bench -c Release -v q --nologo
# Its Playwright; the browser is the machine's own.
[ -d SelfHelpPortal.E2E/bin/Debug/net10.0/.playwright ] || dotnet build SelfHelpPortal.E2E -v q --nologo
export BENCH_PLAYWRIGHT=$PWD/SelfHelpPortal.E2E/bin/Debug/net10.0/.playwright
exec dotnet bench/SelfHelpPortal.Bench/bin/Release/net10.0/SelfHelpPortal.Bench.dll first-view "${1:-7}"
