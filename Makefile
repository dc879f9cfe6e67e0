# Every target first makes the environment; `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help up test check

UV := $(shell command -v uv 2>/dev/null || echo .airfield/uv/bin/uv)

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16
