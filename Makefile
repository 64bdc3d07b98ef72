# The commands of the house: `make help`.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Exact versions, like go.mod: a linter that moves by itself breaks builds that nobody touched.
GOLANGCI_VERSION := v2.15.0
GOLANGCI := .bin/golangci-lint-$(GOLANGCI_VERSION)
HELM_VERSION := v3.17.3
HELM := .bin/helm-$(HELM_VERSION)

.PHONY: help run test race faults pooler servers drill histories equal plans generate fresh stubs lint migrations check migration conformance compatible web browser audit image chart bench clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

run: web ## Start the server with demo data, kept in data/
	go run . serve --demo --database sqlite:data/continuum.db

test: ## Run every test, on SQLite and on a throw-away PostgreSQL
	scripts/with-postgres go test ./...

# Practice and access have no goroutines of their own: of them, what several do at once. Of graph, less of what compares what one
# after the other sees: a long run of it finds no more races than a short one.
race: ## Run the tests under the race detector, as far as goroutines meet in them (needs a C compiler)
	CGO_ENABLED=1 scripts/with-postgres bash -c '\
		go test -race -timeout 20m $$(go list ./internal/... | grep -v -e /internal/access$$ -e /internal/practice$$) && \
		go test -race -timeout 20m ./internal/practice -run "AtOnce|Fifty|OneAnswer|OneOwner|OneIsMade|Twins|Twent|LastTwo|A9_|SignIn|Idempot|Once" && \
		go test -race -timeout 20m ./graph -equal.operations=50 -skip "Budget|A4_|A8_|A10_|G4_|Matrix|PrimedOrNot" && \
		go test -race -timeout 20m ./internal/access -run Spellings -oracle.steps=30'

pooler: ## Run the store's tests, and of others what collides and what listens, through PgBouncer in transaction mode
	scripts/with-postgres scripts/with-pgbouncer bash -c '\
		go test ./internal/store && \
		go test ./graph -run "Follow|Listen|Socket|Sharing|Contract" && \
		go test ./internal/practice -run "T13|Race"'

servers: ## Try two servers behind PgBouncer and HAProxy, a restart under load, a failover (needs haproxy)
	scripts/with-postgres scripts/with-pgbouncer go test -tags faults ./faults -run 'Pooler|TwoServers|Rolling|Failover'

drill: ## Back up, restore and prove a database, on both engines
	scripts/with-postgres go test -tags faults ./faults -run Drill

faults: ## Break the server, the database, the network and the disk under writers (as root for the disk)
	go test -tags faults -count 1 -timeout 10m ./faults -run '^Test(Kill|Restart|Freeze|BlackHole|Exhausted|Full)_'

histories: ## Live long random histories beside the oracle, on both engines: make histories STEPS=500000
	scripts/with-postgres go test ./internal/access -run TestHistories -oracle.steps=$(or $(STEPS),20000) -timeout 0 -v
	scripts/with-postgres go test ./internal/practice -run TestOracle -oracle.steps=$(or $(STEPS),20000) -timeout 0 -v

# The server keeps its log in JSON, in one file, which tells how each statement ran.
plans: ## Look at the plan of every statement among 1,000,000 profiles (10 minutes, 8 GB of disk): make plans PROFILES=300000
	CONTINUUM_TEST_POSTGRES_OPTIONS='-c logging_collector=on -c log_destination=jsonlog -c log_rotation_size=0 -c shared_buffers=1GB' \
	scripts/with-postgres go test -tags plans ./graph -run 'TestPlans$$' -plans.large=$(or $(PROFILES),1000000) -timeout 0 -v

equal: ## Compare random operations with the resolvers' answers, on both engines: make equal STEPS=100000
	scripts/with-postgres go test ./graph -run TestEqual_RandomOperations -equal.operations=$(or $(STEPS),20000) -timeout 0 -v

generate: ## Write ent/, graph/exec/ and the partner's client anew from schema/
	rm -rf ent graph/exec
	go run ./schema/generate
	go tool genqlient examples/partner/genqlient.yaml

migration: ## Write the SQL for a change of the schema: make migration NAME=add_grade
	@[ -n "$(NAME)" ] || { echo "usage: make migration NAME=add_grade" >&2; exit 64; }
	scripts/with-postgres go run ./internal/store/newmigration "$(NAME)"

check: fresh stubs lint migrations ## Everything that is not a test: generated files, stubs, linters, migrations

fresh: generate ## Fail where generated code is not what the schema gives (stage your changes first)
	@git diff --exit-code --stat -- ent graph/exec examples/partner || { echo "generated files are stale: commit the result of make generate" >&2; exit 1; }
	@untracked=$$(git ls-files --others --exclude-standard -- ent graph/exec); \
	[ -z "$$untracked" ] || { echo "generated files are not committed:" >&2; echo "$$untracked" >&2; exit 1; }

stubs: ## Fail where a resolver was left for later
	@! grep -rn --include='*.go' 'not implemented: ' graph 2>/dev/null || { echo "unfinished resolvers" >&2; exit 1; }

lint: $(GOLANGCI) ## Run go vet and golangci-lint
	go vet ./...
	$(GOLANGCI) run ./...
	$(GOLANGCI) run --build-tags faults ./faults/...
	$(GOLANGCI) run --build-tags plans ./graph/...

migrations: ## Prove that the migrations agree with the schema and lose no row
	scripts/with-postgres go test ./internal/store/... -run 'Migrat|Lint|Format'

.PHONY: peers
peers: bench/postgraphile/node_modules/.package-lock.json ## Hold the policies of the benchmark's PostGraphile against what the server shows everybody of the demo
	go build -o .bin/continuum .
	PROGRAM=$(CURDIR)/.bin/continuum scripts/with-postgres bash -c 'cd bench/postgraphile && node_modules/.bin/node --test test/*.test.mjs'

bench/postgraphile/node_modules/.package-lock.json: bench/postgraphile/package-lock.json
	npm --prefix bench/postgraphile ci --no-audit --no-fund

conformance: conformance/node_modules/.package-lock.json ## Try real clients against a server with demo data
	scripts/with-server npm --prefix conformance test

compatible: conformance/node_modules/.package-lock.json ## Fail where the SDL breaks clients of the newest tag
	node conformance/compatible.mjs

conformance/node_modules/.package-lock.json: conformance/package-lock.json
	npm --prefix conformance ci --no-audit --no-fund

web: web/dist/index.html ## Build the pages for the browser, where Node is installed

web/dist/index.html: web/package-lock.json web/build.mjs $(wildcard web/src/*)
	@if command -v npm >/dev/null; then cd web && npm ci --no-audit --no-fund && npm run build; \
	else echo "Node is not installed: the server will run without GraphiQL"; fi

# The example page stands at an origin of its own, and may send no document but those that it was built with.
browser: web ## Try GraphiQL and the example page in Chromium against a server with demo data
	scripts/with-server npm --prefix web run test:browser
	cd examples/spa && npm ci --no-audit --no-fund && npm run check
	CONTINUUM_ALLOWED_ORIGINS=http://127.0.0.1:4173 CONTINUUM_TRUSTED_ONLY=true \
	CONTINUUM_TRUSTED_DOCUMENTS=examples/spa/src/gql/persisted-documents.json \
	scripts/with-server npm --prefix examples/spa run test:browser

image: web ## Build the image of the program, and look into it (needs buildah, podman or docker): make image NAME=continuum:1.0
	scripts/image $(or $(NAME),continuum:latest)

chart: $(HELM) ## Lint the Helm chart, and hold what it writes against Kubernetes' own types
	$(HELM) lint --strict deploy/chart
	cd deploy/chart-check && GOFLAGS= go build -o ../../.bin/chart-check .
	$(HELM) template --kube-version 1.30.0 x deploy/chart | .bin/chart-check
	$(HELM) template --kube-version 1.30.0 x deploy/chart --set replicas=1 --set pooler=true --set sealKeys=false \
		--set 'allowedOrigins={https://one.example,https://two.example}' --set env.CONTINUUM_X=1 --set secretFiles.CONTINUUM_Y_FILE=y | .bin/chart-check

audit: ## Let graphql-http's audit suite look at a server with demo data: 61 of 61, or it fails
	npm --prefix conformance/http ci --no-audit --no-fund
	scripts/with-server npm --prefix conformance/http run audit

# Its own PostgreSQL counts statements, and keeps what it is told to keep: the other settings are those of the tests.
bench: ## Measure the server beside hand-written SQL (docs/performance.md): make bench ENGINE=sqlite ARGS=-quick
ifeq ($(ENGINE),sqlite)
	folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && go run ./bench -database "sqlite:$$folder/bench.db" -targets continuum $(ARGS)
else
	CONTINUUM_TEST_POSTGRES_OPTIONS='-c shared_preload_libraries=pg_stat_statements -c fsync=on -c synchronous_commit=on -c full_page_writes=on -c autovacuum=off -c shared_buffers=512MB' \
	scripts/with-postgres go run ./bench $(ARGS)
endif

clean: ## Remove what was built; data/ stays
	rm -rf .bin bench/results bench/postgraphile/node_modules web/node_modules conformance/node_modules conformance/http/node_modules
	rm -rf examples/spa/node_modules examples/spa/dist examples/spa/src/gql
	find web/dist -mindepth 1 ! -name .gitkeep -delete

$(GOLANGCI):
	GOFLAGS= GOBIN=$(CURDIR)/.bin/new go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	mv .bin/new/golangci-lint $@ && rmdir .bin/new

$(HELM):
	GOFLAGS= GOBIN=$(CURDIR)/.bin/new go install helm.sh/helm/v3/cmd/helm@$(HELM_VERSION)
	mv .bin/new/helm $@ && rmdir .bin/new
