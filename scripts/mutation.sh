#!/usr/bin/env bash
# How many wrong versions of the licensing rules the tests notice (T43): Stryker.NET changes SelfHelpPortal.Licensing in one place at a
# time and runs its tests each time. It takes hours on one core, so only ./test.sh --long calls it; one area alone takes minutes.
#   scripts/mutation.sh [AREA…]
# It fails below 85 %, and when anything survives where a seat is taken, a signature is judged or a right is decided.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/need.sh
need_dotnet
command -v jq >/dev/null || install_packages "The mutation score needs jq; install it and start again." jq

declare -A areas=(
  [seats]='License*.cs Activation.cs KeyScheme.cs Product.cs Outcome.cs'
  [releases]='Release/**/*.cs CheckIn/**/*.cs'
  [codes]='Codes/**/*.cs'
  [files]='Files/**/*.cs'
  [transfers]='Transfers/**/*.cs'
  [money]='Billing/**/*.cs'
)
strict='^License\.(Activate|Release|Staff)\.cs$|^Files/(Jws|VerificationKeys|LicenseFile|CheckInAnswer)\.cs$'
strict+='|^Codes/(Mac|DeviceProof|VerificationCode)\.cs$'
[ $# -gt 0 ] || set -- seats releases codes files transfers money

export SELFHELP_EFFORT=short
dotnet tool restore >/dev/null
folder=$PWD/artifacts/mutation
reports=()
for area in "$@"; do
  [ -n "${areas[$area]:-}" ] || die "There is no area $area; there are ${!areas[*]}."
  echo "Mutating $area …"
  patterns=()
  set -f
  for pattern in ${areas[$area]}; do patterns+=(--mutate "$pattern"); done
  set +f
  rm -rf "${folder:?}/$area"
  mkdir -p "$folder/$area"
  (cd scripts/mutation && nice -n 19 dotnet stryker "${patterns[@]}" -O "$folder/$area") >"$folder/$area.log" 2>&1 \
    || { tail -n 20 "$folder/$area.log"; die "Stryker ended with an error of its own, see $folder/$area.log."; }
  reports+=("$folder/$area/reports/mutation-report.json")
done

# Those that no test can see are left out, each with its reason.
mutants=$(jq -s -f scripts/mutation/mutants.jq "${reports[@]}" | jq --rawfile equivalent scripts/mutation/equivalent.txt '
  ([$equivalent | split("\n")[] | select(startswith("#") | not) | split(" | ") | select(length == 3) | .[0] + " | " + .[1]]) as $unseen
  | [.[] | select((.status | IN("Killed", "Timeout")) or ((.file + " | " + .change) | IN($unseen[]) | not))]')
jq -r '.[] | select(.status | IN("Survived", "NoCoverage")) | "  \(.status) \(.file):\(.line) | \(.change)"' <<<"$mutants" | cut -c1-240
score=$(jq '([.[] | select(.status | IN("Killed", "Timeout"))] | length) as $noticed | 1000 * $noticed / length | floor / 10' <<<"$mutants")
left=$(jq --arg strict "$strict" '[.[] | select((.status | IN("Survived", "NoCoverage")) and (.file | test($strict)))] | length' \
  <<<"$mutants")
echo "$score % of $(jq length <<<"$mutants") mutants noticed; $left left in what takes seats, judges signatures or decides rights"
jq -en --argjson score "$score" --argjson left "$left" '$score >= 85 and $left == 0' >/dev/null
