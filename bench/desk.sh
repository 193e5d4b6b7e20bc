#!/usr/bin/env bash
# The work list of staff with many open cases, as ratios to an empty page and to a list of 20:
#   bench/desk.sh [CASES]          default 10000
# The database is private and temporary.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/need.sh
need_writable
need_dotnet
need_postgres
dotnet build bench/SelfHelpPortal.Bench -c Release -v q --nologo
exec dotnet bench/SelfHelpPortal.Bench/bin/Release/net10.0/SelfHelpPortal.Bench.dll desk "${1:-10000}"
