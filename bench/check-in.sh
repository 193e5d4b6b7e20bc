#!/usr/bin/env bash
# Check-ins with signed answers, as a ratio to a bare endpoint that reads the same row, both under wrk in one run:
#   bench/check-in.sh [LICENSES] [ROUNDS] [SECONDS]        default 100000 5 6
# The database is private and temporary. The result is a table; the exit code says whether the goal was reached.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/need.sh
need_writable
need_dotnet
need_postgres
command -v wrk >/dev/null || install_packages "The measurement needs wrk; install it and start again." wrk
unset ConnectionStrings__Portal ConnectionStrings__Migration ASPNETCORE_URLS ASPNETCORE_ENVIRONMENT
export BENCH_PORTAL=$PWD/artifacts/bench/portal
dotnet publish SelfHelpPortal -c Release -o "$BENCH_PORTAL" -v q --nologo
dotnet build bench/SelfHelpPortal.Bench -c Release -v q --nologo
exec dotnet bench/SelfHelpPortal.Bench/bin/Release/net10.0/SelfHelpPortal.Bench.dll check-in "${1:-100000}" "${2:-5}" "${3:-6}"
