# Conveniences; ./run needs no make.
.PHONY: run test lint bench bench-desktop screenshots lock clean
run: ; ./run
test: ; ./run test
lint: ; ./run lint
bench: ; ./run setup && .venv/bin/python -m tests.benchmarks
bench-desktop: ; ./run setup && .venv/bin/python -m tests.benchmarks.desktop
screenshots: ; ./run setup && .venv/bin/python -m tests.screenshots
lock: ; packaging/lock
clean: ; rm -rf .venv .venv.build .venv.lock .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
