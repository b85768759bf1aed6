# Paths are relative throughout: make splits absolute ones where a folder's name has a space.
PYTHON_VENV := .venv/bin/python
# One process more than there are cores, as the tests of screens and sound often wait; whoever is
# done takes over from the others.
AT_ONCE := -n $(shell expr $$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2) + 1) --dist worksteal

.PHONY: help setup run test check format bench crash fuzz hammer plays sleep snapshots-update wheel clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-18s %s\n", $$1, $$2 }' Makefile

setup:  ## make .venv with rushes, simpleaudio and the tools in it
	@scripts/set-up test

run:  ## set up, make the demo library once, open it
	@scripts/set-up run
	@.venv/bin/rushes demo

test:  ## set up, run the tests
	@scripts/set-up test
	@$(PYTHON_VENV) -m pytest $(AT_ONCE)

check:  ## ruff, mypy --strict, import-linter
	@scripts/set-up check
	@$(PYTHON_VENV) -m ruff check
	@$(PYTHON_VENV) -m ruff format --check
	@$(PYTHON_VENV) -m mypy
	@.venv/bin/lint-imports --no-logo

format:  ## put the code into shape, mend what ruff can mend
	@scripts/set-up check
	@$(PYTHON_VENV) -m ruff check --fix-only
	@$(PYTHON_VENV) -m ruff format

bench:  ## the benchmarks: ratios against a baseline of the same run
	@scripts/set-up test
	@$(PYTHON_VENV) -m pytest -s --timeout=0 -o python_files='bench_*.py' -o python_functions='bench_*' tests/benchmarks

crash:  ## kill a process at every change it makes to a library; let the disk refuse them
	@scripts/set-up test
	@LABORATORY=full $(PYTHON_VENV) -m pytest $(AT_ONCE) --timeout=0 tests/laboratory

fuzz:  ## ask the server whatever its document allows; a thousand parts at once
	@scripts/set-up test
	@API_EXAMPLES=30 RANGE_READERS=1000 $(PYTHON_VENV) -m pytest --timeout=0 tests/api

hammer:  ## eight processes at one library for 20 seconds
	@scripts/set-up test
	@HAMMER_SECONDS=20 $(PYTHON_VENV) -m pytest -s --timeout=0 tests/hammer

plays:  ## a thousand rounds of play, cut-over and stop through simpleaudio
	@scripts/set-up test
	@PLAYS=1000 $(PYTHON_VENV) -m pytest --timeout=0 -k many_starts tests/playback

sleep:  ## a laptop that listens and sleeps for half a minute
	@scripts/set-up test
	@SLEEP_SECONDS=30 $(PYTHON_VENV) -m pytest --timeout=0 -k sleeps tests/listening

snapshots-update:  ## take the screens' pictures anew; look at the difference before committing
	@scripts/set-up test
	@$(PYTHON_VENV) -m pytest tests/tui --snapshot-update

wheel:  ## build the wheel and the source archive into dist/
	@scripts/set-up check
	@$(PYTHON_VENV) -m build --no-isolation

clean:  ## remove what was built and cached; .venv stays
	@rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis snapshot_report.html
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
