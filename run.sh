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
export Logging__LogLevel__Default=${Logging__LogLevel__Default:-Warning}
# As a variable the address also reaches the command that prints links.
case "${1:-}" in
  --urls) export ASPNETCORE_URLS=${2:?--urls needs an address} ;;
  --urls=*) export ASPNETCORE_URLS=${1#--urls=} ;;
  "") [ -z "${PORT:-}" ] || export ASPNETCORE_URLS=http://127.0.0.1:$PORT ;;
esac
mkdir -p .data
# The program's content root is its source folder; relative paths of the configuration begin at the repository.
portal() { (cd SelfHelpPortal && exec dotnet bin/Debug/net10.0/SelfHelpPortal.dll "$@"); }

# The demo's keys are printed once by the command, since the database keeps no key in clear; the note is for the next start.
if [ ! -s .data/demo.txt ]; then
  if (umask 077 && portal seed --demo >.data/demo.new); then
    mv .data/demo.new .data/demo.txt
  else
    cat .data/demo.new >&2
    rm -f .data/demo.new
  fi
fi
[ ! -s .data/demo.txt ] || cat .data/demo.txt

cd SelfHelpPortal
exec dotnet bin/Debug/net10.0/SelfHelpPortal.dll "$@"
