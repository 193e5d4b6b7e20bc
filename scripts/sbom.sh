#!/usr/bin/env bash
# Writes what the portal and the two libraries are made of, as CycloneDX files in artifacts/sbom.   scripts/sbom.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/need.sh
need_dotnet

out=artifacts/sbom
rm -rf "$out"
mkdir -p "$out"
dotnet tool restore >/dev/null
# Exactly the packages of the lock files.
dotnet restore --locked-mode -v q --nologo
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
for project in SelfHelpPortal SelfHelpPortal.Licensing SelfHelpPortal.Client; do
  # What a program does not need at run time, such as analyzers, is marked as left out.
  dotnet tool run dotnet-CycloneDX "$project/$project.csproj" --output "$out" --filename "$project.cdx.json" --output-format Json \
    --set-name "$project" --set-version "$version" \
    --set-type "$([ "$project" = SelfHelpPortal ] && echo Application || echo Library)" --disable-package-restore >"$out/log" 2>&1 \
    || { cat "$out/log" >&2; exit 1; }
  echo "$out/$project.cdx.json"
done
rm -f "$out/log"
