# Two commands for newcomers, each sets up all it needs:  make demo   make test
# pip's own settings apply: PIP_EXTRA_INDEX_URL and the like choose where packages come from.
PYTHON ?= python3
VENV ?= .venv
LIGHT ?= .venv-light
RUN ?= runs/hybrid-laptop

export HF_HUB_OFFLINE = 1
export HF_HUB_DISABLE_TELEMETRY = 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: demo test check test-slow lock clean

# The whole loop on this machine: teachers, proof, votes, training, match, report.
demo: $(VENV)/.ready
	$(VENV)/bin/stumper run hybrid-laptop --run-dir $(RUN)

# Everything that can be tested here in minutes.
test: check $(VENV)/.ready
	$(VENV)/bin/python -m pytest -m "models and not slow and not browser and not gpu"

# Style, types, imports and the fast tests: no torch, no models.
check: $(LIGHT)/.ready
	$(LIGHT)/bin/ruff check .
	$(LIGHT)/bin/ruff format --check .
	$(LIGHT)/bin/mypy
	$(LIGHT)/bin/lint-imports
	$(LIGHT)/bin/python -m pytest -n 2 -m "not models and not slow and not browser and not gpu"

test-slow: $(VENV)/.ready
	$(VENV)/bin/python -m pip install --quiet --constraint constraints.txt --editable '.[browser]'
	$(VENV)/bin/python -m pytest -m "slow or browser"

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --constraint constraints.txt --editable '.[all,dev]'
	touch $@

$(LIGHT)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(LIGHT)
	$(LIGHT)/bin/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

# Pin what was tested: the versions in the virtual environment that just passed.
lock: $(VENV)/.ready
	$(VENV)/bin/python -m pip freeze --exclude-editable | sed 's/+cpu$$//' > constraints.txt

clean:
	rm -rf $(VENV) $(LIGHT) build dist
