# Sourced after need.sh, in the repository's folder, by what runs portals as in production: a program that is published as a release has it,
# and a database of its own.
unset ConnectionStrings__Portal ConnectionStrings__Migration ASPNETCORE_URLS

# publish_program PROJECT ARCHITECTURE FOLDER: with .NET beside it, compiled ahead.
publish_program() {
  dotnet publish "$1" -c Release -r "linux-$2" --self-contained -o "$3" -p:RestoreLockedMode=true -v q --nologo --disable-build-servers
}

# machine: the architecture of this one, as .NET calls it.
machine() { case $(uname -m) in aarch64 | arm64) echo arm64 ;; *) echo x64 ;; esac; }

# free_ports NUMBER: of loopback, on one line.
free_ports() {
  python3 -c 'import socket, sys
sockets = [socket.socket() for _ in range(int(sys.argv[1]))]
for s in sockets: s.bind(("127.0.0.1", 0))
print(*[s.getsockname()[1] for s in sockets])' "$1"
}

# PostgreSQL refuses to run as root.
as_postgres() { if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }

# begin_cluster FOLDER PORT: an empty PostgreSQL. Nobody needs a password, and "overseer" sees everything. end_postgres FOLDER ends it.
begin_cluster() {
  pg_bin=${SELFHELP_PG_BIN:-$(dirname "$(readlink -f "$(find_initdb)")")}
  mkdir "$1"
  [ "$(id -u)" != 0 ] || chown postgres "$1"
  as_postgres "$pg_bin/initdb" -D "$1/data" -U overseer -A trust -E UTF8 --no-sync >/dev/null
  as_postgres "$pg_bin/pg_ctl" -D "$1/data" -l "$1/log" -w -s start \
    -o "-c listen_addresses=127.0.0.1 -c port=$2 -c unix_socket_directories=$1"
}
# begin_postgres FOLDER PORT: with the roles and the empty database of docs/operating/install.md.
begin_postgres() {
  begin_cluster "$1" "$2"
  "$pg_bin/psql" -q -h 127.0.0.1 -p "$2" -U overseer postgres <<'SQL'
CREATE ROLE portal_owner LOGIN;
CREATE ROLE portal_app LOGIN;
CREATE DATABASE portal OWNER portal_owner;
SQL
}
end_postgres() { as_postgres "$pg_bin/pg_ctl" -D "$1/data" stop -s -m fast >/dev/null 2>&1 || true; }

# as_in_production FOLDER PORT: what the portal's configuration has to say, as variables; its files lie in FOLDER, its database at PORT.
as_in_production() {
  export ASPNETCORE_ENVIRONMENT=Production PublicUrl=https://licenses.example.org
  export ConnectionStrings__Portal="Host=127.0.0.1;Port=$2;Database=portal;Username=portal_app"
  export ConnectionStrings__Migration="Host=127.0.0.1;Port=$2;Database=portal;Username=portal_owner"
  export Secrets__Directory=$1/secrets Proxy__KnownNetworks__0=127.0.0.1/32 Logging__LogLevel__Default=Warning
  export Mail__Transport=Pickup Mail__PickupDirectory=$1/mail Mail__From=licenses@example.org Mail__StaffAlerts=support@example.org
}

# block NUMBER LANGUAGE DOCUMENT: what stands in a block of code of a document.
block() { awk -v n="$1" -v open="^\`\`\`$2\$" '$0 ~ open { inside = 1; seen++; next } /^```$/ { inside = 0 } inside && seen == n' "$3"; }
