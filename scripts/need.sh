# Sourced by run.sh and test.sh, in the repository's folder: what both need, installed where that can be done, otherwise said in one
# sentence.

die() { echo "$*" >&2; exit 1; }

# as_root COMMAND…: as root, or through sudo where it asks for no password.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"; else return 1; fi
}

# install_packages SENTENCE PACKAGE…: from Debian's archive; SENTENCE says what is missing when that is not possible.
install_packages() {
  local sentence=$1 log; shift
  command -v apt-get >/dev/null || die "$sentence"
  as_root true || die "$sentence (Debian: apt-get install $*)"
  log=$(mktemp)
  echo "Installing $* …"
  if ! { as_root apt-get update -qq \
      && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-confold "$@"
    } >"$log" 2>&1; then
    tail -n 3 "$log" >&2
    die "$sentence (apt-get install $* failed, see $log)"
  fi
  rm -f "$log"
}

# unpack_package PACKAGE FOLDER: from Debian's archive, without installing it.
unpack_package() {
  local sentence="The tests need the programs of Debian's package $1." work
  command -v apt-get >/dev/null || die "$sentence"
  work=$(mktemp -d)
  if ! { (cd "$work" && apt-get download -qq "$1") \
      || { as_root apt-get update -qq && (cd "$work" && apt-get download -qq "$1"); }; } 2>"$work/log"; then
    cat "$work/log" >&2
    die "$sentence (apt-get download $1 failed)"
  fi
  mkdir -p "$2"
  dpkg -x "$work"/*.deb "$2"
  rm -rf "$work"
}

need_dotnet() {
  # The tools of .NET keep packages and settings in the home folder; a service account may have none.
  if [ ! -w "${HOME:-/nonexistent}" ]; then mkdir -p .data/home; export HOME=$PWD/.data/home; fi
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
  local folder
  for folder in "${DOTNET_ROOT:-}" "$HOME/.dotnet" /usr/share/dotnet /usr/lib/dotnet /usr/local/share/dotnet; do
    command -v dotnet >/dev/null && break
    if [ -n "$folder" ] && [ -x "$folder/dotnet" ]; then PATH=$folder:$PATH; fi
  done
  # In this folder dotnet obeys global.json, so it answers only with an SDK that fits.
  dotnet --version >/dev/null 2>&1 \
    || die "The .NET SDK 10 is missing: install it from https://dotnet.microsoft.com/download/dotnet/10.0 and start again."
}

# find_initdb: the one in PATH, else the newest of the usual places, else nothing.
find_initdb() {
  command -v initdb && return 0
  local file
  for file in /usr/lib/postgresql/*/bin/initdb /usr/pgsql-*/bin/initdb /opt/homebrew/opt/postgresql@*/bin/initdb \
      /usr/local/opt/postgresql@*/bin/initdb /Applications/Postgres.app/Contents/Versions/*/bin/initdb; do
    [ ! -x "$file" ] || echo "$file"
  done | sort -V | tail -n 1
}

need_postgres() {
  [ -z "${ConnectionStrings__Portal:-}" ] || return 0
  if [ -n "${SELFHELP_PG_BIN:-}" ]; then
    [ -x "$SELFHELP_PG_BIN/initdb" ] || die "SELFHELP_PG_BIN names $SELFHELP_PG_BIN, but there is no initdb in it."
    return 0
  fi
  [ -z "$(find_initdb)" ] || return 0
  # Only the programs are wanted: without this, Debian's package would also start a cluster of the system's.
  if command -v apt-get >/dev/null && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    as_root sh -c 'mkdir -p /etc/postgresql-common && echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf' || true
  fi
  install_packages "PostgreSQL 15 or later is missing; install it and start again." postgresql
}

# need_writable: a clone that somebody else (for instance root) has built in cannot be built in again.
need_writable() {
  local folder
  for folder in . .data SelfHelpPortal/bin SelfHelpPortal/obj; do
    [ ! -e "$folder" ] || [ -w "$folder" ] || die "$PWD/$folder belongs to somebody else: start as that user, or use a clone of your own."
  done
}

# build PROJECT: silent unless it fails, of exactly the packages in packages.lock.json, and without the compiler processes that would
# stay behind.
build() {
  local log; log=$(mktemp)
  if ! dotnet build "$1" -p:RestoreLockedMode=true -v q --nologo -clp:NoSummary --disable-build-servers >"$log" 2>&1; then
    grep -E 'error|rror:' "$log" | sort -u | head -n 20 >&2 || cat "$log" >&2
    die "The build failed."
  fi
  rm -f "$log"
}
