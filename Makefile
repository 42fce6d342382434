# Understudy: `make run` serves a lab, `make test` passes all tests. See README.md.
SHELL := /bin/bash
GO ?= go

.PHONY: help run build test bench lint generate check-generated browser fuzz

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | column -t -s "$$(printf '\t')"

run: ## Serve the lab "demo" on http://127.0.0.1:8080
	$(GO) run ./cmd/understudy serve

build: ## Build bin/understudy
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/understudy ./cmd/understudy

test: browser ## Run all tests (installs Chromium on Debian when it is missing)
	$(GO) test ./...

bench: ## Run the benchmarks
	$(GO) test -run '^$$' -bench . -benchmem ./...

lint: ## Formatting, vet, staticcheck
	@test -z "$$(gofmt -l cmd idp sp scim ui seed static)" || { echo "not formatted:"; gofmt -l cmd idp sp scim ui seed static; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

generate: ## Write the Go files of all templ components
	$(GO) tool templ generate -path ui

check-generated: ## Fail when a templ component's Go file is not current
	$(GO) tool templ generate -path ui
	@git diff --exit-code --stat -- '*_templ.go' || { echo "run 'make generate' and commit the result"; exit 1; }
	@test -z "$$(git ls-files --others --exclude-standard -- '*_templ.go')" || { echo "generated files are not committed"; exit 1; }

fuzz: ## Run every fuzz test for a minute each
	@for pkg in $$($(GO) list ./...); do \
	  for f in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
	    echo "== $$pkg $$f"; $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime 60s $$pkg || exit 1; \
	  done; \
	done

browser: # Chromium's headless shell, for the browser player: the one thing that the tests need besides Go
	@command -v chromium-headless-shell chrome-headless-shell >/dev/null || { \
	  echo "Installing Chromium's headless shell for the browser tests"; \
	  root=; [ "$$(id -u)" = 0 ] || root=sudo; \
	  { command -v apt-get && $$root apt-get update -qq && $$root apt-get install -y -qq --no-install-recommends chromium-headless-shell; } >/dev/null || \
	  command -v chromium chromium-browser google-chrome microsoft-edge >/dev/null || { \
	  echo "The browser tests need Chromium, Chrome or Edge. Please install one."; exit 1; }; }
