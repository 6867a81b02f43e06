# Conveniences; ./run needs no make.
.PHONY: run test test-keys lint bench bench-desktop bench-growth soak screenshots fuzz audit lock clean
run: ; ./run
test: ; ./run test
test-keys: ; UC_ALL_STACKS=1 UC_WORKERS=1 ./run test tests/tokens
lint: ; ./run lint
bench: ; ./run setup && .venv/bin/python -m tests.benchmarks
bench-desktop: ; ./run setup && .venv/bin/python -m tests.benchmarks.desktop
bench-growth: ; ./run setup && .venv/bin/python -m tests.benchmarks.growth
soak: ; ./run setup && .venv/bin/python -m tests.crash --far 4 && UC_MODEL_RUNS=$${UC_MODEL_RUNS:-400} ./run test tests/model --timeout=0
screenshots: ; ./run setup && .venv/bin/python -m tests.screenshots
fuzz: ; UC_FUZZ_SECONDS=$${UC_FUZZ_SECONDS:-60} ./run test tests/fuzz --timeout=0
audit: ; packaging/audit
lock: ; packaging/lock
clean: ; rm -rf .venv .venv.build .venv.audit .venv.lock .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
