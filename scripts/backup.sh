#!/usr/bin/env bash
# Saves a portal: the database, and apart from it what opens it (secrets folder and configuration).
#   scripts/backup.sh --database "host=… dbname=… user=…" --secrets FOLDER --to FOLDER --keys-to FOLDER [--config FILE]…
# --database is what pg_dump takes (a password stands in ~/.pgpass or PGPASSWORD, never here); the user owns the schema or may read all
# of it.
# Keep the two targets in different places: together they open everything. scripts/restore.sh brings both back.
set -euo pipefail
umask 077
die() { echo "$*" >&2; exit 1; }

database='' secrets='' to='' keys_to='' configs=()
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || die "$1 needs a value."
  case $1 in
    --database) database=$2 ;;
    --secrets) secrets=$2 ;;
    --to) to=$2 ;;
    --keys-to) keys_to=$2 ;;
    --config) configs+=("$2") ;;
    *) die "Unknown: $1. Usage: backup.sh --database … --secrets FOLDER --to FOLDER --keys-to FOLDER [--config FILE]…" ;;
  esac
  shift 2
done
[ -n "$database" ] && [ -n "$secrets" ] && [ -n "$to" ] && [ -n "$keys_to" ] || die "Needed: --database, --secrets, --to and --keys-to."
[ "$to" != "$keys_to" ] || die "--to and --keys-to are the same folder; whoever has both has everything."
for part in peppers data-protection.pfx signing-keys.json; do
  [ -s "$secrets/$part" ] || die "There is no $part in $secrets: that is not the portal's whole secrets folder."
done
for config in ${configs+"${configs[@]}"}; do [ -s "$config" ] || die "There is no configuration $config."; done

stamp=$(date -u +%Y%m%d-%H%M%S)
mkdir -p "$to" "$keys_to"
dump=$to/portal-$stamp.dump
keys=$keys_to/portal-$stamp-keys.tar
sum_of_secrets() { (cd "$secrets" && find . -type f ! -name '.*' -print0 | sort -z | xargs -0 sha256sum | sha256sum); }

# What the database holds must open with what is saved: keys that change meanwhile belong to neither.
before=$(sum_of_secrets)
pg_dump -Fc --no-owner --no-privileges -d "$database" -f "$dump.part"
pg_restore --list "$dump.part" >/dev/null

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/secrets" "$work/config"
find "$secrets" -maxdepth 1 -type f ! -name '.*' -exec cp -p {} "$work/secrets/" \;
for config in ${configs+"${configs[@]}"}; do cp -p "$config" "$work/config/"; done
[ "$before" = "$(sum_of_secrets)" ] || { rm -f "$dump.part"; die "The keys changed during the backup. Start it again."; }
tar -C "$work" -cf "$keys.part" secrets config

mv "$dump.part" "$dump"
mv "$keys.part" "$keys"
(cd "$to" && sha256sum "${dump##*/}" >"${dump##*/}.sha256")
(cd "$keys_to" && sha256sum "${keys##*/}" >"${keys##*/}.sha256")
echo "$dump"
echo "$keys"
