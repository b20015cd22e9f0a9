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

# Tools of Go come by go install where a module proxy answers, others as tools/need.sh finds them.
PATH=$PATH:$(go env GOPATH)/bin
unchecked=0
have() { # NAME HOW-TO-INSTALL...
	local name=$1
	shift
	command -v "$name" >/dev/null || "$@" >&2 || true
	command -v "$name" >/dev/null && return
	echo "not checked: $name is not installed and could not be"
	unchecked=1
	return 1
}
if have golangci-lint go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0; then
	golangci-lint run ./... || failed=1
fi
if have govulncheck go install golang.org/x/vuln/cmd/govulncheck@v1.9.0; then
	# VULNDB names another copy of the database of weaknesses. Without one that answers nothing was looked at.
	status=0
	found=$(govulncheck ${VULNDB:+-db "$VULNDB"} ./... 2>&1) || status=$?
	echo "$found"
	if grep -q 'fetching vulnerabilities' <<<"$found"; then
		echo "not checked: govulncheck reached no database of weaknesses"
		unchecked=1
	elif [ $status != 0 ]; then
		failed=1
	fi
fi
if have shellcheck tools/need.sh shellcheck; then
	shellcheck tools/*.sh .ci/run || failed=1
fi
if [ $failed = 0 ] && [ $unchecked = 0 ]; then echo "lint: nothing found"; fi
if [ $failed = 0 ] && [ $unchecked = 1 ]; then echo "lint: nothing found in what was checked"; fi
exit $failed
