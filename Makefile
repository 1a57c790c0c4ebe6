# Two commands do everything on a fresh Debian 12 machine: `make demo` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PEER_BIN ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/openchoreo-gitops/peers
export PEER_BIN

RELEASE := build/release
PROGRAM := $(RELEASE)/cli/openchoreo-gitops

.PHONY: help demo build test peers sanitizers install-build install-test format

help:
	@echo "make demo        install what it needs, build, render examples/mono-repo and show it"
	@echo "make test        install what it needs, build, run every test"
	@echo "make build       the programs, optimised, in $(RELEASE)"
	@echo "make sanitizers  tests under ASan+UBSan, those of threads under TSan"
	@echo "make format      clang-format over our sources"

install-build:
	@scripts/install-dependencies build

install-test: install-build
	@scripts/install-dependencies test

build: install-build
	@cmake --preset release -DOPENCHOREO_DEVELOPER=OFF >/dev/null
	@cmake --build --preset release

demo: build
	@echo; echo "$$ openchoreo-gitops render examples/mono-repo --environment development"; echo
	@$(PROGRAM) render examples/mono-repo --environment development

# The real programs that end-to-end tests talk to; kept in $(PEER_BIN) from run to run.
peers:
	@scripts/build-peers

test: install-test peers
	@cmake --preset dev >/dev/null
	@cmake --build --preset dev
	@ctest --preset dev --label-exclude soak --repeat until-pass:3

sanitizers: install-test
	@scripts/run-sanitizers

format:
	@git ls-files '*.h' '*.cc' | xargs clang-format-14 -i
