#!/usr/bin/env bash
# Invoices as XML and PDF in a second of one core, as a ratio to compressing, hashing and writing the same bytes in the same run:
#   bench/invoices.sh [ROUNDS] [INVOICES]        default 5 500
# The exit code says whether the goals were reached.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/need.sh
need_writable
need_dotnet
dotnet build bench/SelfHelpPortal.Bench -c Release -v q --nologo
# One core has one heap to collect.
export DOTNET_gcServer=0
exec dotnet bench/SelfHelpPortal.Bench/bin/Release/net10.0/SelfHelpPortal.Bench.dll invoices "${1:-5}" "${2:-500}"
