#!/usr/bin/env bash
# Runs the tests; the last line is "N passed, N failed".   ./test.sh [--rules | --fast | --long] [--screens] [--coverage]
#   --rules     what needs neither database nor browser, in a minute
#   --fast      all but the browser
#   --long      the long versions too (more random walks, more parallel clients, wrong versions of the rules: hours)
#   --screens   pictures of the pages go to artifacts/screens
#   --coverage  which lines were run goes to artifacts/tests, as Cobertura
# SELFHELP_WAIT=3 makes every limit of waiting three times as long, for a machine that is much too busy.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. scripts/need.sh

packages=()
missing() { command -v "$1" >/dev/null || packages+=("$2"); }
projects=(SelfHelpPortal.Tests SelfHelpPortal.E2E)
options=()
rules='' hang=15m
for argument in "$@"; do
  case $argument in
    --rules)
      rules=1; projects=(SelfHelpPortal.Tests)
      options+=(--filter
        '(FullyQualifiedName~SelfHelpPortal.Tests.Licensing.|FullyQualifiedName~SelfHelpPortal.Tests.House.)&Needs!=Database') ;;
    --fast) projects=(SelfHelpPortal.Tests) ;;
    --long) export SELFHELP_LONG=1; hang=3h; missing wrk wrk ;;
    --screens) export SELFHELP_SCREENS=$PWD/artifacts/screens; mkdir -p "$SELFHELP_SCREENS" ;;
    --coverage) options+=(--collect 'XPlat Code Coverage') ;;
    *) die "usage: ./test.sh [--rules | --fast | --long] [--screens] [--coverage]" ;;
  esac
done

need_writable
need_dotnet
# Nearly all code runs a few times only, here and in the portals that tests start: measuring it for a better compilation, and a thread that
# collects garbage beside the others, cost more than they save.
export DOTNET_TieredPGO=0 DOTNET_gcConcurrent=0
# The tests have a private PostgreSQL of their own, whatever the portal uses.
unset ConnectionStrings__Portal ConnectionStrings__Migration ASPNETCORE_URLS ASPNETCORE_ENVIRONMENT

browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
jar() { [ -e "/usr/share/java/$1.jar" ] || packages+=("$2"); }
# What judges PDF files and codes, and the servers that take mails.
need_tools() {
  missing zbarimg zbar-tools
  missing qpdf qpdf
  missing pdftotext poppler-utils
  missing java default-jre-headless
  jar preflight libpdfbox2-java
  jar javax.activation libactivation-java
  jar jaxb-api libjaxb-api-java
  /usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null || packages+=(python3-aiosmtpd)
  if [[ " ${projects[*]} " = *E2E* ]]; then [ -n "${SELFHELP_CHROMIUM:-}" ] || browser >/dev/null || packages+=(chromium); fi
  if [ ${#packages[@]} -gt 0 ]; then install_packages "The tests need ${packages[*]}; install and start again." "${packages[@]}"; fi
  export SELFHELP_CHROMIUM=${SELFHELP_CHROMIUM:-$(browser)}

  # Of Postfix only the test server is wanted, not a mail system: the package is unpacked, not installed.
  if command -v smtp-sink >/dev/null; then
    export SELFHELP_POSTFIX=/
  else
    export SELFHELP_POSTFIX=$PWD/artifacts/tools/postfix
    [ -x "$SELFHELP_POSTFIX/usr/sbin/smtp-sink" ] || unpack_package postfix "$SELFHELP_POSTFIX"
  fi

  # Of Dovecot the IMAP server, to read bounces from.
  export SELFHELP_DOVECOT=$PWD/artifacts/tools/dovecot
  [ -x "$SELFHELP_DOVECOT/usr/lib/dovecot/imap" ] \
    || { unpack_package dovecot-core "$SELFHELP_DOVECOT" && unpack_package dovecot-imapd "$SELFHELP_DOVECOT"; }

  # A font with Japanese letters, which the portal's own lacks.
  export SELFHELP_CJK_FONT=$PWD/artifacts/tools/font/usr/share/fonts/opentype/ipafont-gothic/ipag.ttf
  [ -e "$SELFHELP_CJK_FONT" ] || unpack_package fonts-ipafont-gothic "$PWD/artifacts/tools/font"

  # Without it the test that wants it fails and says so; the others run.
  scripts/invoice-schema.sh || true
}
[ -n "$rules" ] || { need_postgres; need_tools; }

echo "Building …"
build "$([ -n "$rules" ] && echo SelfHelpPortal.Tests || echo SelfHelpPortal.sln)"

results=artifacts/tests
rm -rf "$results" artifacts/stories
passed=0 failed=0
for project in "${projects[@]}"; do
  echo "Running $project …"
  mkdir -p "$results/$project"
  log=$results/$project.log
  status=0
  dotnet test "$project" --no-build --nologo --logger trx --results-directory "$results/$project" \
    --blame-hang-timeout "$hang" --blame-hang-dump-type none ${options[@]+"${options[@]}"} >"$log" 2>&1 || status=$?
  # One report per project: <Counters total="…" executed="…" passed="…" …/>. What did not pass has failed, also what was not run.
  counters=$(cat "$results/$project"/*.trx 2>/dev/null | grep -o '<Counters [^>]*>' || true)
  total=$(sed -n 's/.* total="\([0-9]*\)".*/\1/p' <<<"$counters")
  good=$(sed -n 's/.* passed="\([0-9]*\)".*/\1/p' <<<"$counters")
  bad=$((${total:-0} - ${good:-0}))
  if [ "$status" != 0 ] && [ "$bad" = 0 ]; then
    echo "$project ended with an error of its own; the end of $log:"
    tail -n 30 "$log"
    bad=1
  elif [ "${total:-0}" = 0 ]; then
    echo "$project ran no test."
    bad=1
  elif [ "$bad" != 0 ]; then
    {
      cat "$results/$project"/*.trx | tr '\n' ' ' | grep -o '<UnitTestResult [^>]*>' | grep -v 'outcome="Passed"' \
        | sed 's/.* testName="\([^"]*\)".*/  failed: \1/' | sed 's/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g'
      # What each says, without the frames of its stack; all of it is in the log.
      grep -A 60 '^  Failed ' "$log" | grep -vE '^(\[xUnit|--|  Stack Trace| +at |  Passed )' | cut -c1-300 | head -n 150
    } >>"$results/failures.txt" || true
  fi
  passed=$((passed + ${good:-0}))
  failed=$((failed + bad))
done

if [ "${SELFHELP_LONG:-}" = 1 ]; then
  count() { if "$1"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "  failed: $1"; fi; }
  echo "Looking how many wrong versions of the rules the tests notice …"
  count scripts/mutation.sh
  echo "Installing the package and the image as their document says …"
  for drill in deploy/drills/install.sh deploy/drills/container.sh; do
    if [ "$(id -u)" = 0 ]; then count "$drill"; else echo "  left out: $drill needs to be root"; fi
  done
  echo "Losing a server and restoring it …"
  count deploy/drills/restore.sh
  echo "Restarting two nodes in turn under load, and upgrading them from the last release …"
  count deploy/drills/rolling-restart.sh
  upgrade() { deploy/drills/rolling-restart.sh --from "$(git log -1 --format=%H --grep='^Release: ')" artifacts/bench/start/portal; }
  count upgrade
fi

# What the licensed programs said in the plays.
cat artifacts/stories/*.txt 2>/dev/null || true
if [ "$failed" != 0 ] && [ -e "$results/notes.txt" ]; then
  echo "Beside the tests:"
  cut -c1-300 "$results/notes.txt" | grep -vE '^ +at ' | uniq | tail -n 60
fi
# Last, because of a long output often only the end is kept.
cat "$results/failures.txt" 2>/dev/null || true
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
