#!/usr/bin/env bash
# The import of a list of licenses, as CSV and as .xlsx: time of each step, and memory for all rows against a tenth of them:
#   bench/imports.sh [ROWS] [FAULTS]             default 100000 1000
# The exit code says whether the goals were reached.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/need.sh
need_writable
need_dotnet
dotnet build bench/SelfHelpPortal.Bench -c Release -v q --nologo
export DOTNET_gcServer=0
exec dotnet bench/SelfHelpPortal.Bench/bin/Release/net10.0/SelfHelpPortal.Bench.dll imports "${1:-100000}" "${2:-1000}"
