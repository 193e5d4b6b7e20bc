#!/usr/bin/env bash
# The search over everything, by what callers say, as a ratio to reading one license by its primary key in the same run:
#   bench/search.sh [LICENSES] [ROUNDS]          default 100000 10
# As many customers and computers as licenses. The database is private and temporary. The exit code says whether the goals were reached.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/need.sh
need_writable
need_dotnet
need_postgres
dotnet build bench/SelfHelpPortal.Bench -c Release -v q --nologo
exec dotnet bench/SelfHelpPortal.Bench/bin/Release/net10.0/SelfHelpPortal.Bench.dll search "${1:-100000}" "${2:-10}"
