# Two commands do everything on a fresh Debian 12 machine: `make demo` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PEER_BIN ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/openchoreo-gitops/peers
export PEER_BIN

RELEASE := build/release
PROGRAM := $(RELEASE)/cli/openchoreo-gitops

# Objects are found again in whatever folder the checkout lies.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1

.PHONY: help demo build test test-all soak lint peers peers-all sanitizers install-build install-test install-test-all format

help:
	@echo "make demo        install what it needs, build, render examples/mono-repo and show it"
	@echo "make test        install what it needs, build, run every test"
	@echo "make test-all    whole matrices, and what needs further programs, besides"
	@echo "make soak        kills, loads and fuzzes for minutes"
	@echo "make build       the programs, optimised, in $(RELEASE)"
	@echo "make sanitizers  tests under ASan+UBSan, those of threads under TSan"
	@echo "make lint        clang-format over all sources, clang-tidy over changed ones"
	@echo "make format      clang-format over our sources"

install-build:
	@scripts/install-dependencies build

install-test: install-build
	@scripts/install-dependencies test

install-test-all:
	@scripts/install-dependencies test-all

build: install-build
	@cmake --preset release -DOPENCHOREO_DEVELOPER=OFF >/dev/null
	@cmake --build --preset release

demo: build
	@echo; echo "$$ openchoreo-gitops render examples/mono-repo --environment development"; echo
	@$(PROGRAM) render examples/mono-repo --environment development

# The real programs that end-to-end tests talk to; kept in $(PEER_BIN) from run to run.
peers:
	@scripts/build-peers

peers-all: peers
	@scripts/build-peers fluxsource metrics
	@scripts/build-peers flux-cli

test: install-test peers
	@cmake --preset dev >/dev/null
	@cmake --build --preset dev
	@scripts/run-tests

test-all: test peers-all install-test-all
	@ctest --preset dev --label-regex '^all$$' --no-tests=ignore

soak: install-test peers
	@cmake --preset dev >/dev/null
	@cmake --build --preset dev
	@ctest --preset dev --label-regex '^soak$$'

sanitizers: install-test
	@scripts/run-sanitizers

lint: install-test
	@scripts/lint

format:
	@git ls-files '*.h' '*.cc' | xargs clang-format-14 -i
