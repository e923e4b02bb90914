# Thin on purpose: every target is a few commands that can as well be typed by hand.
# `make` alone prints this list.

FUZZ_SECONDS ?= 60
FILTER ?=

.DEFAULT_GOAL := help
.PHONY: help run build test one tsan fuzz bench format lint layers docs reference clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## install what is missing, build, and start arena on http://127.0.0.1:8000
	@tools/setup run
	@tools/build release arena
	build/release/arena/arena run

build: ## build everything with ASan and UBSan, into build/dev
	@tools/setup test
	@tools/build dev

test: ## install what is missing, build, and run all tests
	@tools/run_tests

one: build ## run the tests whose names match a regular expression: make one FILTER=Router
	@ctest --preset dev -R '$(FILTER)'

tsan: ## run the concurrent tests under ThreadSanitizer
	@tools/setup test
	@tools/build tsan concurrent_tests
	@ctest --preset tsan -j2

fuzz: ## fuzz every target for FUZZ_SECONDS (60): make fuzz FUZZ_SECONDS=600
	@tools/setup test
	@tools/build dev fuzzers
	@tools/run_fuzzers --seconds $(FUZZ_SECONDS)

bench: ## measure against the peers, in one run
	@tools/setup bench
	@tools/build bench
	@bench/run
	@bench/run rows
	@bench/templates
	@bench/routing
	@bench/experiment_recompute
	@build/release/bench/analysis_bench

format: ## format every C++ file in place
	@tools/setup lint
	@tools/sources cc | xargs clang-format-19 -i

lint: ## check format, clang-tidy, layers, docs and scripts; changes nothing
	@tools/setup lint
	@tools/lint

layers: ## check which library includes what
	@tools/check_layers

docs: ## refresh the snippets in the docs, then check snippets and links
	@tools/check_docs --fix

reference: ## write the reference of every public name, build/reference/index.html
	@tools/setup reference
	@tools/check_reference --html

clean: ## remove everything that was built
	rm -rf build
