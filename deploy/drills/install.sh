#!/usr/bin/env bash
# Installs the Debian package as docs/operating/install.md says, into a Debian of its own that has never seen the portal, with systemd and
# PostgreSQL running in it, opens the staff area there, upgrades the package, removes and purges it. What it upgrades from is the same
# program in a package with a lower version and another configuration file: no release before had a package. It needs root, mmdebstrap and
# some minutes; what it makes is deleted again.
#   deploy/drills/install.sh [PACKAGE.deb]    without one, scripts/release.sh makes it
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. scripts/need.sh
. scripts/production.sh
[ "$(id -u)" = 0 ] || die "The drill installs into a root of its own and needs to be root."
command -v mmdebstrap >/dev/null || install_packages "The drill needs mmdebstrap; install it and start again." mmdebstrap
package=${1:-}
if [ -z "$package" ]; then
  scripts/release.sh "$(machine)"
  package=$(echo artifacts/release/*_"$(dpkg --print-architecture)".deb)
fi
version=$(dpkg-deb -f "$package" Version)

work=$(mktemp -d)
root=$work/root
boot_id=''
end() {
  # With its first process everything in the Debian ends, its mounts too.
  if [ -n "$boot_id" ]; then kill -KILL "$boot_id" 2>/dev/null && wait "$boot_id" 2>/dev/null || true; fi
  rm -rf --one-file-system "$work"
}
trap end EXIT

echo "Making a Debian …"
sources=/etc/apt/sources.list
[ ! -e /etc/apt/sources.list.d/debian.sources ] || sources=/etc/apt/sources.list.d/debian.sources
# What this machine needs to reach the archive, it needs there too.
proxy=$(apt-config dump | grep -E '^Acquire::.*Proxy' || true)
mmdebstrap --quiet --variant=minbase ${proxy:+--aptopt="$proxy"} \
  --include=systemd,postgresql,postgresql-contrib,jq,adduser,ca-certificates,libicu72,libssl3,tzdata \
  bookworm "$root" "$sources" >/dev/null

echo "Packing an older version …"
dpkg-deb -R "$package" "$work/older"
sed -i 's/^Version: .*/Version: 0.0.1/' "$work/older/DEBIAN/control"
settings=/etc/selfhelp-portal/appsettings.Production.json
sed -i '1i // Of the older version.' "$work/older$settings"
dpkg-deb -Znone -b "$work/older" "$root/srv/older.deb" >/dev/null
cp "$package" "$root/srv/portal.deb"

# boot ROOT: begins the system in ROOT, in namespaces of its own, so that it has the usual ports for itself.
boot() {
  mount --make-rprivate /
  mount --bind "$1" "$1"
  cd "$1"
  mount -t proc proc proc
  mount -t sysfs -o ro sysfs sys
  mount -t cgroup2 cgroup2 sys/fs/cgroup
  mount -t tmpfs -o mode=755 tmpfs run
  mount -t tmpfs -o mode=755 tmpfs dev
  for device in null zero full random urandom tty; do touch "dev/$device"; mount --bind "/dev/$device" "dev/$device"; done
  mkdir dev/pts dev/shm
  mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
  ln -s pts/ptmx dev/ptmx
  ln -s /proc/self/fd dev/fd
  pivot_root . mnt
  umount -l /mnt
  exec env -i container=drill PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd
}
export -f boot
unshare --mount --pid --fork --kill-child --cgroup --uts --ipc --net bash -ec 'boot "$1"' boot "$root" </dev/null >"$work/boot" 2>&1 &
boot_id=$!
init=''
# The system's first process, as it is numbered here.
inside() { nsenter --all --target "$init" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 "$@"; }
# eventually SENTENCE COMMAND…: waits until it is so.
eventually() {
  for _ in $(seq 120); do
    ! "${@:2}" >/dev/null 2>&1 || return 0
    sleep 1
  done
  inside journalctl -q --no-pager -n 40 || cat "$work/boot"
  die "$1"
}
booted() { init=$(pgrep -P "$boot_id") && inside systemctl is-active postgresql@15-main; }
eventually "The Debian did not start." booted

from_outside() { nsenter --net --target "$init" "$@"; }
get() {
  from_outside curl -sS -o /dev/null -w '%{http_code}' -H 'Host: licenses.example.org' "http://127.0.0.1:5080$1"
}
# started BEFORE: the service runs in another process than BEFORE, and as the unit says.
started() {
  eventually "The service did not start." inside systemctl is-active --quiet selfhelp-portal
  id=$(inside systemctl show -P MainPID selfhelp-portal)
  [ "$id" != "$1" ] || die "The service was not restarted."
  [ "$(inside stat -c %U "/proc/$id")" = selfhelp-portal ] || die "The service does not run as its account."
  inside grep -q '^NoNewPrivs:.*1$' "/proc/$id/status" && inside grep -q '^CapEff:.*0000$' "/proc/$id/status" \
    || die "The service may do more than the unit says."
}
secrets() { inside sh -c 'cd /var/lib/selfhelp-portal/secrets && sha256sum -- *'; }

begun=$SECONDS
echo "Installing version $(inside dpkg-deb -f /srv/older.deb Version) …"
inside dpkg -i /srv/older.deb
inside runuser -u postgres -- psql -q <<'SQL'
CREATE ROLE portal_owner LOGIN PASSWORD 'first';
CREATE ROLE portal_app LOGIN PASSWORD 'second';
CREATE DATABASE portal OWNER portal_owner;
SQL
connection="Host=127.0.0.1;Database=portal"
filled=$(grep -v '^ *//' "$root$settings" | inside jq --arg c "$connection" '
  .PublicUrl = "https://licenses.example.org"
  | .ConnectionStrings = {Portal: "\($c);Username=portal_app;Password=second", Migration: "\($c);Username=portal_owner;Password=first"}
  | .Mail.From = "licenses@example.org" | .Mail.StaffAlerts = "support@example.org" | .Mail.Smtp.Host = "127.0.0.1"
  | .Mail.Smtp.Security = "None"')
printf '%s\n' "$filled" >"$root$settings"
inside selfhelp-portal keys create
inside selfhelp-portal migrate
inside selfhelp-portal check config || true
# What became of it, and why, is told by "started".
inside systemctl enable --now selfhelp-portal || true
started 0
for path in / /release /staff/setup /_framework/blazor.web.js; do
  code=$(get "$path")
  echo "$path $code"
  [[ $code = 200 || ($path = /staff/setup && $code = 302) ]] || die "$path answered $code."
done
link=$(inside selfhelp-portal admin create --email you@example.org | grep -o 'https://[^ ]*')
from_outside python3 deploy/drills/staff-area.py 5080 "$work/cookies" "$link"
memory=$(inside sed -n 's/^VmRSS:\t *//p' "/proc/$id/status")
echo "Installed and answering $((SECONDS - begun)) s after unpacking began; the process has $memory."
inside ls -ld /var/lib/selfhelp-portal/secrets "$settings"

echo "Upgrading to $version …"
before=$(secrets)
# Enter, where dpkg asks about the configuration.
inside dpkg -i /srv/portal.deb <<<''
[ "$(inside dpkg-query -f '${Version} ${Status}' -W selfhelp-portal)" = "$version install ok installed" ] || die "The upgrade is not done."
started "$id"
[ "$(cat "$root$settings")" = "$filled" ] || die "The upgrade has changed the configuration."
[ "$(inside stat -c '%a %U %G' "$settings")" = "640 root selfhelp-portal" ] || die "The upgrade has opened the configuration to others."
! grep -q "older" "$root$settings.dpkg-dist" || die "dpkg has not left the new configuration beside it."
[ "$(secrets)" = "$before" ] || die "The upgrade has changed the secrets."
from_outside python3 deploy/drills/staff-area.py 5080 "$work/cookies"
# What an administrator has stopped, an upgrade does not start.
inside systemctl stop selfhelp-portal
inside dpkg -i /srv/portal.deb
! inside systemctl is-active --quiet selfhelp-portal || die "The upgrade has started a service that was stopped."
inside systemctl is-enabled --quiet selfhelp-portal || die "The upgrade has disabled the service."

echo "Removing …"
inside systemctl start selfhelp-portal
started "$id"
inside dpkg -r selfhelp-portal
inside test ! -e "/proc/$id" || die "The removed portal still runs."
[ -z "$(inside find /etc/systemd /usr/lib/selfhelp-portal -name '*elf*elp*' 2>/dev/null || true)" ] || die "Files of the program are left."
[ "$(cat "$root$settings")" = "$filled" ] || die "Removing the package took the configuration away."
[ "$(secrets)" = "$before" ] || die "Removing the package took the secrets away."
inside dpkg -P selfhelp-portal
[ ! -e "$root${settings%/*}" ] || die "Purging the package left ${settings%/*}."
[ "$(secrets)" = "$before" ] || die "Purging the package took the secrets away."
