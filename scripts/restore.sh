#!/usr/bin/env bash
# Brings a portal back onto an empty machine, and checks that what came back belongs together.
#   scripts/restore.sh --dump FILE.dump --keys FILE-keys.tar --database "host=… dbname=… user=…" --secrets FOLDER --program FOLDER
#     [--config-to FOLDER]
# Both database roles exist, the database is empty and belongs to --database's user; --program has SelfHelpPortal.dll, whose configuration
# names this database and this secrets folder (--config-to puts the saved configuration there). Run it as the account that the portal runs
# under.
set -euo pipefail
umask 077
die() { echo "$*" >&2; exit 1; }

dump='' keys='' database='' secrets='' program='' config_to=''
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || die "$1 needs a value."
  case $1 in
    --dump) dump=$2 ;;
    --keys) keys=$2 ;;
    --database) database=$2 ;;
    --secrets) secrets=$2 ;;
    --program) program=$2 ;;
    --config-to) config_to=$2 ;;
    *) die "Unknown: $1. Usage: restore.sh --dump FILE --keys FILE --database … --secrets FOLDER --program FOLDER [--config-to FOLDER]" ;;
  esac
  shift 2
done
[ -n "$dump" ] && [ -n "$keys" ] && [ -n "$database" ] && [ -n "$secrets" ] && [ -n "$program" ] \
  || die "Needed: --dump, --keys, --database, --secrets and --program."
[ -s "$program/SelfHelpPortal.dll" ] || die "There is no SelfHelpPortal.dll in $program."
for file in "$dump" "$keys"; do
  [ -s "$file" ] || die "There is no $file."
  (cd "$(dirname "$file")" && sha256sum --check --status "$(basename "$file").sha256") \
    || die "$file is not what was saved (or $file.sha256 is missing)."
done
[ -z "$(ls -A "$secrets" 2>/dev/null)" ] || die "$secrets is not empty; a restore writes over nothing."
tables=$(psql -XAtq -d "$database" -c "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
[ "$tables" = 0 ] || die "The database has $tables tables already; a restore writes over nothing."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar -C "$work" -xf "$keys"
mkdir -p "$secrets"
chmod 700 "$secrets"
cp "$work"/secrets/* "$secrets/"
chmod 600 "$secrets"/*
if [ -n "$config_to" ]; then mkdir -p "$config_to"; find "$work/config" -type f -exec cp {} "$config_to/" \; ; fi

pg_restore --no-owner --no-privileges --exit-on-error --single-transaction -d "$database" "$dump"
cd "$program"
dotnet SelfHelpPortal.dll migrate
dotnet SelfHelpPortal.dll check restore
