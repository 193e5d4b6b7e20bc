#!/usr/bin/env bash
# Makes a migration from the model:   migrations/add.sh NAME
# Released migrations are never changed: what is wrong in one is mended by the next. Also writes migrations/schema.sql, the idempotent script for
# administrators who run SQL themselves, and migrations/catalog.txt, by which the portal recognizes a schema; call it with --script to write only
# these two, after adding hand-written SQL to a migration.
set -euo pipefail
cd "$(dirname "$0")/.."
name=${1:?usage: migrations/add.sh NAME | --script}
# The tool needs the program, not what the analyzers think of it.
build() { dotnet build migrations -v q --nologo -p:RunAnalyzers=false; }
ef=(dotnet ef --project SelfHelpPortal --startup-project migrations)
dotnet tool restore >/dev/null
build
if [ "$name" != --script ]; then
  dotnet ef migrations add "$name" --no-build --project SelfHelpPortal --startup-project migrations --output-dir ../migrations --namespace SelfHelpPortal.Data.Migrations
  # The tool looks for its snapshot inside the web project only and writes it there; it belongs beside the migrations.
  misplaced=$(find SelfHelpPortal -name PortalDbContextModelSnapshot.cs -not -path '*/obj/*')
  if [ -n "$misplaced" ]; then
    mv "$misplaced" migrations/PortalDbContextModelSnapshot.cs
    rmdir -p "$(dirname "$misplaced")" 2>/dev/null || true
  fi
  build
fi
"${ef[@]}" migrations script --no-build --idempotent --output migrations/schema.sql
# Into an empty database of a private PostgreSQL, step by step.
dotnet run --no-build --project migrations -- catalog migrations/catalog.txt
