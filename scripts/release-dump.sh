#!/usr/bin/env bash
# Keeps the database of this version, with demo data and what its main flows leave, for the tests of later upgrades.
#   scripts/release-dump.sh
# Called once for a release (docs/release.md); writes SelfHelpPortal.Tests/Data/Releases/VERSION.dump.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/need.sh
need_dotnet
need_postgres

version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
target=SelfHelpPortal.Tests/Data/Releases/$version
[ ! -e "$target.dump" ] || die "$target.dump is there already; what was released is never made anew."
# The oldest that is supported, since no pg_restore reads what a later pg_dump wrote.
programs=${SELFHELP_PG_BIN:-/usr/lib/postgresql/15/bin}
"$programs/pg_dump" --version 2>/dev/null | grep -q ' 15\.' || die "PostgreSQL 15 is needed; name its folder in SELFHELP_PG_BIN."

build SelfHelpPortal.Tests
SELFHELP_PG_BIN=$programs SELFHELP_RELEASE_DUMP=$version dotnet test SelfHelpPortal.Tests --no-build --nologo -v q \
  --filter "FullyQualifiedName~UpgradeTests.This_version_can_be_kept" \
  || { rm -f "$target.dump"; die "The main flows failed."; }
ls -l "$target.dump"
