#!/usr/bin/env bash
# Publishes the last commit from a clean clone as README says, for any machine and for linux-x64, starts the results and opens a staff page.
# Takes some minutes.   scripts/publish-check.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/need.sh
need_dotnet
need_postgres
build SelfHelpPortal.Tests
SELFHELP_LONG=1 dotnet test SelfHelpPortal.Tests --no-build --nologo --filter "FullyQualifiedName~PublishTests" \
  --logger "console;verbosity=detailed"
