#!/usr/bin/env bash
# fuzz.sh runs every fuzz test for FUZZTIME (30s unless told otherwise), one at a time as the go command demands.
set -euo pipefail
cd "$(dirname "$0")/.."

found=0
for package in $(go list ./...); do
	for name in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
		found=$((found + 1))
		echo "== $name in $package"
		go test -run '^$' -fuzz "^$name\$" -fuzztime "${FUZZTIME:-30s}" -fuzzminimizetime 1s "$package"
	done
done
echo "$found fuzz tests, no failure"
