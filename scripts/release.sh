#!/usr/bin/env bash
# Makes what a release publishes, from a clean clone of the last commit, in artifacts/release: for each architecture an archive and a Debian
# package that bring .NET along, the packages of the two libraries, the lists of components, the files for a container, and the checksums.
#   scripts/release.sh [x64] [arm64]    both unless one is named
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/need.sh
. scripts/production.sh
need_dotnet
command -v dpkg-deb >/dev/null || install_packages "A release needs dpkg-deb; install it and start again." dpkg
[ $# -gt 0 ] || set -- x64 arm64
for architecture in "$@"; do
  [[ $architecture =~ ^(x64|arm64)$ ]] || die "usage: scripts/release.sh [x64] [arm64]"
done

out=$PWD/artifacts/release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf "$out"
mkdir -p "$out"
git clone -q . "$work/clone"
cd "$work/clone"
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
# Files have the day of the commit and belong to nobody's account, so that the same commit gives the same archive.
export SOURCE_DATE_EPOCH
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
documents=(README.md CHANGELOG.md LICENSE SECURITY.md appsettings.sample.json docs deploy)

for architecture in "$@"; do
  echo "Publishing for linux-$architecture …"
  program=$work/$architecture/program
  publish_program SelfHelpPortal "$architecture" "$program"
  install -m 755 deploy/container/answers "$program/answers"

  name=selfhelp-portal-$version-linux-$architecture
  mkdir -p "$work/$name"
  cp -r "$program" "${documents[@]}" "$work/$name"
  tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --mode=go-w,a+rX -cf - "$name" \
    | gzip -n >"$out/$name.tar.gz"

  root=$work/$architecture/root
  debian=$([ "$architecture" = x64 ] && echo amd64 || echo arm64)
  install -D -m 755 deploy/debian/selfhelp-portal "$root/usr/bin/selfhelp-portal"
  install -D -m 644 deploy/selfhelp-portal.service "$root/lib/systemd/system/selfhelp-portal.service"
  install -D -m 640 deploy/appsettings.Production.json "$root/etc/selfhelp-portal/appsettings.Production.json"
  mkdir -p "$root/usr/lib" "$root/usr/share/doc/selfhelp-portal" "$root/DEBIAN"
  cp -r "$program" "$root/usr/lib/selfhelp-portal"
  cp -r "${documents[@]}" "$root/usr/share/doc/selfhelp-portal"
  mv "$root/usr/share/doc/selfhelp-portal/LICENSE" "$root/usr/share/doc/selfhelp-portal/copyright"
  chmod -R go-w,a+rX "$root/usr"
  install -m 755 deploy/debian/{postinst,prerm,postrm} "$root/DEBIAN"
  echo /etc/selfhelp-portal/appsettings.Production.json >"$root/DEBIAN/conffiles"
  sed -e "s/@VERSION@/$version/; s/@ARCHITECTURE@/$debian/; s/@SIZE@/$(du -sk "$root/usr" | cut -f1)/" deploy/debian/control \
    >"$root/DEBIAN/control"
  dpkg-deb --root-owner-group --build "$root" "$out/selfhelp-portal_${version}_$debian.deb" >/dev/null
  rm -rf "${work:?}/$architecture" "${work:?}/$name"
done

echo "Packing the libraries and listing the components …"
for library in SelfHelpPortal.Licensing SelfHelpPortal.Client; do
  dotnet pack "$library" -c Release -o "$out" -v q --nologo --disable-build-servers
done
scripts/sbom.sh >/dev/null
cp artifacts/sbom/*.cdx.json deploy/container/{Containerfile,compose.yaml,portal-role.sh,portal.env.sample} "$out"
[ -z "$(git status --porcelain)" ] || die "Making the release changed files of the repository: $(git status --porcelain)"
(cd "$out" && sha256sum -- * >SHA256SUMS)
ls -l "$out"
