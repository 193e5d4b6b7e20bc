#!/usr/bin/env bash
# Makes a migration from the model:   migrations/add.sh NAME
# Until the first release there is one generated migration; make it anew with   migrations/add.sh --reset
# Both write migrations/schema.sql, the idempotent script for administrators who run SQL themselves.
set -euo pipefail
cd "$(dirname "$0")/.."
name=${1:?usage: migrations/add.sh NAME | --reset}
ef=(dotnet ef --project SelfHelpPortal --startup-project migrations)
dotnet tool restore >/dev/null
if [ "$name" = --reset ]; then
  name=Initial
  find migrations -maxdepth 1 -name '*_Initial*.cs' -delete
  # With the snapshot still there, the tool would write only what differs from it.
  find migrations SelfHelpPortal -name PortalDbContextModelSnapshot.cs -not -path '*/obj/*' -delete
fi
dotnet build migrations -v q --nologo
dotnet ef migrations add "$name" --no-build --project SelfHelpPortal --startup-project migrations --output-dir ../migrations --namespace SelfHelpPortal.Data.Migrations
# The tool looks for its snapshot inside the web project only and writes it there; it belongs beside the migrations.
misplaced=$(find SelfHelpPortal -name PortalDbContextModelSnapshot.cs -not -path '*/obj/*')
if [ -n "$misplaced" ]; then
  mv "$misplaced" migrations/PortalDbContextModelSnapshot.cs
  rmdir -p "$(dirname "$misplaced")" 2>/dev/null || true
fi
if [ "$name" = Initial ]; then
  # A fixed id, before every hand-written migration, so that making it anew changes no order.
  from=$(basename "$(ls migrations/*_Initial.cs)" .cs)
  to=20261122000001_Initial
  if [ "$from" != "$to" ]; then
    mv "migrations/$from.cs" "migrations/$to.cs"
    mv "migrations/$from.Designer.cs" "migrations/$to.Designer.cs"
    sed -i "s/$from/$to/" "migrations/$to.Designer.cs"
  fi
fi
dotnet build migrations -v q --nologo
"${ef[@]}" migrations script --no-build --idempotent --output migrations/schema.sql
