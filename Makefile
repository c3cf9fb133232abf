# Two commands: `make run` shows lancehead at work, `make test` proves it. The rest are parts of them.
# The build itself is CMake's (CMakePresets.json); each preset builds in build/<preset>.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON := build/venv/bin/python
# Found at each use, because the set-up may have installed it a moment ago.
export CMAKE_CXX_COMPILER_LAUNCHER = $(shell command -v ccache)
# Arguments for pytest, such as ARGS='-k 3.13'.
ARGS ?=

.PHONY: help run test e2e unit lint format wheel bench fuzz soak setup setup-test clean

help:
	@echo 'make run      build a release, profile examples/julia.py, and write a page of it'
	@echo 'make test     build and run every test and check'
	@echo 'make unit     only the unit tests, under sanitizers'
	@echo "make e2e      only the end-to-end tests; ARGS='-k 3.13' picks some"
	@echo 'make lint     only formatters and linters;  make format  mends what they can'
	@echo 'make wheel    the Python package, in build/dist'
	@echo 'make bench    comparisons and the sharp measurements'
	@echo 'make fuzz     feed damaged recordings and memory to the readers'
	@echo 'make soak     long runs'
	@echo 'make build-P  only build preset P: release, dev, asan, tsan, fuzz'

run: setup build-release
	build/release/bin/lancehead run --output build/julia.lancehead --force examples/julia.py
	build/release/bin/lancehead report build/julia.lancehead --html build/julia.html --force

test: setup-test
	@$(PYTHON) tools/run_tests.py

unit: setup-test
	@$(PYTHON) tools/run_tests.py unit

e2e: setup-test
	@$(PYTHON) tools/run_tests.py e2e -- $(ARGS)

lint: setup-test build-asan
	@$(PYTHON) tools/lint.py

format: setup-test
	@$(PYTHON) tools/lint.py --fix

# The release that is built already, as a wheel.
wheel: setup-test build-release
	@$(PYTHON) -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir build/dist \
	  --config-settings build-dir=build/wheel-of-release \
	  --config-settings cmake.define.LANCEHEAD_PREBUILT=$(CURDIR)/build/release .
	@ls build/dist/*.whl

# Each of these is a script of its own; one that is not there yet says so.
bench: setup-test build-release
	@if [[ -x bench/run ]]; then bench/run $(ARGS); else echo 'There is no bench/run.' >&2; exit 1; fi

fuzz: setup-test build-fuzz
	@if [[ -x tools/fuzz ]]; then tools/fuzz $(ARGS); else echo 'There is no tools/fuzz.' >&2; exit 1; fi

soak: setup-test build-release
	@if [[ -x tools/soak ]]; then tools/soak $(ARGS); else echo 'There is no tools/soak.' >&2; exit 1; fi

setup:
	@tools/setup build

setup-test:
	@tools/setup test

# CMake runs again by itself when its own files change, but not when a preset does.
build/%/build.ninja: CMakePresets.json
	cmake --preset $*
	@touch $@

build-%: build/%/build.ninja
	@cmake --build build/$*

.PRECIOUS: build/%/build.ninja

clean:
	rm -rf build
