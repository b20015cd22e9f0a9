#!/usr/bin/env bash
# fixture.sh PROGRAM NAME keeps a small municipality as a released program makes it, for the tests of upgrades: as
# test/faults/testdata/NAME.tar.gz (the folder) and NAME.sql.gz (PostgreSQL). Run it once for every release.
# The keys in it are good for nothing else.
set -euo pipefail
program=$(readlink -f "$1") name=$2 here=$(readlink -f "$(dirname "$0")/..")
if [ -z "${TEST_POSTGRES:-}" ]; then exec "$here/tools/postgres.sh" "$0" "$@"; fi
out=$here/test/faults/testdata dump=$(dirname "$("$here/tools/need.sh" postgres)")/pg_dump schema=vaern_fixture
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

# fill FOLDER MORE... uses the program as people do: a draft policy, rules that are changed, a body that is erased.
fill() {
	local data=$1 token url made n
	shift
	"$program" init --data "$data" --name 'Gammel Kommune' --admin anna@example.dk "$@" >/dev/null
	printf '# Informationssikkerhedspolitik\n\nGammel Kommune\n\n## 1 Formål\n\nVi beskytter borgernes oplysninger.\n' >"$work/policy.md"
	"$program" policy import --data "$data" "$@" "$work/policy.md" >/dev/null
	token=$("$program" token add --data "$data" "$@" --person anna@example.dk --name fixture)
	"$program" serve --data "$data" "$@" --listen 127.0.0.1:0 >"$work/out" 2>"$work/log" &
	until url=$(grep -o 'http://127[0-9.:]*' "$work/out"); do sleep 0.1; done
	local rules=$url/api/v1/rules auth="Authorization: Bearer $token"
	[ "$(curl -so /dev/null -w '%{http_code}' -H "$auth" "$rules")" = 200 ] || rules=$url/api/v1/rule # its name once
	for n in 1 2 3 4 5 6; do
		made=$(curl -sf -H "$auth" -H 'Content-Type: application/json' "$rules" -D - -o /dev/null \
			-d '{"unit":"top","number":"G-'$n'","title":"Æble nr. '$n'","text":"Den, der prøver, skriver ned, hvad der skete.","themes":["awareness"]}' |
			tr -d '\r' | sed -n 's/^[Ll]ocation: //p')
		if [ $((n % 2)) = 0 ]; then
			curl -sf -X PATCH -H "$auth" -H 'Content-Type: application/json' -H 'If-Match: "1"' "$url$made" -o /dev/null -d '{"title":"Ændret nr. '$n'"}'
		fi
	done
	sleep 3 # it signs and measures
	kill %%
	wait %% || true
	"$program" ledger erase --data "$data" "$@" --leaf 3 --reason 'prøve' >/dev/null
	"$program" ledger verify --data "$data" "$@"
}

fill "$work/town"
tar -C "$work/town" --owner=0 --group=0 --sort=name -czf "$out/$name.tar.gz" .
psql=$(dirname "$dump")/psql
export PGOPTIONS="-c client_min_messages=warning"
"$psql" -q "$TEST_POSTGRES" -c "CREATE SCHEMA $schema"
fill "$work/keys" --database "$TEST_POSTGRES&search_path=$schema"
"$dump" -d "$TEST_POSTGRES" -n "$schema" --no-owner --no-privileges --inserts --rows-per-insert=50 | grep -v '^[\\]' >"$work/dump.sql"
(echo "-- ledger.key: $(base64 -w0 "$work/keys/ledger.key")" && cat "$work/dump.sql") | gzip -9n >"$out/$name.sql.gz"
"$psql" -q "$TEST_POSTGRES" -c "DROP SCHEMA $schema CASCADE"
ls -l "$out/$name".*
