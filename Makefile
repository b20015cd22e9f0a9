# make build   bin/vaern and bin/vaern-verify, front end inside
# make run     builds, prepares a demo municipality the first time, and serves it on 127.0.0.1:8080
# make test    installs what is missing and runs every test
# make register   NAME=supplier ONE="Leverandør/Supplier" MANY="Leverandører/Suppliers" writes a new register's skeleton
# make deb, make image
# make gallery    looks at every page in every state, language, width and light in a browser; SHOTS=DIR keeps the pictures
# make bench      measures what goals are set for into docs/performance.md, ONLY=Sizes some of it; make bench-long takes an hour
# make fuzz, make lint, make clean

export CGO_ENABLED := 0

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo development)
COMMIT  := $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
STAMP   := $(VERSION) $(COMMIT)
LDFLAGS := -s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT)

# What the programs are made of: every file that is compiled or embedded.
SOURCES := go.mod go.sum $(shell find cmd internal content web -type f \
	-not -path '*/node_modules/*' -not -path 'web/dist/*' -not -name '*_test.go' 2>/dev/null)
FRONT   := $(wildcard web/style/* web/script/* web/build/*.go web/build/licences/*)
PROGRAMS := bin/vaern bin/vaern-verify

.PHONY: build run test gallery fuzz bench bench-long lint register deb image clean FORCE
.DELETE_ON_ERROR:

build: $(PROGRAMS)

# Third-party files come from the lock file, and only when that has changed.
web/node_modules/.ready: web/package.json web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@touch $@

web/dist/manifest.json: $(FRONT) go.mod go.sum web/node_modules/.ready
	go run ./web/build

bin/.stamp: FORCE
	@mkdir -p bin
	@echo '$(STAMP)' | cmp -s - $@ || echo '$(STAMP)' >$@

$(PROGRAMS) &: $(SOURCES) web/dist/manifest.json bin/.stamp
	go build -trimpath -ldflags '$(LDFLAGS)' -o bin/ ./cmd/...
	@touch -c $(PROGRAMS)

run: build
	bin/vaern serve --demo --data .demo

test/browser/node_modules/.ready: test/browser/package.json test/browser/package-lock.json
	cd test/browser && npm ci --no-audit --no-fund
	@touch $@

test: build test/browser/node_modules/.ready
	tools/test.sh

gallery: build test/browser/node_modules/.ready
	cd test/browser && node gallery.mjs $(if $(SHOTS),--shots $(abspath $(SHOTS)))

fuzz: build
	tools/fuzz.sh

bench: build
	TEST_POSTGRES= DURABLE=1 tools/postgres.sh go run ./tools/bench $(if $(ONLY),-only $(ONLY)) -day $(shell date +%F) -out docs/performance.md

bench-long: build
	TEST_POSTGRES= DURABLE=1 tools/postgres.sh go run ./tools/bench -long -day $(shell date +%F) -out docs/performance.md

lint:
	tools/lint.sh

# A package for Debian and its like, and a container image where an engine runs.
deb: build
	tools/deb.sh '$(VERSION)'

image: build
	@if docker info >/dev/null 2>&1; then docker build -t vaern:$(COMMIT) -f packaging/Dockerfile .; \
	elif command -v podman >/dev/null; then podman build -t vaern:$(COMMIT) -f packaging/Dockerfile .; \
	else echo "image: skipped, no container engine runs here"; fi

register:
	go run ./tools/register "$(NAME)" "$(ONE)" "$(MANY)"

# The demo municipality in .demo is kept: somebody may have worked in it.
clean:
	rm -rf bin test/browser/screens web/node_modules test/browser/node_modules
	find web/dist -mindepth 1 -not -name README.md -delete
