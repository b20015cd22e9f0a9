#!/usr/bin/env bash
# deb.sh VERSION makes bin/vaern_VERSION_ARCH.deb of what make build left: the programs, the unit, its options, the page for whoever runs it.
set -euo pipefail
cd "$(dirname "$0")/.."

# shellcheck disable=SC2001 # a class of characters is plainer to sed
version=$(echo "${1#v}" | sed 's/[^0-9A-Za-z.+~-]/./g')
case $version in [0-9]*.*) ;; *) version="0~$version" ;; esac # no tag yet
arch=$(dpkg --print-architecture)
folder=$(mktemp -d)
chmod 0755 "$folder"
trap 'rm -rf "$folder"' EXIT

install -D -m 0755 -t "$folder/usr/bin" bin/vaern bin/vaern-verify
install -D -m 0644 -t "$folder/lib/systemd/system" packaging/vaern.service
install -D -m 0640 -t "$folder/etc/vaern" packaging/vaern.env
install -D -m 0644 -t "$folder/usr/share/doc/vaern" docs/operations.md docs/ledger.md LICENSE packaging/nginx.conf
gzip -dc web/dist/NOTICES.txt.gz >"$folder/usr/share/doc/vaern/NOTICES.txt"
mkdir -p "$folder/DEBIAN"
echo /etc/vaern/vaern.env >"$folder/DEBIAN/conffiles"
cat >"$folder/DEBIAN/control" <<CONTROL
Package: vaern
Version: $version
Architecture: $arch
Maintainer: Værn
Depends: adduser
Recommends: ca-certificates
Section: admin
Priority: optional
Installed-Size: $(du -sk "$folder" | cut -f1)
Description: management system for information security of a municipality
 From policy to proof: which rules elaborate a sentence of the policy, which
 controls carry it out, what the latest measurement says, who answers for it.
CONTROL
cat >"$folder/DEBIAN/postinst" <<'SCRIPT'
#!/bin/sh
set -e
if [ "$1" = configure ]; then
	getent passwd vaern >/dev/null || adduser --system --group --home /var/lib/vaern --no-create-home vaern >/dev/null
	chgrp vaern /etc/vaern/vaern.env
	for folder in /var/lib/vaern /var/backups/vaern; do
		[ -d "$folder" ] || install -d -o vaern -g vaern -m 0700 "$folder"
	done
	if [ -d /run/systemd/system ]; then
		systemctl daemon-reload
		if [ -n "$2" ]; then systemctl try-restart vaern.service; fi
	fi
fi
SCRIPT
cat >"$folder/DEBIAN/prerm" <<'SCRIPT'
#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then systemctl stop vaern.service || true; fi
SCRIPT
chmod 0755 "$folder/DEBIAN/postinst" "$folder/DEBIAN/prerm"
dpkg-deb --build --root-owner-group "$folder" "bin/vaern_${version}_$arch.deb"
