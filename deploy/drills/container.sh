#!/usr/bin/env bash
# Builds the image and starts portal and database with compose, as docs/operating/install.md says and line by line from there, then stops,
# starts, backs up and upgrades them. No registry is needed: Debian's image is made of Debian's archive, and in the place of the image of
# PostgreSQL stands one that does what compose.yaml uses of it. Images, volumes and containers lie in a folder that is deleted again. It
# needs root, some minutes and 4 GB.
#   deploy/drills/container.sh [FOLDER]    of a release for this machine; without one, scripts/release.sh makes it
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. scripts/need.sh
. scripts/production.sh
[ "$(id -u)" = 0 ] || die "The drill makes a Debian of its own and needs to be root."
missing=()
for needed in mmdebstrap podman runc iptables podman-compose curl openssl python3; do
  [ -n "$(type -P "$needed")" ] || missing+=("$needed")
done
[ -x /usr/lib/podman/netavark ] || missing+=(netavark aardvark-dns)
[ ${#missing[@]} = 0 ] || install_packages "The drill needs ${missing[*]}; install and start again." "${missing[@]}"
if [ $# = 0 ]; then
  scripts/release.sh "$(machine)"
  set -- artifacts/release
fi
release=$(cd "$1" && pwd)
drills=$PWD/deploy/drills
document=$PWD/docs/operating/install.md

work=$(mktemp -d)
mkdir "$work/portal" "$work/database" "$work/networks"
export CONTAINERS_STORAGE_CONF=$work/storage.conf CONTAINERS_CONF=$work/containers.conf
printf '[storage]\ndriver = "overlay"\ngraphroot = "%s"\nrunroot = "%s"\n' "$work/storage" "$work/run" >"$CONTAINERS_STORAGE_CONF"
# Debian's crun refuses a machine that has both kinds of cgroups; runc runs on all. Podman asks for more open files and processes than a
# machine may let even root have.
cat >"$CONTAINERS_CONF" <<CONF
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[network]
network_config_dir = "$work/networks"
[engine]
runtime = "runc"
tmp_dir = "$work/tmp"
CONF
# Podman lets systemd's timers ask for the health; where there is none, the drill asks alone.
[ -d /run/systemd/system ] || export DISABLE_HC_SYSTEMD=true

end() {
  command podman rm -af -t 10 >/dev/null 2>&1 || true
  command podman network ls -q 2>/dev/null | grep -v '^podman$' | xargs -r podman network rm -f >/dev/null 2>&1 || true
  umount "$work/storage/overlay" 2>/dev/null || true
  rm -rf --one-file-system "$work"
}
trap end EXIT

# The documents' words: "podman compose" came with Podman 4.7, and whoever is root needs no sudo.
podman() {
  if [ "$1" != compose ]; then command podman "$@"; return; fi
  shift
  if command podman compose version >/dev/null 2>&1; then command podman compose "$@"; else podman-compose "$@"; fi
}
sudo() { "$@"; }
container() { command podman ps -aq --filter "label=com.docker.compose.service=$1"; }

echo "Making a Debian …"
sources=/etc/apt/sources.list
[ ! -e /etc/apt/sources.list.d/debian.sources ] || sources=/etc/apt/sources.list.d/debian.sources
# What this machine needs to reach the archive, it needs there too.
proxy=$(apt-config dump | grep -E '^Acquire::.*Proxy' || true)
mmdebstrap --quiet --variant=minbase ${proxy:+--aptopt="$proxy"} bookworm "$work/debian.tar" "$sources" >/dev/null
base=$(sed -n 's/^ARG BASE=//p' "$release/Containerfile")
podman import -q "$work/debian.tar" "$base" >/dev/null
rm "$work/debian.tar"

echo "Making the database's image …"
cat >"$work/database/begin" <<'BEGIN'
#!/bin/bash
set -e
if [ ! -e "$PGDATA/PG_VERSION" ]; then
  chown postgres "$PGDATA"
  chmod 700 "$PGDATA"
  runuser -u postgres -- initdb -A trust -U "$POSTGRES_USER" -E UTF8 --no-sync >/dev/null
  sed -i '/^host/d' "$PGDATA/pg_hba.conf"
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  runuser -u postgres -- pg_ctl -w -s start -o "-c listen_addresses="
  psql -q -U "$POSTGRES_USER" -v password="$POSTGRES_PASSWORD" postgres <<<"ALTER ROLE :\"USER\" PASSWORD :'password'"
  createdb -U "$POSTGRES_USER" -T template0 "$POSTGRES_DB"
  for script in /docker-entrypoint-initdb.d/*.sh; do "$script"; done
  runuser -u postgres -- pg_ctl -w -s stop
fi
exec setpriv --reuid=postgres --regid=postgres --init-groups postgres -c 'listen_addresses=*'
BEGIN
chmod 755 "$work/database/begin"
cat >"$work/database/Containerfile" <<CONTAINERFILE
FROM $base
RUN mkdir /etc/postgresql-common && echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf \
 && apt-get update && apt-get install -y --no-install-recommends postgresql
COPY begin /begin
ENV PATH=/usr/lib/postgresql/15/bin:/usr/sbin:/usr/bin:/sbin:/bin PGDATA=/var/lib/postgresql/data
VOLUME /var/lib/postgresql/data
STOPSIGNAL SIGINT
ENTRYPOINT ["/begin"]
CONTAINERFILE
image=$(sed -n 's/^ *image: \(.*postgres:.*\)/\1/p' "$release/compose.yaml")
podman build -t "$image" "$work/database" >"$work/log" 2>&1 || { tail -n 20 "$work/log"; die "The database's image was not built."; }

port=$(free_ports 1)
cp "$release"/{Containerfile,compose.yaml,portal-role.sh,portal.env.sample} "$release"/*.deb "$work/portal"
cd "$work/portal"
package=$(echo *_"$(dpkg --print-architecture)".deb)
sed -i "s/127\.0\.0\.1:5080:/127.0.0.1:$port:/" compose.yaml
grep -q ":$port:8080" compose.yaml || die "compose.yaml does not publish port 5080 of 127.0.0.1."

# ready: waits until the portal answers.
ready() {
  local id
  for _ in $(seq 120); do
    [ "$(curl -s "http://127.0.0.1:$port/healthz/ready" || true)" = ready ] && return
    id=$(container portal)
    [ "$(podman inspect -f '{{.State.Running}}' "$id")" = true ] || { podman logs "$id"; die "The portal ended."; }
    sleep 1
  done
  podman logs "$id"
  die "The portal was not ready within two minutes."
}
# The compose of Debian 12 does not do what depends_on says.
database_ready() {
  for _ in $(seq 60); do
    podman healthcheck run "$(container database)" >/dev/null 2>&1 && return
    sleep 1
  done
  podman logs "$(container database)"
  die "The database was not healthy within a minute."
}
# refused SETTING…: a start with the arguments of "refuse" ends with 1, names each setting, and shows no stack.
refused() {
  local status=0 name
  podman run --rm --read-only --tmpfs /tmp "${refuse[@]}" selfhelp-portal >"$work/said" 2>&1 || status=$?
  for name in "$@"; do grep -qF "$name" "$work/said" || status="$status without $name"; done
  [ "$status" = 1 ] && ! grep -q '^   at ' "$work/said" || { cat "$work/said"; die "A start that must be refused ended with $status."; }
}

# Each line of the document's block, without its comment.
block='/^## In containers/ { here = 1 } here && /^```sh$/ { inside = 1; next } inside && /^```$/ { exit } inside'
mapfile -t lines < <(awk "$block" "$document" | sed "s/selfhelp-portal_VERSION_amd64.deb/$package/; s/  *# .*//")
[ ${#lines[@]} -ge 7 ] || die "$document has no block of lines for containers."
begun=$SECONDS
for line in "${lines[@]}"; do
  echo "\$ $line"
  eval "$line" >"$work/log" 2>&1 || { tail -n 30 "$work/log"; die "This line of $document failed: $line"; }
  case $line in
    "podman build"*)
      ! grep -i 'HEALTHCHECK is not supported' "$work/log" || die "The image has no health check."
      # Nothing is set, and nothing of the package's own configuration has come along.
      refuse=()
      refused PublicUrl ConnectionStrings:Portal Secrets:Directory Mail:From ;;
    *portal.env.sample*)
      sed -i -e 's/^POSTGRES_PASSWORD=/&first/; s/^PORTAL_PASSWORD=/&second/; /^ConnectionStrings__Migration=/s/$/first/' \
        -e '/^ConnectionStrings__Portal=/s/$/second/; s/^Mail__From=/&licenses@example.org/; s/^Mail__StaffAlerts=/&support@example.org/' \
        -e 's/^Mail__Smtp__Host=/&127.0.0.1/; s/^\(Mail__Smtp__Security=\).*/\1None/' portal.env ;;
    *"keys create"*) database_ready ;;
    *"migrate"*) grep -q Initial "$work/log" || { cat "$work/log"; die "migrate applied nothing."; } ;;
    *"check config"*)
      # There is no mail server; all else is right.
      [ "$(grep -o 'WRONG *[A-Za-z]*' "$work/log")" = "WRONG  Mail" ] || { cat "$work/log"; die "check config finds mistakes."; } ;;
    *"up -d"*) ready ;;
    *"admin create"*)
      link=$(grep -o 'https://[^[:space:]]*' "$work/log") || { cat "$work/log"; die "There is no link for the administrator."; } ;;
  esac
done
size=$(podman image inspect -f '{{.Size}}' selfhelp-portal)
echo "Ready $((SECONDS - begun)) s after the build of the image began; it has $((size >> 20)) MB."

python3 "$drills/staff-area.py" "$port" "$work/cookies" "$link"
id=$(container portal)
podman logs "$id" >"$work/log" 2>&1
grep -q '"Message":"GET /staff/licenses 200 in [0-9]* ms from 203\.0\.113\.0/24' "$work/log" \
  || { tail -n 5 "$work/log"; die "The address that a proxy forwards is not taken over."; }
for path in / /release /healthz/live; do
  code=$(curl -sS -o /dev/null -w '%{http_code}' -H 'Host: licenses.example.org' "http://127.0.0.1:$port$path")
  [ "$code" = 200 ] || die "$path answered $code."
done

inside() { podman exec "$id" "$@"; }
inside cat /proc/1/status | grep -E '^(Uid|CapEff|CapBnd|NoNewPrivs|Seccomp):' | tr '\t\n' ' ' | sed 's/$/\n/' | tee "$work/said"
grep -q 'Uid: 900 900 900 900 CapEff: 0* CapBnd: 0* NoNewPrivs: 1 Seccomp: 2' <(sed 's/0000*/0/g' "$work/said") \
  || die "The portal may do more than it needs."
for path in / /etc /etc/selfhelp-portal /usr/lib/selfhelp-portal /var/log; do
  ! inside touch "$path/written" 2>"$work/said" && grep -q 'Read-only file system' "$work/said" || die "The portal can write to $path."
done
for path in /tmp /var/lib/selfhelp-portal; do inside sh -c "touch $path/written && rm $path/written"; done
[ "$(inside stat -c '%u %a' /var/lib/selfhelp-portal/secrets)" = "900 700" ] || die "The secrets are open to others."
podman healthcheck run "$id" >/dev/null || die "The health check says no to a portal that answers."
! inside /usr/lib/selfhelp-portal/answers 8081 2>/dev/null || die "The health check says yes to a port where nothing answers."

# Settings that are wrong are told as those that are missing.
refuse=(--network portal_default --env-file portal.env -v portal_state:/var/lib/selfhelp-portal)
refused_with() { refuse+=(-e "$1"); refused "${@:2}"; unset 'refuse[-1]' 'refuse[-1]'; }
refused_with "ConnectionStrings__Portal=Host=database;Database=portal;Username=portal_app;Password=wrong" portal_app
refused_with "ConnectionStrings__Portal=Host=nowhere;Database=portal;Username=portal_app;Password=second" "PostgreSQL refuses"
refused_with PublicUrl=http://licenses.example.org PublicUrl
refused_with Secrets__Directory=/etc/selfhelp-portal/secrets /etc/selfhelp-portal/secrets

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=backup -keyout "$work/backup.key" -out backup/backup.pem 2>/dev/null
podman compose run --rm portal backup /backup --recipient /backup/backup.pem >"$work/log" 2>&1
saved=(backup/portal-*)
[ -s "${saved[0]}/database.dump" ] && [ -s "${saved[0]}/keys.sealed" ] || { cat "$work/log"; die "The backup is not in its folder."; }

# secrets: what must outlive every container.
secrets() { inside sh -c 'cd /var/lib/selfhelp-portal/secrets && sha256sum -- *'; }
before=$(secrets)
begun=$SECONDS
podman compose stop portal >/dev/null 2>&1
status=$(podman inspect -f '{{.State.ExitCode}}' "$id")
[ "$status" = 0 ] || { podman logs "$id" | tail; die "The portal was stopped and ended with $status."; }
echo "Stopped within $((SECONDS - begun)) s."
podman compose up -d >"$work/log" 2>&1
ready
python3 "$drills/staff-area.py" "$port" "$work/cookies"

echo "Upgrading …"
printf 'FROM localhost/selfhelp-portal\nLABEL next=1\n' >"$work/database/Containerfile"
podman build -q --format docker -t selfhelp-portal "$work/database" >/dev/null
upgrade() { awk -F ' *[|] *' -v step="^$1\\\\." '$2 ~ step { gsub("`", "", $5); print $5 }' "${document%/*}/upgrade.md"; }
for step in 2 4 5; do
  line=$(upgrade "$step")
  echo "\$ $line"
  eval "$line" >"$work/log" 2>&1 || { tail -n 30 "$work/log"; die "This line of upgrade.md failed: $line"; }
done
ready
id=$(container portal)
newest=$(podman image inspect -f '{{.Id}}' selfhelp-portal)
[ "$(podman inspect -f '{{.Image}}' "$id")" = "$newest" ] || die "The portal still runs in the old image."
[ "$(secrets)" = "$before" ] || die "The secrets were changed."
python3 "$drills/staff-area.py" "$port" "$work/cookies"
