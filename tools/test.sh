#!/usr/bin/env bash
# test.sh runs every test: vet, Go on both databases, and the browser; the last lines tell how many there were.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/need.sh postgres chromium >/dev/null
CHROMIUM=$(tools/need.sh chromium)
export CHROMIUM

failed=0
echo "== go vet"
go vet ./... || failed=1

echo "== go test, SQLite and PostgreSQL"
go_summary=$(mktemp)
browser_summary=$(mktemp)
trap 'rm -f "$go_summary" "$browser_summary"' EXIT
tools/postgres.sh go test -timeout 30m -json ./... | node tools/tally.mjs "$go_summary" || failed=1

echo "== browser"
(cd test/browser && node --test --test-concurrency=1 --test-reporter=spec --test-reporter-destination=stdout \
	--test-reporter=./tally.mjs --test-reporter-destination="$browser_summary") || failed=1

echo "== result"
echo "go:      $(cat "$go_summary")"
echo "browser: $(cat "$browser_summary")"
[ -n "${VAERN_SAMPLES:-}" ] || echo "VAERN_SAMPLES is not set: the tests on real policies were skipped."
if [ $failed != 0 ]; then echo "FAILED"; else echo "all passed"; fi
exit $failed
