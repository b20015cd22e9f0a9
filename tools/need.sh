#!/usr/bin/env bash
# need.sh NAME... finds the programs that tests need (postgres, chromium, shellcheck), installs those that are missing where it
# may, and prints the path of each, one a line. Otherwise it says in one sentence what to install.
set -euo pipefail

find_program() {
	local candidate
	case $1 in
	postgres)
		# Newest first; Debian keeps the server outside the path.
		# shellcheck disable=SC2012 # names of folders that packages made
		for candidate in $(ls -d /usr/lib/postgresql/*/bin/postgres /usr/pgsql-*/bin/postgres 2>/dev/null | sort -rV); do
			[ -x "$candidate" ] && readlink -f "$candidate" && return
		done
		candidate=$(command -v postgres) && readlink -f "$candidate"
		;;
	chromium)
		for candidate in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
			[ -n "$candidate" ] && command -v "$candidate" && return
		done
		return 1
		;;
	shellcheck) command -v shellcheck ;;
	*)
		echo "need.sh: unknown program $1" >&2
		exit 2
		;;
	esac
}

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
	[ "$(id -u)" = 0 ] || { command -v sudo && sudo -n true; } &>/dev/null
}

# The package of a program, by package manager.
package() {
	case $manager:$1 in
	apt-get:postgres | zypper:postgres) echo postgresql ;;
	dnf:postgres | yum:postgres) echo postgresql-server ;;
	pacman:postgres) echo postgresql ;;
	apk:postgres) echo postgresql postgresql-contrib ;;
	*:chromium) echo chromium ;;
	zypper:shellcheck) echo ShellCheck ;;
	*:shellcheck) echo shellcheck ;;
	esac
}

install() {
	case $manager in
	apt-get) apt_install "$@" ;;
	dnf | yum) as_root "$manager" install -y "$@" ;;
	pacman) as_root pacman -Sy --noconfirm "$@" ;;
	zypper) as_root zypper --non-interactive install "$@" ;;
	apk) as_root apk add "$@" ;;
	esac
}

# Debian starts a database server of its own with the package; tests start theirs, so that one is held back.
apt_install() {
	local hold=/etc/postgresql-common/createcluster.d/vaern-tests.conf status=0
	as_root mkdir -p "$(dirname "$hold")"
	echo 'create_main_cluster = false' | as_root tee "$hold" >/dev/null
	as_root apt-get update -q &&
		as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@" || status=$?
	as_root rm -f "$hold"
	return $status
}

manager=
for known in apt-get dnf yum pacman zypper apk; do
	if command -v "$known" >/dev/null; then manager=$known && break; fi
done

missing=()
for name in "$@"; do
	find_program "$name" >/dev/null || missing+=("$name")
done

if [ ${#missing[@]} -gt 0 ]; then
	if [ -z "$manager" ] || ! may_install; then
		echo "Install ${missing[*]} with the system's package manager (may not be done from here), then run this again." >&2
		exit 1
	fi
	packages=()
	for name in "${missing[@]}"; do read -ra more <<<"$(package "$name")" && packages+=("${more[@]}"); done
	echo "Installing ${packages[*]} with $manager ..." >&2
	if ! install "${packages[@]}" >&2; then
		echo "Install ${packages[*]} by hand, since $manager could not, then run this again." >&2
		exit 1
	fi
fi

for name in "$@"; do
	if ! find_program "$name"; then
		echo "Install $name by hand: it is not where it was looked for after installing it." >&2
		exit 1
	fi
done
