#!/usr/bin/env bash
# Installs the Debian package as docs/operating/install.md says, into a Debian of its own that has never seen the portal, with PostgreSQL in
# it, and opens the staff area there. It needs root, mmdebstrap and some minutes; what it makes is deleted again.
#   deploy/drills/install.sh [PACKAGE.deb]    without one, scripts/release.sh makes it
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. scripts/need.sh
[ "$(id -u)" = 0 ] || die "The drill installs into a root of its own and needs to be root."
command -v mmdebstrap >/dev/null || install_packages "The drill needs mmdebstrap; install it and start again." mmdebstrap
package=${1:-}
if [ -z "$package" ]; then
  scripts/release.sh x64
  package=$(echo artifacts/release/*_amd64.deb)
fi

root=$(mktemp -d)
portal_id=''
enter=(chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8)
inside() { "${enter[@]}" "$@"; }
end() {
  if [ -n "$portal_id" ]; then kill "$portal_id" 2>/dev/null && wait "$portal_id" || true; fi
  inside pg_ctlcluster 15 drill stop -m fast >/dev/null 2>&1 || true
  umount "$root/dev" "$root/proc" 2>/dev/null || true
  rm -rf --one-file-system "$root"
}
trap end EXIT
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

echo "Making a Debian …"
sources=/etc/apt/sources.list
[ ! -e /etc/apt/sources.list.d/debian.sources ] || sources=/etc/apt/sources.list.d/debian.sources
# What this machine needs to reach the archive, it needs there too.
proxy=$(apt-config dump | grep -E '^Acquire::.*Proxy' || true)
mmdebstrap --quiet --variant=minbase --skip=check/empty ${proxy:+--aptopt="$proxy"} \
  --include=postgresql,postgresql-contrib,curl,jq,adduser,ca-certificates,libicu72,libssl3,tzdata \
  bookworm "$root" "$sources" >/dev/null
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"

begun=$SECONDS
database=$(free_port) port=$(free_port)
echo "Installing $(basename "$package") …"
cp "$package" "$root/tmp/portal.deb"
inside dpkg -i /tmp/portal.deb
inside pg_createcluster --port "$database" 15 drill >/dev/null
inside pg_ctlcluster 15 drill start
inside runuser -u postgres -- psql -q -p "$database" <<'SQL'
CREATE ROLE portal_owner LOGIN PASSWORD 'first';
CREATE ROLE portal_app LOGIN PASSWORD 'second';
CREATE DATABASE portal OWNER portal_owner;
SQL
settings=/etc/selfhelp-portal/appsettings.Production.json
connection="Host=127.0.0.1;Port=$database;Database=portal"
filled=$(grep -v '^ *//' "$root$settings" | jq --arg c "$connection" --arg p "$port" '
  .PublicUrl = "https://licenses.example.org" | .Urls = "http://127.0.0.1:\($p)"
  | .ConnectionStrings = {Portal: "\($c);Username=portal_app;Password=second", Migration: "\($c);Username=portal_owner;Password=first"}
  | .Mail.From = "licenses@example.org" | .Mail.StaffAlerts = "support@example.org" | .Mail.Smtp.Host = "127.0.0.1"
  | .Mail.Smtp.Security = "None"')
printf '%s\n' "$filled" >"$root$settings"
inside selfhelp-portal keys create
inside selfhelp-portal migrate
inside selfhelp-portal check config || true
# Not through a function, so that the number is the portal's own.
"${enter[@]}" selfhelp-portal >"$root/tmp/log" 2>&1 &
portal_id=$!
for _ in $(seq 120); do
  [ "$(curl -s "http://127.0.0.1:$port/healthz/ready" || true)" = ready ] && break
  kill -0 "$portal_id" 2>/dev/null || { cat "$root/tmp/log"; die "The installed portal ended."; }
  sleep 1
done
get() { curl -sS -o /dev/null -w '%{http_code}' -H 'Host: licenses.example.org' -H 'X-Forwarded-Proto: https' "http://127.0.0.1:$port$1"; }
for path in / /release /staff/setup /_framework/blazor.web.js; do
  code=$(get "$path")
  echo "$path $code"
  [[ $code = 200 || ($path = /staff/setup && $code = 302) ]] || { cat "$root/tmp/log"; die "$path answered $code."; }
done
link=$(inside selfhelp-portal admin create --email you@example.org | grep -o 'https://[^ ]*')
code=$(get "${link#https://licenses.example.org}")
[ "$code" = 200 ] || die "The link of the first administrator answered $code."
echo "Installed and answering $((SECONDS - begun)) s after unpacking began; the process has $(ps -o rss= -p "$portal_id" | tr -d ' ') KB."
ls -ld "$root/var/lib/selfhelp-portal/secrets" "$root$settings"
inside dpkg -r selfhelp-portal
[ -d "$root/var/lib/selfhelp-portal/secrets" ] || die "Removing the package took the secrets away."
