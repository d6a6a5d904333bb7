# make train      a virtual environment with the locked packages, then the lecture's dropout stage
# make lab        the same set-up, then a page in the browser where networks are built, trained, watched and asked
# make test       the same set-up, then the tests; a few minutes
# make test-lowest  the same with the lowest versions that pyproject.toml allows
# make test-all   every test, in an environment of its own with every extra and a browser

PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3 python; do \
	"$$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& echo "$$name" && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
AUDIT := .venv/audit
FULL := .venv/full
SITE := .venv/site
LOWEST := .venv/lowest
TORCH := torch==2.13.0
PYTEST := -m pytest --numprocesses logical --dist worksteal

# the tests start hundreds of processes: without compiled modules each one compiles kerasnn again
unexport PYTHONDONTWRITEBYTECODE

.PHONY: train lab test test-lowest test-all browser faults check audit licences models bands notebooks docs site help-pages readme messages bench lock clean

train: $(READY)
	$(BIN)/kerasnn train dropout
	@command -v kerasnn >/dev/null || echo "If kerasnn is \"command not found\", activate its environment first: . $(BIN)/activate"

lab: $(READY)
	$(BIN)/kerasnn lab

test: $(READY)
	$(BIN)/python $(PYTEST) -m "not full"

# dependencies of old releases warn of each other, and the list of licences is of the locked versions
test-lowest: $(LOWEST)/ready
	$(LOWEST)/bin/python $(PYTEST) -m "not full" -W ignore::DeprecationWarning \
		--deselect tests/test_supply_chain.py::test_every_package_stands_in_the_list_with_its_licence

$(LOWEST)/ready: $(READY)
	$(PYTHON) -m venv $(LOWEST)
	$(BIN)/uv pip compile pyproject.toml --group dev --resolution lowest-direct --python $(LOWEST)/bin/python \
		--quiet --no-header --no-annotate --output-file $(LOWEST)/requirements.txt
	$(LOWEST)/bin/python -m pip install --disable-pip-version-check --quiet -r $(LOWEST)/requirements.txt
	$(LOWEST)/bin/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	touch $@

# also the slow tests and those that need an extra, a browser or the real data; fails if a test is skipped that
# tests/skips.py does not excuse
test-all: $(FULL)/ready browser
	$(FULL)/bin/python $(PYTEST) --no-skips

# Chromium, which pip cannot install; elsewhere than on Debian as root, install it yourself
browser:
	@if ! { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null; then \
		if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
			apt-get update --quiet=2 && DEBIAN_FRONTEND=noninteractive apt-get install --quiet=2 --yes --no-install-recommends chromium; \
		else echo "install Chromium, or the tests that need a browser are skipped" >&2; fi; fi

# PyTorch comes last and without a hash: its CPU builds have other versions and hashes than the builds on PyPI, which
# on Linux bring several GB of CUDA. pip prefers a CPU build where it is offered one (PIP_FIND_LINKS, PIP_EXTRA_INDEX_URL).
$(FULL)/ready: $(READY) constraints-full.txt
	$(PYTHON) -m venv $(FULL)
	$(FULL)/bin/python -m pip install --disable-pip-version-check --quiet --require-hashes -r constraints-full.txt
	$(FULL)/bin/python -m pip install --disable-pip-version-check --quiet $(TORCH)
	$(FULL)/bin/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	touch $@

# every fault case at its full count: hours of kills, damaged files and servers that misbehave
faults: $(READY)
	$(BIN)/python -m tests.faults

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 --package kerasnn
	$(BIN)/mypy --platform darwin --package kerasnn
	$(BIN)/lint-imports

# every locked package held against the known vulnerabilities; fails as well where one could not be looked up
audit: $(AUDIT)/ready
	@$(AUDIT)/bin/python -m pip_audit --requirement constraints.txt --require-hashes --disable-pip --strict \
		--progress-spinner off || { echo "make audit: not passed. Either a package above has a known vulnerability," \
		"or it could not be looked up: the audit asks a public service for them, which cannot be reached from everywhere" >&2; exit 1; }

$(AUDIT)/ready: $(READY) constraints-audit.txt
	$(PYTHON) -m venv $(AUDIT)
	$(AUDIT)/bin/python -m pip install --disable-pip-version-check --quiet --require-hashes -r constraints-audit.txt
	touch $@

# the licences of all that kerasnn needs to run, from what is installed
licences: $(READY)
	$(BIN)/python -m tests.licences docs/internals/licences.md

# the reference models, anew: trains every stage on the real Fashion-MNIST, about ten minutes
models: $(READY)
	$(BIN)/python -m kerasnn.runs.make_reference models

# where the figures of a right training lie, for kerasnn verify: 60 seeds a stage on both data sets, about an hour on
# two cores; .bands keeps the trainings as they come, so it goes on where it was stopped
bands: $(READY)
	$(BIN)/python -m kerasnn.study.make_bands .bands --workers 2

# the Korean catalogue: sentences new in the program come in untranslated, those that are gone leave; then compiled
messages: $(READY)
	mkdir -p build
	$(BIN)/python -m tests.messages build/kerasnn.pot
	$(BIN)/pybabel update --no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --domain kerasnn \
		--input-file build/kerasnn.pot --output-dir kerasnn/locale --locale ko
	$(BIN)/pybabel compile --domain kerasnn --directory kerasnn/locale

# the lecture as a Jupyter notebook, in English and in Korean
notebooks: $(READY)
	mkdir -p build
	$(BIN)/python -m kerasnn.scripts.lecture_notebook build/lecture.ipynb en
	$(BIN)/python -m kerasnn.scripts.lecture_notebook build/lecture.ko.ipynb ko

# how fast kerasnn is beside others, about half an hour; PyTorch and JAX take part where they are installed
bench: $(READY)
	$(BIN)/python -m benchmarks --out benchmarks/results.md

# the pictures and pages in docs/, anew; those of real images where KERASNN_DATA_DIR is set
docs: help-pages
	$(BIN)/python docs/draw_pictures.py docs/pictures >/dev/null

# the documentation as a web site in build/site, to read from the folder; a warning, such as a broken link, is an error
site: $(SITE)/ready
	$(SITE)/bin/python -m sphinx --conf-dir docs -W --keep-going --quiet . build/site
	@echo "open build/site/index.html"

$(SITE)/ready: constraints-site.txt
	$(PYTHON) -m venv $(SITE)
	$(SITE)/bin/python -m pip install --disable-pip-version-check --quiet --require-hashes -r constraints-site.txt
	touch $@

# what Tab completes; a page for each command, from its own help; one of the Python functions and one of all files, from their docstrings
help-pages: $(READY)
	$(BIN)/python -m tests.completion_table kerasnn/cli/completion.json
	$(BIN)/python -m tests.help_pages docs/reference/commands
	$(BIN)/python -m tests.python_page docs/reference/python.md
	$(BIN)/python -m tests.file_list docs/internals/files.md

# the numbers in the README and the docs, from their commands on the real data; ten minutes on two cores
readme: $(READY)
	$(BIN)/python -m tests.readme

# new versions of everything, for every platform and Python, with hashes
lock: $(READY)
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--upgrade --no-header --no-annotate --output-file constraints.txt
	$(BIN)/uv pip compile --group pyproject.toml:audit --universal --python-version 3.11 --generate-hashes \
		--upgrade --no-header --no-annotate --output-file constraints-audit.txt
	$(BIN)/uv pip compile --group pyproject.toml:site --universal --python-version 3.11 --generate-hashes \
		--upgrade --no-header --no-annotate --output-file constraints-site.txt
	$(BIN)/uv pip compile pyproject.toml --extra jax --extra litert --extra mlflow --extra notebook --extra onnx \
		--extra parquet --extra ray --extra tensorboard \
		--group dev --group full --group site --constraints constraints.txt --universal --python-version 3.11 --generate-hashes \
		--upgrade --no-header --no-annotate --output-file constraints-full.txt

$(READY): pyproject.toml constraints.txt install.py
	@test -n "$(PYTHON)" || { echo "kerasnn needs Python 3.11, 3.12 or 3.13; name one with: make PYTHON=/path/to/python" >&2; exit 1; }
	$(PYTHON) install.py $(VENV)
	touch $(READY)

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache
