#!/usr/bin/env bash
# How many wrong versions of the licensing rules the tests notice (T43): Stryker.NET changes SelfHelpPortal.Licensing in one place at a time and runs its
# tests each time. It takes hours on one core, so only ./test.sh --long calls it; one area alone takes minutes.   scripts/mutation.sh [AREA…]
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
strict='License\.(Activate|Release|Staff)\.cs$|Files/(Jws|VerificationKeys|LicenseFile|CheckInAnswer)\.cs$|Codes/(Mac|DeviceProof|VerificationCode)\.cs$'
[ $# -gt 0 ] || set -- seats releases codes files transfers money

dotnet tool restore >/dev/null
reports=$PWD/artifacts/mutation
for area in "$@"; do
  [ -n "${areas[$area]:-}" ] || die "There is no area $area; there are ${!areas[*]}."
  echo "Mutating $area …"
  patterns=()
  for pattern in ${areas[$area]}; do patterns+=(--mutate "$pattern"); done
  rm -rf "${reports:?}/$area"
  mkdir -p "$reports/$area"
  (cd scripts/mutation && set -f && nice -n 19 dotnet stryker "${patterns[@]}" -O "$reports/$area") >"$reports/$area.log" 2>&1 || { tail -n 20 "$reports/$area.log"; die "Stryker ended with an error of its own, see $reports/$area.log."; }
done

# Mutants that do not compile or only change a text for people do not count.
mutants=$(jq -s '[.[] | .files | to_entries[] | .key as $file | .value.mutants[] | select(.status == "Killed" or .status == "Timeout" or .status == "Survived" or .status == "NoCoverage")
  | {file: $file, line: .location.start.line, status, change: (.mutatorName + ": " + (.replacement // "" | gsub("\\s+"; " ")))}]' "$reports"/*/reports/mutation-report.json)
jq -r '.[] | select(.status == "Survived" or .status == "NoCoverage") | "  \(.status) \(.file):\(.line) \(.change)"' <<<"$mutants" | cut -c1-200
score=$(jq '([.[] | select(.status == "Killed" or .status == "Timeout")] | length) as $found | 1000 * $found / length | floor / 10' <<<"$mutants")
left=$(jq --arg strict "$strict" '[.[] | select((.status == "Survived" or .status == "NoCoverage") and (.file | test($strict)))] | length' <<<"$mutants")
echo "$score % of $(jq length <<<"$mutants") mutants noticed; $left left in what takes seats, judges signatures or decides rights"
jq -en --argjson score "$score" --argjson left "$left" '$score >= 85 and $left == 0' >/dev/null
