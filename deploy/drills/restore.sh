#!/usr/bin/env bash
# A server is lost and comes back from its backup, by the steps of docs/operating/backup.md themselves: only folders and names are replaced.
# The new PostgreSQL has never seen the portal, and a licensed program that was activated before goes on. Between, a backup is killed and
# another one finds the disk full. Everything listens on loopback and lies in a folder that is deleted again.
#   deploy/drills/restore.sh [PROGRAM]    PROGRAM: folder of a published portal; without one, it is published first
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. scripts/need.sh
. scripts/production.sh
document=$PWD/docs/operating/backup.md integrate=$PWD/docs/integrate.md
need_postgres
for needed in openssl python3 curl; do
  command -v "$needed" >/dev/null || install_packages "The drill needs $needed; install it and start again." "$needed"
done
if [ -n "${1:-}" ]; then
  program=$(cd "$1" && pwd)
else
  need_writable
  need_dotnet
  program=$PWD/artifacts/bench/start/portal
  echo "Publishing …"
  publish_program SelfHelpPortal "$(machine)" "$program"
fi

work=$(mktemp -d)
# The server's account comes through to its folder and lists nothing.
chmod 711 "$work"
portal_id='' client_id=''
end() {
  for id in "$client_id" "$portal_id"; do
    if [ -n "$id" ]; then kill "$id" 2>/dev/null && wait "$id" 2>/dev/null || true; fi
  done
  for cluster in "$work/lost" "$work/new"; do [ ! -d "$cluster" ] || end_postgres "$cluster"; done
  umount "$work/full" 2>/dev/null || true
  rm -rf --one-file-system "$work"
}
trap end EXIT
read -r lost new port < <(free_ports 3)

# configure DATABASE_PORT: everything in a file, as it is saved.
configure() {
  mkdir -p "$work/etc"
  cat >"$work/etc/appsettings.Production.json" <<JSON
{
  "PublicUrl": "https://licenses.example.org",
  "Urls": "http://127.0.0.1:$port",
  "ConnectionStrings": {
    "Portal": "Host=127.0.0.1;Port=$1;Database=portal;Username=portal_app;Password=second",
    "Migration": "Host=127.0.0.1;Port=$1;Database=portal;Username=portal_owner;Password=first"
  },
  "Secrets": { "Directory": "$work/secrets" },
  "Proxy": { "KnownNetworks": ["127.0.0.1/32"] },
  "Mail": { "Transport": "Pickup", "PickupDirectory": "$work/mail", "From": "licenses@example.org", "StaffAlerts": "support@example.org" },
  "Logging": { "LogLevel": { "Default": "Warning" } }
}
JSON
}
selfhelp-portal() { "$program/SelfHelpPortal" "$@" --config "$work/etc"; }
# As the package starts it, so that the number is the portal's own.
begin() {
  "$program/SelfHelpPortal" --config "$work/etc" >>"$work/log" 2>&1 &
  portal_id=$!
  for _ in $(seq 600); do
    [ "$(curl -s "http://127.0.0.1:$port/healthz/ready" || true)" = ready ] && return
    kill -0 "$portal_id" 2>/dev/null || { cat "$work/log"; die "The portal ended."; }
    sleep 0.2
  done
  die "The portal was not ready within two minutes."
}
# step NUMBER [NAME]: a block of the document, in the folder of the drill. NAME is that of the backup which was made.
step() {
  local status=0
  block "$1" sh "$document" | sed -e "s:/backup/portal-[0-9-]*:$work/backup/${2:-}:; s:/backup :$work/backup :" \
    -e "s:/etc/selfhelp-portal:$work/etc:; s:/tmp/restored-:$work/restored-:" >"$work/step"
  [ -s "$work/step" ] || die "$document has no block $1."
  sed 's/^/  $ /' "$work/step"
  cd "$work"
  # shellcheck source=/dev/null
  . "$work/step" || status=$?
  cd - >/dev/null
  return "$status"
}
# What the licensed program still has to do is told by a file.
wait_for() {
  for _ in $(seq 600); do
    [ -e "$1" ] && return
    kill -0 "$client_id" 2>/dev/null || { cat "$work/client.log"; die "The licensed program failed."; }
    sleep 0.2
  done
  die "$1 did not come within two minutes."
}

echo "A portal, its customers and a licensed program …"
begin_postgres "$work/lost" "$lost"
configure "$lost"
selfhelp-portal keys create >/dev/null
selfhelp-portal migrate >/dev/null
selfhelp-portal seed --demo >"$work/keys"
begin
printf 'header = "Host: licenses.example.org"\nheader = "X-Forwarded-Proto: https"\n' >"$work/.curlrc"
{
  for number in 1 2 3 4 5 6; do block "$number" sh "$integrate"; done
  echo 'touch "$BEFORE"; until [ -e "$AFTER" ]; do sleep 0.2; done'
  echo 'check_in; same "after the restore the program is checked in as before" "$code" VALID'
  block 7 sh "$integrate"
} >"$work/client.sh"
key=$(awk '/^BeamAlign:/ { inside = 1 } inside && /^ / && $3 !~ "active" { print $2; exit }' "$work/keys")
CURL_HOME=$work BEFORE=$work/before AFTER=$work/after PORTAL=http://127.0.0.1:$port PRODUCT=beamalign KEY=$key \
  bash "$work/client.sh" >"$work/client.log" 2>&1 &
client_id=$!
wait_for "$work/before"

echo "Back up:"
mkdir "$work/backup"
echo "a passphrase for the drill" >"$work/etc/backup-passphrase"
step 2 2>"$work/said" || { cat "$work/said"; die "The certificate was not made."; }
cp "$work/backup.pem" "$work/etc/backup.pem"
# The two lines of the document in one second would have one name.
step 1 >"$work/said"
cat "$work/said"
[ "$(grep -c "^$work/backup/portal-" "$work/said")" = 2 ] || die "Not both ways saved it."
saved=$(basename "$(grep "^$work/backup/portal-" "$work/said" | head -n 1)")
(cd "$work/backup/$saved" && sha256sum --quiet --check SHA256SUMS) || die "The sums are not those of the files."
[ -z "$(find "$work/backup" -type f ! -perm 600)" ] || die "A saved file is open to others."
selfhelp-portal verify backup "$work/backup/$saved" --key "$work/backup.key" >"$work/verified" || true
grep -q CREATEDB "$document" || die "$document does not name the right that verify needs."
"$pg_bin/psql" -q -h 127.0.0.1 -p "$lost" -U overseer postgres -c 'ALTER ROLE portal_owner CREATEDB'
step 4 "$saved" >"$work/verified" || { cat "$work/verified"; die "The backup was not verified."; }
tail -n 1 "$work/verified"

echo "A backup that is killed, and one on a full disk …"
"$program/SelfHelpPortal" backup "$work/backup" --recipient "$work/etc/backup.pem" --config "$work/etc" >"$work/killed" 2>&1 &
killed=$!
for _ in $(seq 600); do compgen -G "$work/backup/*.part" >/dev/null && break; sleep 0.02; done
kill -9 "$killed" 2>/dev/null || true
wait "$killed" 2>/dev/null || true
compgen -G "$work/backup/*.part" >/dev/null || die "The backup was not killed in the middle."
if mkdir "$work/full" && mount -t tmpfs -o size=64k none "$work/full" 2>/dev/null; then
  if selfhelp-portal backup "$work/full" --recipient "$work/etc/backup.pem" >"$work/said" 2>&1; then die "A full disk took a backup."; fi
  grep -i 'space' "$work/said" || { cat "$work/said"; die "The full disk is not named."; }
  [ -z "$(ls -A "$work/full")" ] || die "Something of it was left."
fi

echo "The server is lost."
kill "$portal_id" && wait "$portal_id" || true
portal_id=''
configuration=$(cat "$work/etc/appsettings.Production.json")
end_postgres "$work/lost"
rm -rf "$work/lost" "$work/secrets" "$work/mail" "$work/etc"

begun=$SECONDS
echo "Restore:"
begin_cluster "$work/new" "$new"
block 1 sql "$document" | sed 's/^/  # /'
block 1 sql "$document" | "$pg_bin/psql" -q -h 127.0.0.1 -p "$new" -U overseer postgres
configure "$new"
step 3 "$saved"
[ "$(cat "$work/restored-configuration/"*-appsettings.Production.json)" = "$configuration" ] \
  || die "The configuration is not the saved one."
selfhelp-portal check data
begin
touch "$work/after"
wait "$client_id" || { cat "$work/client.log"; die "The licensed program does not go on."; }
client_id=''
tail -n 4 "$work/client.log"
code=$(CURL_HOME=$work curl -sS -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/release")
[ "$code" = 200 ] || die "/release answered $code."
if step 3 "$saved" >"$work/said" 2>&1; then die "A second restore wrote over the first."; fi
tail -n 1 "$work/said"
echo "From an empty server to a portal that the licensed program goes on with: $((SECONDS - begun)) s."
