# Understudy: `make run` serves a lab, `make test` runs all tests. See README.md and CONTRIBUTING.md.
SHELL := /bin/bash
GO ?= go

.PHONY: help run build test race race-quick bench lint generate check-generated browser fuzz figures

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | column -t -s "$$(printf '\t')"

run: ## Serve the lab "demo" on http://127.0.0.1:8080
	$(GO) run ./cmd/understudy serve

build: ## Build bin/understudy
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/understudy ./cmd/understudy

# Tests with other machines on the network need network namespaces: root, and iproute2.
NETNS = $(shell unshare --net true 2>/dev/null && command -v ip >/dev/null && echo -tags netns)

test: browser ## Run all tests (installs Chromium on Debian if it is missing)
	@test -n "$(NETNS)" || echo "Without root and iproute2, the tests with other machines on the network are not built."
	$(GO) test -timeout 30m $(NETNS) $(TESTFLAGS) ./...

# Packages whose tests drive Chromium or the whole program take very long with the race detector. The tests of the other packages
# reach the same handlers.
RACE = $(shell $(GO) list ./... | grep -vE '/(cmd/understudy|seed/script/player|seed/shots|ui/kit)$$')
# Packages that share values between goroutines and take seconds.
RACEQUICK = ./scim ./seed/base/... ./idp/expression ./sp/directory

race: ## Run all tests without a browser with the race detector
	$(GO) test -race -timeout 30m $(TESTFLAGS) $(RACE)

race-quick: ## Run the tests that take seconds with the race detector
	$(GO) test -race -timeout 10m $(RACEQUICK)

bench: ## Run the benchmarks
	$(GO) test -run '^$$' -bench . -benchmem ./...

lint: ## Check formatting, run vet and staticcheck
	@test -z "$$(gofmt -l cmd idp sp scim ui seed static)" || { echo "not formatted:"; gofmt -l cmd idp sp scim ui seed static; exit 1; }
	$(GO) vet -tags netns ./...
	$(GO) tool staticcheck ./...

generate: ## Generate the Go files of all templ components
	@for package in ui/*/; do $(GO) tool templ generate -include-version=false -path $$package || exit 1; done

check-generated: generate ## Fail if the Go file of a templ component is out of date
	@git diff --exit-code --stat -- '*_templ.go' || { echo "run 'make generate' and commit the result"; exit 1; }
	@test -z "$$(git ls-files --others --exclude-standard -- '*_templ.go')" || { echo "generated files are not committed"; exit 1; }

fuzz: ## Run each fuzz test for one minute
	@for pkg in $$($(GO) list ./...); do \
	  for f in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
	    echo "== $$pkg $$f"; $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime 60s $$pkg || exit 1; \
	  done; \
	done

figures: ## Measure the hand-written Go: comments, tests, dependencies, lengths
	@$(GO) run ./cmd/figures

browser: # Chromium's headless shell for the browser tests, and iproute2. Besides Go, the tests need nothing else.
	@command -v chromium-headless-shell chrome-headless-shell >/dev/null || { \
	  echo "Installing Chromium's headless shell for the browser tests"; \
	  root=; [ "$$(id -u)" = 0 ] || root=sudo; \
	  { command -v apt-get && $$root apt-get update -qq && $$root apt-get install -y -qq --no-install-recommends chromium-headless-shell iproute2; } >/dev/null || \
	  command -v chromium chromium-browser google-chrome microsoft-edge >/dev/null || { \
	  echo "The browser tests need Chromium, Chrome or Edge. Please install one."; exit 1; }; }
