#!/usr/bin/env bash
# Starts the portal with a private PostgreSQL and demo data:   ./run.sh [--urls http://127.0.0.1:5080]
# The port can also come from the variable PORT. Everything it writes lies in .data; delete that folder to begin anew.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. scripts/need.sh

need_writable
need_dotnet
need_postgres
echo "Building (the first time takes a minute or two) …"
build SelfHelpPortal

export ASPNETCORE_ENVIRONMENT=${ASPNETCORE_ENVIRONMENT:-Development}
export Brand__Folder=${Brand__Folder:-samples/brand}
export Logging__LogLevel__Default=${Logging__LogLevel__Default:-Warning}
# As a variable the address also reaches the command that prints links.
case "${1:-}" in
  --urls) export ASPNETCORE_URLS=${2:?--urls needs an address} ;;
  --urls=*) export ASPNETCORE_URLS=${1#--urls=} ;;
  "") [ -z "${PORT:-}" ] || export ASPNETCORE_URLS=http://127.0.0.1:$PORT ;;
esac
staff=admin@muster-software.example
mkdir -p .data
# The program's content root is its source folder; relative paths of the configuration begin at the repository.
portal() { (cd SelfHelpPortal && exec dotnet bin/Debug/net10.0/SelfHelpPortal.dll "$@"); }

# Demo data and the first staff account once, and only in the private cluster. What was printed is kept for the next start.
note=.data/demo.txt
if [ -z "${ConnectionStrings__Portal:-}" ]; then
  [ -e .data/pg ] || rm -f "$note"
  if [ ! -s "$note" ]; then
    (umask 077; : >"$note.new")
    portal seed --demo >"$note.new" || portal seed --show-keys >"$note.new" || die "$(cat "$note.new")"
    {
      echo
      echo "A customer's account: open one under /account/register with inhaber@muster-gastro.example; the mail is under /dev/mail."
      echo "First staff account: $staff. $(portal admin create --email "$staff" || true)"
    } >>"$note.new"
    mv "$note.new" "$note"
  fi
  cat "$note"
  echo "(Another link: dotnet run --project SelfHelpPortal -- admin reset --email $staff)"
fi

cd SelfHelpPortal
exec dotnet bin/Debug/net10.0/SelfHelpPortal.dll "$@"
