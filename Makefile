# `make` alone prints what there is. Every target sets up what it needs, and again only when something changed.
VENV := .venv
BIN := $(VENV)/bin
BOX := .venv-box
ARCH := amd64
PIP := -m pip --disable-pip-version-check --quiet
PACKAGES := agent board provisioning
PARALLEL := --numprocesses=auto --maxprocesses=4
# The tests of what is pure, which counts its branches: that doubles their time, so the others run without.
PRINTING := tests/drivers/printing
COUNTED := tests/box/queues tests/box/setup/decisions tests/box/update tests/commands tests/console/panel \
	tests/console/terminal tests/console/words tests/control tests/drivers/coder_bridge tests/drivers/lock_server \
	tests/drivers/visionline $(PRINTING)/documents $(PRINTING)/ipp $(PRINTING)/nearby $(PRINTING)/raster/page \
	tests/foundation/reading tests/health tests/hotel/test_device_facts.py tests/hotel/test_history.py \
	tests/hotel/test_upkeep.py tests/journal tests/languages tests/laptop tests/mews \
	tests/provisioning tests/rooms tests/simulators/mews tests/simulators/printer tests/status

# The first Python that fits pyproject.toml; `make PYTHON=... test` takes another.
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
FITTING = $(foreach name,python3 python3.13 python3.12 python3.11,$(shell $(name) -c '$(FITS)' 2>/dev/null && echo $(name)))
PYTHON = $(firstword $(FITTING))

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

demo: setup  ## simulators, the agent and its page on this machine; Ctrl-C ends it
	@$(BIN)/nightporter demo $(ARGS)

test: setup  ## all tests but the long kill runs, without those that this machine lacks a program for; ARGS= for pytest
	$(BIN)/python -m pytest $(PARALLEL) -rs $(ARGS)

check: setup  ## what CI runs: formatting, lint, types, import rules, all tests, each branch of what is pure
	$(BIN)/ruff format --check --quiet
	$(BIN)/ruff check --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(PARALLEL) $(COUNTED)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --fail-under=100 --include="$$($(BIN)/python -m tests.pure)"
	$(BIN)/python -m pytest $(PARALLEL) tests $(COUNTED:%=--ignore=%)

explore: setup  ## the tests of properties with other examples in each run; ARGS= for pytest
	NIGHTPORTER_EXPLORE=1 $(BIN)/python -m pytest $(PARALLEL) -m hypothesis $(ARGS)

torture: setup  ## real kills at every write of the journal, half an hour
	$(BIN)/python -m tests.torture $(ARGS)

bench: setup $(BOX)/.stamp  ## the figures of the README's table, measured here
	$(BIN)/python -m tests.bench $(ARGS)

image: setup  ## the flashable image in dist/: ARCH=amd64 or arm64 (image/README.md; needs root)
	image/build $(ARCH)

image-check: setup  ## builds it quickly, and looks into it without booting it
	QUICK=1 image/build $(ARCH)
	ARCH=$(ARCH) $(BIN)/python -m pytest tests/image/built

test-image: setup  ## boots the built image in QEMU and uses it, half an hour; ARGS= (--long, --rest, names)
	@image/tools emulator
	@$(BIN)/python -m tests.image --arch $(ARCH) --list $(ARGS) >/dev/null  # a wrong name is told at once
	image/variants $(ARCH)
	$(BIN)/python -m tests.image --arch $(ARCH) $(ARGS)

fault-times: setup  ## tests/FAULT_TIMES.md: from each fault's cause to the page and back, in virtual time
	$(BIN)/python -m tests.fault_times

screenshots: setup  ## the README's pictures, drawn by Chromium from made-up boxes
	$(BIN)/python -m tests.browser.screenshots agent/status/page/pictures

fmt: setup  ## put the code into its format, and mend what ruff can mend
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

setup: $(VENV)/.stamp  ## the virtual environment, from the lock file

$(VENV)/.stamp: requirements/dev.lock pyproject.toml
	@$(if $(PYTHON),,echo 'No Python 3.11, 3.12 or 3.13 was found: install one, or write make PYTHON=/its/path.' >&2; exit 2)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python $(PIP) install --require-hashes -r requirements/dev.lock
	$(BIN)/python $(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

# What a box has: no package of the dev group (some change the memory that is measured), the agent as a wheel.
$(BOX)/.stamp: requirements/runtime.lock pyproject.toml $(shell find $(PACKAGES) -type f -not -name '*.pyc') | setup
	$(BIN)/python -m venv $(BOX)
	$(BOX)/bin/python $(PIP) install --require-hashes -r requirements/runtime.lock
	rm -rf $(BOX)/wheel
	$(BIN)/python $(PIP) wheel --no-build-isolation --no-deps --wheel-dir $(BOX)/wheel .
	$(BOX)/bin/python $(PIP) install --no-deps --force-reinstall $(BOX)/wheel/*.whl
	@touch $@

lock:  ## pin the newest versions that fit, with hashes and without addresses
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python $(PIP) install uv
	.venv-lock/bin/uv pip compile --quiet --universal --upgrade --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml -o requirements/runtime.lock
	.venv-lock/bin/uv pip compile --quiet --universal --upgrade --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --group dev pyproject.toml -o requirements/dev.lock

.PHONY: help demo test check fault-times torture bench image image-check test-image fmt setup lock
