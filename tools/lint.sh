#!/usr/bin/env bash
# lint.sh checks what machines can check, and says what it could not.
set -euo pipefail
cd "$(dirname "$0")/.."

failed=0
unformatted=$(find . -name '*.go' -not -path '*/node_modules/*' -print0 | xargs -0 gofmt -l)
if [ -n "$unformatted" ]; then
	echo "gofmt would change:"
	echo "$unformatted"
	failed=1
fi
go vet ./... || failed=1
run_if_installed() {
	if command -v "$1" >/dev/null; then "$@" || failed=1; else echo "not checked: $1 is not installed"; fi
}
run_if_installed golangci-lint run ./...
run_if_installed govulncheck ./...
run_if_installed shellcheck tools/*.sh .ci/run
[ $failed = 0 ] && echo "lint: nothing found"
exit $failed
