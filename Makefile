# Every target makes the environment first, which costs nothing once it is there; `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help up down plan test test-long test-image test-swarm test-apiserver test-monitoring test-influence mutate influence pictures plan-comment plan-comments check checkov serve train fuzz probe bench-api graphs documents bench format clean engine promtools custom-resources preview release verify rollback image local-image sign secrets workflows lint

PYTHON ?= python3
READY := .venv/.ready

# Bytecode is kept, outside of the tree: without it every command compiles the SDKs anew, for seconds.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/.airfield/pycache

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

up: $(READY) ## Deploy the stack dev with the real engine: manifests in build/dev
	@.venv/bin/airfield up dev

down: $(READY) ## Take down what up made
	@.venv/bin/airfield down dev

plan: $(READY) ## Say what every stack would change on every platform
	@.venv/bin/airfield plan

plan-comment: engine ## Write build/plan.md: what merging this into BASE would change
	@mkdir -p build
	@.venv/bin/airfield plan --base $(or $(BASE),main) --output build/plan.md

test: engine promtools custom-resources ## Run the tests, but those that take longest
	@# The third works while the others wait for a process; when all are traced, they do not wait.
	@.venv/bin/pytest -m "not long" --dist loadfile $(if $(COVERAGE),-n 2 --cov --cov-report=term --cov-report=xml,-n 3)

test-long: engine promtools ## Run the tests that take longest
	@.venv/bin/pytest -n 2 -m long --no-cov

test-image: $(READY) ## Build the image and run it, where a Docker engine is or can be started
	@.venv/bin/pytest --no-cov tests/image

test-swarm: $(READY) ## Bring a stack up on a real Docker Swarm, where a Docker engine is or can be started
	@.venv/bin/pytest --no-cov -s tests/swarm/test_swarm.py

test-monitoring: $(READY) ## Run what watches a stack on a real Swarm; its programs are built first: a quarter of an hour, once
	@.venv/bin/pytest --no-cov -s tests/swarm/test_monitoring.py

test-apiserver: $(READY) ## Hand every manifest to a real API server, which is built first: a quarter of an hour, once
	@.venv/bin/pytest --no-cov tests/apiserver

test-influence: $(READY) ## Change every field on every platform, and see what that changes there
	@.venv/bin/pytest -n 2 --no-cov tests/influence

preview: $(READY) ## Ask the cloud what deploying STACK would change: make preview STACK=prod
	@.venv/bin/airfield preview $(STACK)

release: $(READY) ## Bring IMAGE live on STACK, and verify it
	@.venv/bin/airfield release $(STACK) --image "$(IMAGE)"

verify: $(READY) ## Ask what really serves on STACK; with PROBE=1 the API for every promise
	@.venv/bin/airfield verify $(STACK) $(if $(PROBE),--probe)

rollback: $(READY) ## Bring the image before back live on STACK
	@.venv/bin/airfield rollback $(STACK)

image: ## Build IMAGE for PLATFORMS, push it under TAGS, and write it by digest to build/image
	@.ci/image

local-image: ## Build the image for this machine alone: airfield:local
	@docker build --tag airfield:local .

sign: ## Sign what build/image names, by the job's own identity
	@cosign sign --yes "$$(cat build/image)"

secrets: $(READY) ## Look for secrets in the whole history
	@.venv/bin/python -m tools.gitleaks

workflows: $(READY) ## Check the pipelines of all four systems, their scripts and what keeps them up to date
	@.venv/bin/zizmor --quiet --offline --strict-collection --persona auditor .github .gitea/workflows/*.yml
	@.venv/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml .gitea/workflows/*.yml
	@.venv/bin/check-jsonschema --builtin-schema vendor.gitlab-ci .gitlab-ci.yml
	@.venv/bin/check-jsonschema --builtin-schema vendor.cloudbuild cloudbuild.yaml
	@.venv/bin/check-jsonschema --builtin-schema vendor.compose-spec compose.yaml
	@.venv/bin/check-jsonschema --builtin-schema vendor.renovate renovate.json
	@.venv/bin/shellcheck .ci/*

lint: $(READY) ## Check format and style
	@.venv/bin/ruff format --check
	@.venv/bin/ruff check

check: $(READY) ## Everything that a change must pass
	@$(MAKE) --no-print-directory lint
	@.venv/bin/basedpyright
	@$(MAKE) --no-print-directory workflows
	@$(MAKE) --no-print-directory test COVERAGE=1
	@$(MAKE) --no-print-directory test-long
	@$(MAKE) --no-print-directory test-influence
	@$(MAKE) --no-print-directory test-image
	@$(MAKE) --no-print-directory test-swarm

checkov: $(READY) ## Hold what is declared on AWS against a public rule set
	@.venv/bin/python -m tests.infra.aws.public_rules

serve: $(READY) ## Run the API on port 8000
	@.venv/bin/airfield-api serve

train: $(READY) ## Train the model anew, from data that a package carries
	@.venv/bin/python -m app.training

fuzz: $(READY) ## Ask the API twenty thousand generated questions
	@FUZZ_EXAMPLES=20000 .venv/bin/pytest -n 2 --no-cov tests/app/test_fuzz.py

probe: $(READY) ## Ask the API at URL whether it keeps its promises: make probe URL=https://…
	@.venv/bin/python -m tools.probe $(URL)

bench-api: $(READY) ## Compare the API with a bare application that makes the same model call
	@.venv/bin/python -m bench.api

mutate: $(READY) ## Break every place where a field is handed on, or those in PLACES; a test must see each
	@.venv/bin/python -m tests.mutate $(PLACES)

graphs: $(READY) ## Write anew what every stack declares on every platform
	@.venv/bin/python -m tests.graphs

pictures: $(READY) ## Draw anew what the example of README.md becomes on every platform
	@.venv/bin/python -m tests.pictures

plan-comments: $(READY) ## Write anew the comments that sample pull requests get
	@.venv/bin/python -m tests.tools.review.test_samples

influence: $(READY) ## Write anew what every field changes on every platform
	@.venv/bin/python -m tests.influence.fields

documents: $(READY) ## Write anew what README.md, Pulumi.yaml and docs/ say of the settings
	@.venv/bin/python -m tools.documents

bench: engine ## Compare with a flat program, and with 1, 10 and 50 workloads
	@.venv/bin/python bench/bench.py

format: $(READY) ## Format the code
	@.venv/bin/ruff format
	@.venv/bin/ruff check --fix-only --quiet

clean: ## Remove all that was made here
	@rm -rf .venv .airfield build dist .pytest_cache .ruff_cache .coverage* coverage.xml

engine: $(READY)
	@.venv/bin/python -m tools.engine

promtools: $(READY)
	@.venv/bin/python -m tools.promtools

custom-resources: $(READY)
	@.venv/bin/python -m tools.custom_resources

$(READY): pyproject.toml uv.lock tools/bootstrap.py
	@$(PYTHON) tools/bootstrap.py
