#!/usr/bin/env bash
# Looks for secrets in what git would hand out: tracked files and new ones that are not ignored.   scripts/secrets-scan.sh [FOLDER]
# Names each file, line and kind, never the secret; ends with 1 if there is one. A line that only looks like one says so: "not-a-secret".
set -euo pipefail
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/..}"

kinds=(
  'private key|-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY( BLOCK)?-----'
  'private key (JWK)|"d"[[:space:]]*:[[:space:]]*"[A-Za-z0-9_-]{40,}"'
  'key of a cloud|(^|[^A-Z0-9])(AKIA|ASIA)[A-Z0-9]{16}([^A-Z0-9]|$)|AIza[A-Za-z0-9_-]{35}|AccountKey=[A-Za-z0-9+/]{40,}'
  'token of a code host|gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{40,}|glpat-[A-Za-z0-9_-]{20}'
  'token of a package registry|npm_[A-Za-z0-9]{36}|oy2[a-z0-9]{43}'
  'token of a service|xox[abprs]-[A-Za-z0-9-]{20,}|[rs]k_live_[A-Za-z0-9]{20,}|SG\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}'
  'token or webhook secret of a portal|shp_[A-Za-z0-9_-]{43}|whsec_[A-Za-z0-9+/]{43}='
  'password in a connection string|[Pp]assword=[^;"$<{[:space:]]{6,};|[a-z]+://[^/:@"[:space:]]+:[^/@"$<{[:space:]]{6,}@[A-Za-z0-9]'
  'password in a setting|"(Password|ApiKey|ClientSecret)"[[:space:]]*:[[:space:]]*"[^"$<{]{6,}"'
)

if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
  files() { git ls-files -z --cached --others --exclude-standard; }
else
  # An unpacked archive: all of it but what a build makes.
  files() { find . \( -name .git -o -name bin -o -name obj -o -name .data -o -name artifacts \) -prune -o -type f -print0; }
fi

found=0
for kind in "${kinds[@]}"; do
  lines=$(files | LC_ALL=C xargs -0r grep -nEIHs -e "${kind#*|}" -- | grep -vF not-a-secret | cut -d: -f1,2 || true)
  [ -n "$lines" ] || continue
  found=1
  sed "s/\$/: looks like a ${kind%%|*}/" <<<"$lines"
done
if [ "$found" = 0 ]; then echo "No secrets found."; else exit 1; fi
