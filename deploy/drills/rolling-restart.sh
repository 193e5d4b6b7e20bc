#!/usr/bin/env bash
# Restarts two portals behind nginx in turn while clients go on asking, as docs/operating/nodes.md says: not one request may fail. nginx
# runs with deploy/nginx.conf and the blocks of that document; only addresses and the certificate are replaced. Everything listens on
# loopback and lies in a folder that is deleted again; PostgreSQL is the drill's own.
#   deploy/drills/rolling-restart.sh [--requests N] [--restarts N] [--from REVISION] [--kill] [PROGRAM]
#   PROGRAM   folder of a published portal; without one, it is published first
#   --from    an upgrade as docs/operating/upgrade.md says: both nodes begin with the program of this commit, for example the last release
#             (git log -1 --format=%H --grep='^Release: '), and go on while the new one migrates; the restarts replace them
#   --kill    what must not be done: SIGKILL instead of SIGTERM and no delay. The drill has to fail then.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. scripts/need.sh
. scripts/production.sh
requests=5000 restarts=5 signal=TERM program='' from=''
while [ $# -gt 0 ]; do
  case $1 in
    --requests) requests=${2:?}; shift ;;
    --restarts) restarts=${2:?}; shift ;;
    --from) from=$(git rev-parse --verify -q "${2:?}^{commit}") || die "$2 is no commit of this repository."; shift ;;
    --kill) signal=KILL ;;
    -*) die "usage: deploy/drills/rolling-restart.sh [--requests N] [--restarts N] [--from REVISION] [--kill] [PROGRAM]" ;;
    *) program=$(cd "$1" && pwd) ;;
  esac
  shift
done
need_postgres
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || install_packages "The drill needs nginx; install it and start again." nginx-light
PATH=$PATH:/usr/sbin
for needed in openssl python3 curl; do
  command -v "$needed" >/dev/null || install_packages "The drill needs $needed; install it and start again." "$needed"
done
if [ -z "$program" ]; then
  need_writable
  need_dotnet
  program=$PWD/artifacts/bench/start/portal
  echo "Publishing …"
  publish_program SelfHelpPortal "$(machine)" "$program"
fi
# What a node runs when it is started for the first time, and when it is started again.
first_program=$program
if [ -n "$from" ]; then
  first_program=$PWD/artifacts/drills/$from
  if [ ! -x "$first_program/SelfHelpPortal" ]; then
    need_writable
    need_dotnet
    echo "Publishing the program of $from …"
    rm -rf "$first_program.source"
    git clone -q . "$first_program.source"
    (cd "$first_program.source" && git checkout -q "$from" && publish_program SelfHelpPortal "$(machine)" "$first_program")
    rm -rf "$first_program.source"
  fi
fi

work=$(mktemp -d)
# The server's account comes through to its folder and lists nothing.
chmod 711 "$work"
nginx_id='' load_id='' nodes=('' '')
end() {
  for id in "$load_id" "${nodes[@]}" "$nginx_id"; do
    if [ -n "$id" ]; then kill "$id" 2>/dev/null && wait "$id" 2>/dev/null || true; fi
  done
  end_postgres "$work/pg"
  rm -rf "$work"
}
trap end EXIT
read -r database web tls first second < <(free_ports 5)
ports=("$first" "$second")

echo "Making a database …"
begin_postgres "$work/pg" "$database"

document=docs/operating/nodes.md
delay=$(block 1 json "$document" | grep -o '"StopDelaySeconds": [0-9]*' | grep -o '[0-9]*$') || die "$document names no StopDelaySeconds."
as_in_production "$work" "$database"
export Web__StopDelaySeconds=$delay
# A few programs ask as often as hundreds would.
export Guessing__CheckInsPerActivationAndHour=1000000 Guessing__RequestsPerAddressAndMinute=1000000
export Guessing__DraftsPerAddress__Count=1000000 Guessing__DraftsPerLicense__Count=1000000
[ "$signal" = TERM ] || export Web__StopDelaySeconds=0
# portal FOLDER COMMAND …: of the program that lies there.
portal() { (cd "$1" && shift && exec ./SelfHelpPortal "$@"); }
portal "$first_program" keys create >/dev/null
portal "$first_program" migrate >/dev/null
portal "$first_program" seed --demo >"$work/keys"

readiness() { curl -s -H 'Host: licenses.example.org' "http://127.0.0.1:${ports[$1]}/healthz/ready" || true; }
# begin NODE FOLDER: starts it with the program that lies there, and waits until it is ready.
begin() {
  local id
  (cd "$2" && exec ./SelfHelpPortal --urls "http://127.0.0.1:${ports[$1]}") >>"$work/node-$1.log" 2>&1 &
  id=$!
  nodes[$1]=$id
  for _ in $(seq 600); do
    [ "$(readiness "$1")" = ready ] && return
    kill -0 "$id" 2>/dev/null || { cat "$work/node-$1.log"; die "Node $1 ended."; }
    sleep 0.2
  done
  die "Node $1 was not ready within two minutes."
}
begin 0 "$first_program"
begin 1 "$first_program"

echo "Starting nginx …"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=licenses.example.org \
  -keyout "$work/key.pem" -out "$work/certificate.pem" 2>/dev/null
block 1 nginx "$document" >"$work/upstream"
block 2 nginx "$document" >"$work/retry"
grep -q upstream "$work/upstream" && grep -q proxy_next_upstream "$work/retry" || die "$document has not the two blocks for nginx."
awk -v upstream="$work/upstream" -v retry="$work/retry" '
  function put(file) { while ((getline line < file) > 0) print line }
  /^upstream/ { put(upstream); skip = 1 }
  !skip { print }
  skip && /^}/ { skip = 0 }
  /^ *location \/ {/ { put(retry) }' deploy/nginx.conf >"$work/documented.conf"
sed -e "s/10\.0\.0\.11:5080/127.0.0.1:$first/; s/10\.0\.0\.12:5080/127.0.0.1:$second/" \
  -e '/listen \[::\]/d' -e "s/listen 80;/listen 127.0.0.1:$web;/; s/listen 443 /listen 127.0.0.1:$tls /" \
  -e "s:/etc/letsencrypt/.*/fullchain.pem:$work/certificate.pem:; s:/etc/letsencrypt/.*/privkey.pem:$work/key.pem:" \
  "$work/documented.conf" >"$work/all.conf"
cp "$work/all.conf" "$work/site.conf"
mkdir "$work/nginx"
user=''
[ "$(id -u)" != 0 ] || user='user root;'
cat >"$work/nginx.conf" <<NGINX
daemon off;
$user
worker_processes 2;
pid $work/nginx/pid;
error_log $work/nginx/error.log warn;
events { worker_connections 256; }
http {
    log_format tries '\$request_method \$status \$upstream_addr';
    access_log $work/nginx/access.log tries;
    client_body_temp_path $work/nginx/body;
    proxy_temp_path $work/nginx/proxy;
    fastcgi_temp_path $work/nginx/fastcgi;
    uwsgi_temp_path $work/nginx/uwsgi;
    scgi_temp_path $work/nginx/scgi;
    include $work/site.conf;
}
NGINX
nginx -q -t -p "$work/nginx" -c "$work/nginx.conf" 2>"$work/nginx/test" \
  || { cat "$work/nginx/test"; die "nginx refuses the documented configuration."; }
nginx -p "$work/nginx" -c "$work/nginx.conf" 2>>"$work/nginx/test" &
nginx_id=$!

# without NODE: takes it out of nginx; with an empty NODE all are in.
without() {
  cp "$work/all.conf" "$work/site.conf"
  if [ -n "$1" ]; then sed -i "s/server 127.0.0.1:${ports[$1]} /&down /" "$work/site.conf"; fi
  kill -HUP "$nginx_id"
  # The workers that ran before end with their last request.
  sleep 3
}

# A computer is activated with the blocks of docs/integrate.md, through nginx.
printf 'insecure\nconnect-to = licenses.example.org:443:127.0.0.1:%s\nretry = 5\nretry-connrefused\n' "$tls" >"$work/.curlrc"
key_of() { awk -v name="$1:" -v state="$2" '/^[^ ]/ { inside = $0 == name } inside && /^ / && $3 ~ state { print $2; exit }' "$work/keys"; }
for number in 1 2 3 4; do block "$number" sh docs/integrate.md; done >"$work/activate"
echo 'printf "%s\n" "HANDLE=$HANDLE" "GENERATION=$GENERATION" "HARDWARE=$HARDWARE" "SECRET=$SECRET" >"$ACTIVATION"' >>"$work/activate"
CURL_HOME=$work ACTIVATION=$work/activation PORTAL=https://licenses.example.org PRODUCT=beamalign KEY=$(key_of BeamAlign not) \
  bash "$work/activate" >"$work/activated" 2>&1 || { cat "$work/activated"; die "The computer of the drill was not activated."; }

env $(cat "$work/activation") KEY="$(key_of Muster-POS active)" \
  python3 deploy/drills/rolling-restart.py "$tls" "$requests" "$work/over" >"$work/figures" &
load_id=$!
if [ -n "$from" ]; then
  portal "$program" migrate
  echo "The schema is that of the new program; the older nodes go on and say '$(readiness 0)' of themselves."
  sleep 10
fi
for ((turn = 1; turn <= restarts; turn++)); do
  node=$(((turn - 1) % 2))
  begun=$SECONDS
  # Of how it stops the older program knows what it knew, so the load balancer is told, as docs/operating/upgrade.md says.
  older=''
  if [ -n "$from" ] && [ "$turn" -le 2 ]; then older=1; fi
  [ -z "$older" ] || without "$node"
  kill -s "$signal" "${nodes[$node]}"
  if [ "$signal" = TERM ] && [ -z "$older" ]; then
    for _ in $(seq 50); do
      said=$(readiness "$node")
      [ "$said" = stopping ] && break
      sleep 0.1
    done
    [ "$said" = stopping ] || die "Node $node was told to stop and said '$said'."
  fi
  wait "${nodes[$node]}" || [ "$signal" = KILL ] || die "Node $node ended with an error: $(tail -n 20 "$work/node-$node.log")"
  nodes[node]=''
  ended=$((SECONDS - begun))
  begin "$node" "$program"
  [ -z "$older" ] || without ''
  echo "Restart $turn: node $node ended after $ended s and was ready again $((SECONDS - begun)) s after it was told to stop."
done
: >"$work/over"
failed=0
wait "$load_id" || failed=1
load_id=''
cat "$work/figures"

# Each POST of the page begins a release of its own: more of them in the database than asked for would be requests done twice.
begun=$("$pg_bin/psql" -qAt -h 127.0.0.1 -p "$database" -U overseer portal -c 'SELECT count(*) FROM release_request')
asked=$(sed -n 's/^POST \/release: \([0-9]*\) .*/\1/p' "$work/figures")
echo "Releases begun by POST /release: $begun"
[ "$begun" = "${asked:-0}" ] || failed=1
# nginx closes kept connections when it is told of other nodes, and otherwise has no reason to.
again=$(sed -n 's/^Asked again .*: //p' "$work/figures")
[ -n "$from" ] || [ "$again" = 0 ] || failed=1
# Tried at the other node: what the first one did not take at all, or what may be repeated.
awk '{ all[$1]++; if (index($0, ", ")) again[$1]++ }
  END { for (method in all) printf "nginx: %d %s, tried at the other node too: %d\n", all[method], method, again[method] }' \
  "$work/nginx/access.log"
if [ -s "$work/nginx/error.log" ]; then
  echo "nginx wrote:"
  sed 's/.*\] [0-9]*#[0-9]*: \*[0-9]* //; s/,.*//' "$work/nginx/error.log" | sort | uniq -c | sort -rn | head -n 8
fi
[ "$failed" = 0 ] || die "Requests failed while nodes were restarted."
