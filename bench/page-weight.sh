#!/usr/bin/env bash
# Bytes of HTML, style and script of the start page, the page behind a QR code and the desk of staff, as they are sent:
#   bench/page-weight.sh
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
exec dotnet bench/SelfHelpPortal.Bench/bin/Release/net10.0/SelfHelpPortal.Bench.dll page-weight
