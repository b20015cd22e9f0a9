#!/usr/bin/env bash
# fuzz.sh runs every fuzz test for FUZZTIME (30s unless told otherwise), one at a time as the go command demands.
set -euo pipefail
cd "$(dirname "$0")/.."

said=$(mktemp)
trap 'rm -f "$said"' EXIT

fuzz() { go test -run '^$' -fuzz "^$1\$" -fuzztime "${FUZZTIME:-30s}" -fuzzminimizetime 1s "$2" 2>&1 | tee "$said"; }

# The go command calls it a failure, too, when its own time ran out in the middle of a try: that found nothing.
ran_out() { grep -q 'context deadline exceeded' "$said" && ! grep -q 'Failing input' "$said"; }

found=0 failed=()
for package in $(go list ./...); do
	for name in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
		found=$((found + 1))
		echo "== $name in $package"
		fuzz "$name" "$package" || ran_out && continue
		failed+=("$name in $package")
	done
done
if [ ${#failed[@]} -gt 0 ]; then
	printf 'found something: %s\n' "${failed[@]}"
	exit 1
fi
echo "$found fuzz tests, no failure"
