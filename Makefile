# Two commands to start with: `make demo` and `make test`. Everything happens in .venv; CI runs the same targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements-dev.txt

.PHONY: demo test lint model evaluate docs bench peers curve probe fuzz faults differential harden clean

demo: $(VENV)/installed
	@$(BIN)/xborder-tagger tag examples/articles/*.txt

test: lint
	$(BIN)/python -m pytest -q

lint: $(VENV)/developed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Rebuilds the shipped model, its evaluation and its card from the corpus; the model comes out byte for byte.
model: $(VENV)/developed
	$(BIN)/xborder-tagger train models/corpus/documents -o models/xborder-en/model.xbt
	$(MAKE) evaluate docs

# GOLD="a.jsonl b.jsonl" adds annotated sets of your own to the evaluation.
evaluate: $(VENV)/developed
	$(BIN)/python -m benchmarks.quality.evaluate $(GOLD)

docs: $(VENV)/developed
	$(BIN)/python -m xborder_tagger.training.pages

bench: $(VENV)/compared
	$(BIN)/python -m pytest -q benchmarks/speed --benchmark-columns=median,iqr,rounds
	$(BIN)/python -m benchmarks.speed.ratios

# Everything that docs/evaluation.md measures against others, the corpus and itself; GOLD as above.
peers: $(VENV)/compared
	$(BIN)/python -m benchmarks.quality.peers $(GOLD)

curve: $(VENV)/developed
	$(BIN)/python -m benchmarks.quality.learning_curve $(GOLD)

probe: $(VENV)/developed
	$(BIN)/python -m benchmarks.quality.probe

# Needs clang with its run-time libraries. RUNS executions over all harnesses; SECONDS, if given, ends each one earlier.
RUNS ?= 10000000
fuzz: $(VENV)/developed
	PATH="$(CURDIR)/$(BIN):$$PATH" tests/fuzz/run.sh $(RUNS) $(SECONDS)

# Bugs made on purpose in a copy of the tree, one at a time: each has to be found. Writes the table of docs/testing.md.
faults: $(VENV)/developed
	$(BIN)/python -m tests.faults

# STRINGS generated ones through both kernels and, of every thousand, one through scikit-learn.
STRINGS ?= 1000000
differential: $(VENV)/developed
	$(BIN)/python -m tests.differential $(STRINGS)

# The long form of the crash suites: power cuts, SIGKILL and full disks at every change of the disk. Needs strace.
harden: $(VENV)/developed
	$(BIN)/python -m tests.crash.harden
	$(BIN)/python -m tests.crash.poisoned

$(VENV)/python:
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/installed: $(VENV)/python pyproject.toml requirements-dev.txt
	$(PIP) .
	touch $@

$(VENV)/developed: $(VENV)/python pyproject.toml requirements-dev.txt
	$(PIP) -e '.[dev]'
	touch $@ $(VENV)/installed

$(VENV)/compared: $(VENV)/developed benchmarks/requirements.txt
	$(PIP) -r benchmarks/requirements.txt
	touch $@

clean:
	rm -rf $(VENV) build *.egg-info
