# Every target does its own set-up: `make run` on a fresh clone needs Python 3.11+, make and git only.
#   make run PORT=8600         make train TASK=reverse         make test ARGS="tests/model -k mask"
PYTHON ?=
PORT   ?=
TASK   ?=
MODELS ?=
WORKERS ?=
ARGS   ?=

VENV := .venv
PY   := $(VENV)/bin/python
PIP  := $(PY) -m pip install --disable-pip-version-check --quiet

.PHONY: help run serve test fuzz check web lowest bench train
.DELETE_ON_ERROR:

help:  ## show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' Makefile | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'

run: $(VENV)/app  ## start Headlight in the browser (PORT=8501, ADDRESS=127.0.0.1: for this machine alone, MODELS=folder)
	$(PY) -m headlight $(if $(PORT),--port $(PORT)) $(if $(ADDRESS),--address $(ADDRESS)) $(if $(MODELS),--models "$(MODELS)")

serve: $(VENV)/app  ## the same for many people: processes behind nginx (WORKERS=4, PORT=8501)
	$(PY) -m headlight serve $(if $(WORKERS),--workers $(WORKERS)) $(if $(PORT),--port $(PORT)) $(ARGS)

test: $(VENV)/dev  ## run every test, in a real Chromium too (ARGS= for pytest)
	@sh scripts/setup_chromium.sh $(PY)
	@sh scripts/setup_nginx.sh
	$(PY) -m pytest -n auto --dist loadfile $(ARGS)

fuzz: $(VENV)/dev  ## 50,000 odd inputs; stopped, it goes on (ARGS=anew)
	$(PY) -m tests.fuzz $(ARGS)

check: $(VENV)/dev  ## style and types: ruff and mypy; where there is npm, `web` too
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy headlight tests benchmarks
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory web; \
	else echo "There is no npm here: the browser code (viz/web) was not checked."; fi

web: node_modules  ## the browser code: built files, types, style, unit tests (needs node and npm)
	npm run --silent check
	npm run --silent test

node_modules: package.json package-lock.json
	npm ci --silent --no-audit --no-fund
	@touch $@

lowest: $(PY)  ## the model's tests with the lowest versions that requirements.txt allows
	@mkdir -p build
	@sed -n 's/^\([a-z-]*\)>=\([0-9.]*\).*/\1==\2/p' requirements.txt > build/lowest.txt
# without transformers, which asks for newer ones, and the tests that hold the hub's families against it
	@sed '/^transformers/d; s|^-r |-r ../|' requirements-dev.txt > build/lowest-dev.txt
	$(PY) -m venv --clear build/lowest
	build/lowest/bin/pip install --quiet -r build/lowest-dev.txt -c build/lowest.txt
	build/lowest/bin/python -m pytest -n auto --dist loadfile tests/model --ignore tests/model/hub \
		--ignore tests/model/analysis/test_walk.py $(ARGS)

bench: $(VENV)/bench  ## run every benchmark; leave the machine idle meanwhile (ARGS= for names)
	@sh scripts/setup_chromium.sh $(PY)
	$(PY) -m benchmarks $(ARGS)

train: $(VENV)/dev  ## train a task from nothing (TASK=reverse)
	$(PY) -m headlight train $(TASK) $(ARGS)

# Each stamp is newer than the requirements it was installed from.
$(VENV)/app: requirements.txt | $(PY)
	@echo "Installing $< ..."
	@$(PIP) -r $<
	@touch $@

$(VENV)/dev: requirements-dev.txt requirements.txt | $(PY)
	@echo "Installing $< ..."
	@$(PIP) -r $<
	@touch $@ $(VENV)/app

$(VENV)/bench: benchmarks/requirements.txt $(VENV)/dev
	@echo "Installing $< ..."
	@$(PIP) -r $<
	@touch $@

$(PY):
	@python=$$(sh scripts/find_python.sh "$(PYTHON)") && "$$python" -m venv --clear $(VENV)
