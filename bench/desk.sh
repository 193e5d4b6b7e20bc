#!/usr/bin/env bash
# The work list of staff with many open cases, as ratios to an empty page, and what an open desk holds in memory, as a ratio to a counter:
#   bench/desk.sh [CASES] [CIRCUITS]          default 10000 8, which is the most for one clerk
# Wants Chromium. The database is private and temporary. The exit code says whether the goal of memory was reached.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/need.sh
need_writable
need_dotnet
need_postgres
dotnet build bench/SelfHelpPortal.Bench -c Release -v q --nologo
exec dotnet bench/SelfHelpPortal.Bench/bin/Release/net10.0/SelfHelpPortal.Bench.dll desk "${1:-10000}" "${2:-8}"
