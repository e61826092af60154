# make run and make test are all that a new machine needs; make check is what
# CI runs besides.

GOLANGCI    = github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOVULNCHECK = golang.org/x/vuln/cmd/govulncheck@v1.9.0
GOVULNDB   ?= https://vuln.go.dev
VERSION    ?= $(shell git describe --tags --always --dirty)
REVISION   ?= $(shell git rev-parse HEAD)

.PHONY: run graphiql-if-node packages build reproducible setup test test-go service test-app test-process test-clients test-judge judge test-graphiql test-dashboard graphiql day dashboard screenshots check generate cover bench fuzz histories leaks viewers vulnerabilities

run: ## serve; made-up chats unless TEXTER_PROJECT is set
	@echo "Building GraphiQL and the service. The first time, this takes about a minute."
	@$(MAKE) --no-print-directory -j2 graphiql-if-node packages
	@CGO_ENABLED=0 go build -ldflags "-s -w" -o bin/texter-graphql .
	@exec bin/texter-graphql

graphiql-if-node:
	@if test/setup node; then $(MAKE) --no-print-directory graphiql; else echo "GraphiQL is left out: building it takes Node 20.19 or newer, with npm."; fi

packages: # what does not embed GraphiQL can be compiled while that is built
	@CGO_ENABLED=0 go build $$(go list -f '{{join .Imports "\n"}}' ./internal/app | grep -v /graphiql$$)

graphiql: internal/graphiql/dist/index.html ## build GraphiQL, which go build then embeds

internal/graphiql/dist/index.html: internal/graphiql/node_modules/.package-lock.json internal/graphiql/index.html internal/graphiql/vite.config.js docs/errors.md $(wildcard internal/graphiql/src/* internal/graphiql/src/*/* internal/graphiql/build/*)
	@npm --prefix internal/graphiql run --silent build

# npm writes this file when it has installed what package-lock.json names.
%/node_modules/.package-lock.json: %/package-lock.json
	@npm --prefix $* ci --no-audit --no-fund
	@touch $@

build: graphiql ## bin/texter-graphql, static; the same sources give the same bytes
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X texter-graphql/internal/app.version=$(VERSION) -X texter-graphql/internal/app.revision=$(REVISION)" -o bin/texter-graphql .

reproducible: build ## whether a build elsewhere gives the same bytes
	elsewhere=$$(mktemp -d) && trap "rm -rf $$elsewhere" EXIT && \
	tar c --exclude=node_modules --exclude=./.git --exclude=./bin . | tar x -C $$elsewhere && \
	$(MAKE) -C $$elsewhere -o internal/graphiql/dist/index.html build VERSION=$(VERSION) REVISION=$(REVISION) && \
	cmp bin/texter-graphql $$elsewhere/bin/texter-graphql

test: setup ## all tests, a suite for each processor at a time; with SHORT= those that repeat do so as often as in CI
	@$(MAKE) --no-print-directory -j$$(getconf _NPROCESSORS_ONLN) --output-sync=target test-process test-dashboard test-go test-graphiql test-app test-clients test-judge

setup: # installs what is missing, or says what that is
	@test/setup $(MAKE_VERSION)

SHORT ?= -short

test-go: ## the packages that do not embed GraphiQL
	go test -race -vet=off $(SHORT) $$(go list ./... | grep -v -e /internal/app$$ -e /internal/graphiql$$ -e /test/)

# Whatever starts the service starts this one: test/harness reads the variable.
test-app test-process test-clients test-judge judge test-graphiql test-dashboard day: export TEXTER_GRAPHQL_BINARY = $(CURDIR)/bin/test/texter-graphql
test-app test-process test-clients test-judge judge test-graphiql test-dashboard: service

service: graphiql
	@CGO_ENABLED=0 go build -ldflags "-s -w" -o bin/test/texter-graphql .

test-app: ## the service as a whole, in the process of its tests
	go test -race -vet=off $(SHORT) ./internal/app ./internal/graphiql

test-process: ## the service as a process of its own, under attack and load
	go test $(if $(SHORT),-short,-race -timeout 20m) -vet=off ./test/...
	go -C test/toxic test -vet=off ./...

test-clients: test/clients/node_modules/.package-lock.json test/clients/generators/node_modules/.package-lock.json ## the GraphQL clients that dashboards use
	npm --prefix test/clients test

test-judge: test/judge/node_modules/.package-lock.json ## graphql-js as the judge of 2,000 random requests, of 20,000 with SHORT=
	$(if $(SHORT),CASES=2000) npm --prefix test/judge test

CASES ?= 1000000

judge: test/judge/node_modules/.package-lock.json ## graphql-js as the judge of CASES random requests, from SEED on
	CASES=$(CASES) npm --prefix test/judge test

test-graphiql: ## GraphiQL in headless Chromium
	npm --prefix internal/graphiql test

test-dashboard: examples/dashboard/node_modules/.package-lock.json ## the dashboard in headless Chromium
	npm --prefix examples/dashboard test

day: service examples/dashboard/node_modules/.package-lock.json ## 30 minutes of a team's day at the dashboard; make test has each step once
	DAY_MINUTES=30 ONLY=day npm --prefix examples/dashboard test

dashboard: examples/dashboard/node_modules/.package-lock.json ## the example dashboard, and the service it asks
	@CGO_ENABLED=0 go build -ldflags "-s -w" -o bin/texter-graphql .
	@exec node examples/dashboard/build/dev.mjs bin/texter-graphql

screenshots: graphiql ## docs/images
	npm --prefix internal/graphiql run screenshot
	npm --prefix examples/dashboard run screenshots

generate: ## all generated code, from schema.graphqls
	go generate ./...

check: generate
	git diff --exit-code -- graph/generated graph/fast/generated.go
	go run $(GOLANGCI) run ./...

vulnerabilities: ## needs the Go vulnerability database, or a copy of it in GOVULNDB
	go run $(GOVULNCHECK) -db $(GOVULNDB) ./...

cover: ## coverage of hand-written code
	go test -coverpkg=./... -coverprofile=coverage.out ./...
	grep -v -e /graph/generated/ -e /graph/fast/generated.go -e /graph/fast/gen/ coverage.out > coverage.tmp && mv coverage.tmp coverage.out
	go tool cover -func=coverage.out | tail -n 1

bench: ## what the service costs beside a reverse proxy and others; BENCH=-quick for a short look
	go run ./test/bench $(BENCH)

FUZZTIME ?= 30s

fuzz: ## each fuzz target for 30 s, from the seeds in testdata; FUZZTIME=1000000x for a million inputs each
	for target in internal/jsonscan/FuzzScanner internal/jsonscan/FuzzStringValue texter/FuzzDecodeSearchPage graph/relay/FuzzParseCursor \
		texter/upstream/http1/FuzzSameAsNetHTTP graph/document/FuzzLoad graph/FuzzBody graph/FuzzQuery graph/FuzzFastEncoding; do \
		go test -run '^$$' -fuzz "^$${target##*/}$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 20x ./$${target%/*} || exit 1; \
	done

viewers: ## 10,000 viewers of 100 lists, on two cores: what they take, and how fast a change reaches them
	go test -v -run "TestViewers|TestBursts|TestRestart|TestBesideGqlgen" ./test/load -viewers 10000 -lists 100 -changes 1000 -bursts 50

histories: ## 2,000 random histories of lists that are followed, by two instances; make test has 75
	go test -v -run TestHistories -timeout 60m ./test/feed -histories 2000

leaks: ## 400,000 requests and 200,000 deliveries of 50 callers, none of which may get another's chats; make test has 4,000 and 8,000
	go test -v -run 'TestNobodySeesAnothersChats|TestNobodyFollowsAnothersChats' ./test/hostile -leak-requests 100000 -leak-deliveries 100000
