#!/usr/bin/env bash
# Start and size of the published portal beside a web program that does nothing, published alike and started in turn:
#   bench/start.sh [--published] [ROUNDS] [NAME=VALUE …]     default 7 rounds; the variables are for the portal alone
# --published takes what is published already. The database is private and temporary.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/need.sh
. scripts/production.sh
programs=$PWD/artifacts/bench/start
need_postgres
if [ "${1:-}" = --published ]; then
  shift
else
  need_writable
  need_dotnet
  rm -rf "$programs"
  publish_program SelfHelpPortal "$(machine)" "$programs/portal"
  publish_program bench/Empty "$(machine)" "$programs/empty"
fi
work=$(mktemp -d)
# The server's account comes through to its folder and lists nothing.
chmod 711 "$work"
trap 'end_postgres "$work/pg"; rm -rf "$work"' EXIT
port=$(free_ports 1)
begin_postgres "$work/pg" "$port"
as_in_production "$work" "$port"
for command in 'keys create' migrate; do
  # shellcheck disable=SC2086 # Two words.
  (cd "$programs/portal" && ./SelfHelpPortal $command >/dev/null)
done
python3 bench/start.py "${1:-7}" "$programs/portal" "$programs/empty" "$pg_bin" "$port" "${@:2}"
