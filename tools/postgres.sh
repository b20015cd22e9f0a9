#!/usr/bin/env bash
# postgres.sh COMMAND... runs the command with TEST_POSTGRES naming a throw-away server on loopback, and stops the
# server afterwards, however the command ends. A TEST_POSTGRES that is already set is used as it is. With DURABLE=1 the server
# flushes every commit to disk. Its databases order texts as Danes do, like those of a municipality: nothing may rest on that.
set -euo pipefail

if [ $# = 0 ]; then
	echo "use: tools/postgres.sh COMMAND..." >&2
	exit 2
fi
if [ -n "${TEST_POSTGRES:-}" ]; then
	exec "$@"
fi

bin=$(dirname "$("$(dirname "$0")/need.sh" postgres)")
# Not TMPDIR: the server's user must be able to reach the folder.
folder=$(mktemp -d /tmp/vaern-postgres.XXXXXX)
server=()
if [ "$(id -u)" = 0 ]; then
	# PostgreSQL refuses to run as root.
	user=nobody
	getent passwd postgres >/dev/null && user=postgres
	chown "$user" "$folder"
	server=(setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups env HOME="$folder")
fi

stop() {
	trap - EXIT
	cd /
	"${server[@]}" "$bin/pg_ctl" stop -D "$folder/data" -m immediate -s 2>/dev/null || true
	rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

here=$PWD
cd "$folder"
"${server[@]}" "$bin/initdb" -D data -U postgres -A trust -E UTF8 --locale=C --locale-provider=icu --icu-locale=da-DK --no-sync >initdb.log || {
	cat initdb.log >&2
	exit 1
}
cat >>data/postgresql.conf <<-'CONF'
	listen_addresses = '127.0.0.1'
	unix_socket_directories = ''
	max_connections = 300
CONF
# Tests need no durability; a crash of the machine takes the tests with it. Figures do.
if [ -z "${DURABLE:-}" ]; then
	cat >>data/postgresql.conf <<-'CONF'
		fsync = off
		synchronous_commit = off
		full_page_writes = off
	CONF
fi

# A free port cannot be asked for, only tried.
for _ in 1 2 3 4 5 6 7 8; do
	port=$((20000 + RANDOM % 12000))
	if "${server[@]}" "$bin/pg_ctl" start -D data -w -s -l "$folder/server.log" -o "-p $port" 2>/dev/null; then
		export TEST_POSTGRES="postgres://postgres@127.0.0.1:$port/postgres?sslmode=disable"
		break
	fi
done
if [ -z "${TEST_POSTGRES:-}" ]; then
	echo "PostgreSQL did not start:" >&2
	cat server.log >&2
	exit 1
fi
cd "$here"
# In the background, so that a signal to this script is heard at once and stops both.
"$@" &
command=$!
trap 'kill "$command" 2>/dev/null || true; wait "$command" || true; exit 130' INT
trap 'kill "$command" 2>/dev/null || true; wait "$command" || true; exit 143' TERM
wait "$command"
