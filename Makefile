# Everything a reader or contributor runs. Each target is one readable line; `make help` lists them.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
export UV_COMPILE_BYTECODE := 1

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

$(VENV)/.ready: requirements.lock pyproject.toml tools/set_up.py
	@$(PYTHON) tools/set_up.py $(VENV)

setup: $(VENV)/.ready  ## make the pinned environment (the other targets do it by themselves)

book: $(VENV)/.ready  ## build the site; the last line says where it is
	@$(RUN) tools/build_book.py

test: $(VENV)/.ready  ## run every test
	@$(RUN) tools/run_tests.py

clean:  ## delete what the build made, keep the environment
	@rm -rf _build

distclean: clean  ## delete the environment, too
	@rm -rf $(VENV) node_modules

.PHONY: help setup book test clean distclean
