# Two commands do everything on a bare machine:
#   make run    set up, then open the desk on the sandbox (without a display: the tour, with pictures)
#   make test   set up, then every check and test, offscreen
PYTHON = .venv/bin/python
TOUR = tour

.PHONY: run test check setup setup-test bench fuzz soak lock clean

run: setup
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
		exec $(PYTHON) -m ui --demo; \
	else \
		echo "There is no display here, so the tour drives the window offscreen and takes pictures instead."; \
		QT_QPA_PLATFORM=offscreen $(PYTHON) -m ui tour --out $(TOUR) && echo "The pictures and the report are in $(TOUR)/"; \
	fi

test: setup-test check
	QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest -n 2 --dist loadfile -q --contract-table

check: setup-test
	.venv/bin/ruff format --check --quiet
	.venv/bin/ruff check --quiet
	.venv/bin/mypy
	.venv/bin/lint-imports

setup:
	@sh resources/setup/libraries.sh
	@sh resources/setup/venv.sh requirements.lock
	@$(PYTHON) -m compileall -q app connectors resources ui

setup-test:
	@sh resources/setup/libraries.sh
	@sh resources/setup/keyring.sh
	@sh resources/setup/venv.sh requirements-test.lock
	@$(PYTHON) -m tests.judges.environments

bench: setup-test
	@for name in startup search doorway parse transfer paging sync events outbox lateness facets timeline migrate memory; do QT_QPA_PLATFORM=offscreen $(PYTHON) -m tests.bench $$name --json; done

# Ten minutes of generated requests at the sandbox and generated replies at the clients; FUZZ_MINUTES says otherwise.
FUZZ_MINUTES = 10
fuzz: setup-test
	$(PYTHON) -m tests.fuzz --minutes $(FUZZ_MINUTES)

# What every run does in a short form, at length: some minutes of fuzzing, then every fault of tests/soak as often as was
# promised. It says how it goes, goes on whatever one of them finds, and ends with one table of counts, which are in
# soak.json too. SOAK_FUZZ_MINUTES says otherwise.
SOAK_FUZZ_MINUTES = 5
soak: setup-test
	QT_QPA_PLATFORM=offscreen $(PYTHON) -m tests.soak all --fuzz-minutes $(SOAK_FUZZ_MINUTES) --out soak.json

# Rewrites both lock files from pyproject.toml, and the judges' from theirs; needs uv on the path. None names a registry.
lock:
	uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--extra sandbox --extra build pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--extra sandbox --extra build --extra test -c requirements.lock pyproject.toml -o requirements-test.lock
	for judge in tests/judges/*/requirements.in; do \
		uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
			--no-annotate "$$judge" -o "$${judge%.in}.txt"; \
	done

clean:
	rm -rf .venv .judges soak.json $(TOUR) .mypy_cache .ruff_cache .pytest_cache .hypothesis
