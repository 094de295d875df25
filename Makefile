# Every target runs one plain command in the project's environment, which env.sh makes on
# first use. A new target needs a line `name: ## what it does` and its command.
# For GNU make 3.81 and any POSIX shell.

run = @sh workflow/env.sh
config = $(if $(STUDY),--config study="$(STUDY)")

# a process a core; which tests stay together is in tests/conftest.py
side_by_side = --numprocesses logical --maxprocesses 8 --no-loadscope-reorder

# A misspelt variable would be passed over: who types one is told. Blanks within a value are
# escaped in the list.
known = STUDY ACCOUNT INPUTS POSTS LABELS HYDRASCOPE_RAW HYDRASCOPE_KEY HYDRASCOPE_REALDATA
blank := $(subst x,,x x)
given = $(foreach word,$(subst \$(blank),_,$(MAKEOVERRIDES)),$(firstword $(subst =, ,$(word))))
unknown := $(firstword $(filter-out $(known),$(patsubst %:,%,$(patsubst %+,%,$(given)))))
ifneq ($(unknown),)
near := $(shell awk -f workflow/nearest.awk '$(subst ',,$(unknown))' $(known))
$(error $(unknown) is no variable of this Makefile.$(if $(near), Did you mean $(near)?) Known: $(known))
endif

# the study in question, for the targets that look at its results
study = $${STUDY:-$$(sed -n 's/^study: *//p' config/config.yaml)}

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

.PHONY: study
study: ## run a whole study: make study [STUDY=name]
	$(run) snakemake $(config)

.PHONY: test
test: ## run the tests
	$(run) pytest $(side_by_side)

.PHONY: nightly
nightly: ## run the tests that take long as well, with other and more random examples
	$(run) pytest $(side_by_side) -m "nightly or not nightly" --hypothesis-profile nightly

.PHONY: fuzz
fuzz: ## hostile inputs, a million for the readers and 100,000 posts for the stages behind them: make fuzz [INPUTS=number] [POSTS=number]
	$(run) uv pip install --quiet --require-hashes --target cache/fuzz/packages --requirement tests/fuzz/requirements.lock
	@PYTHONPATH=cache/fuzz/packages:tests/fuzz sh workflow/env.sh python tests/fuzz/fuzz.py $(if $(INPUTS),--inputs $(INPUTS))
	@HYDRASCOPE_HOSTILE_POSTS=$(or $(POSTS),100000) sh workflow/env.sh pytest tests/workflow/test_small_hostile.py

.PHONY: licences
licences: ## list the licences of all packages, and refuse those that are not permitted
	$(run) python workflow/licences.py

.PHONY: audit
audit: ## look for known faults of the locked packages
	$(run) uv tool run pip-audit==2.10.1 --require-hashes --disable-pip --requirement requirements.lock

.PHONY: verify
verify: ## check a study's results against the reference in tests/expected: make verify [STUDY=name]
	@test -e "results/$(study)/report.html" || sh workflow/env.sh snakemake $(config)
	$(run) snakemake --forcerun verify --allowed-rules verify $(config) -- verify

.PHONY: archive
archive: ## pack a study for a repository such as Zenodo, without ingest/: make archive [STUDY=name]
	$(run) snakemake --forcerun provenance_archive $(config) -- "archives/$(study).zip"

.PHONY: explain
explain: ## why an account has its verdict: make explain ACCOUNT=id [STUDY=name]
	$(run) python workflow/explain.py "$(study)" "$$ACCOUNT"

.PHONY: notebook
notebook: ## open the notebooks
	$(run) jupyter lab notebooks

.PHONY: lock
lock: ## pin all packages anew, within the ranges of pyproject.toml
	$(run) python workflow/lock.py

.PHONY: readme
readme: ## write what the README says of the workflow anew, after make study
	$(run) python workflow/readme.py

.PHONY: expected
expected: ## show what differs from the reference, then make it the reference: make expected [STUDY=name]
	$(run) snakemake $(config) -- expected

.PHONY: calibrate
calibrate: ## measure error rates on simulated worlds (about two hours on two cores)
	$(run) snakemake --snakefile workflow/calibrate.smk --forcerun calibrate_scores calibrate_narratives_scores calibrate_timing_scores

.PHONY: bench
bench: ## measure against other tools, and how a study grows with its posts (some hours)
	$(run) python bench/ingest.py
	$(run) python bench/coordination.py
	$(run) python bench/pairs.py
	$(run) python bench/words.py
	$(run) python bench/narratives.py $(if $(LABELS),--labels $(LABELS))
	$(run) python bench/chain.py
	$(run) python bench/results.py
	$(run) python bench/timing.py
	$(run) python bench/difficulty.py
	$(run) python bench/scaling.py
	$(run) python bench/seconds.py

.PHONY: clean
clean: ## delete all that studies left here, or one did: make clean [STUDY=name]
	$(run) python workflow/clean.py "$$STUDY"
