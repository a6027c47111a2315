# `make` alone lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash
export PATH := $(CURDIR)/.tools/bin:$(HOME)/.cargo/bin:$(PATH)

CARGO_DENY_VERSION := 0.20.2
CARGO_DENY := .tools/bin/cargo-deny-$(CARGO_DENY_VERSION)
CARGO_DEB_VERSION := 3.8.0
CARGO_DEB := .tools/bin/cargo-deb-$(CARGO_DEB_VERSION)

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sort | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | \
		while IFS=$$'\t' read -r target text; do printf '  make %-17s %s\n' "$$target" "$$text"; done

.PHONY: setup
setup: ## Install what this machine lacks, build the pages, fetch the models
	@scripts/setup.sh

.PHONY: test-tools
test-tools: setup
	@scripts/setup.sh tests

.PHONY: tools
tools:
	@scripts/setup.sh system rust node pages

.PHONY: demo-ports
demo-ports:
	@scripts/demo.sh ports

.PHONY: demo
demo: demo-ports setup ## Build and start a console and a simulated robot here; Ctrl-C stops both
	cargo build --locked --workspace
	@scripts/demo.sh

.PHONY: test
test: test-tools ## Run all tests: Rust, pages, both pages in a browser
	cargo build --locked --workspace
	cargo test --locked --workspace
	npm test
	npm test --workspace tests/browser

.PHONY: lint
lint: lint-format lint-rust lint-docs lint-dependencies lint-pages lint-scripts lint-units lint-house ## Check format, lints, types, dependencies, licences and the rules of the house

.PHONY: lint-format
lint-format: tools
	cargo fmt --all --check

.PHONY: lint-rust
lint-rust: tools
	@cargo clippy --version >/dev/null 2>&1 || { \
		echo "lint: there is no clippy beside this cargo; install Rust by rustup (rustup.rs) to lint" >&2; exit 1; }
	cargo clippy --locked --workspace --all-targets -- -D warnings

.PHONY: lint-docs
lint-docs: tools
	RUSTDOCFLAGS='-D warnings' cargo doc --locked --quiet --workspace --no-deps --document-private-items

.PHONY: lint-dependencies
lint-dependencies: $(CARGO_DENY)
	$(CARGO_DENY) check bans licenses sources

.PHONY: lint-pages
lint-pages: tools
	npm run lint
	npm run check

.PHONY: lint-scripts
lint-scripts: tools
	@if command -v shellcheck >/dev/null; then shellcheck --severity=warning scripts/*.sh scripts/*/*.sh .ci/run; \
	else echo "lint: shellcheck is not here; scripts were not checked" >&2; fi

.PHONY: lint-units
lint-units:
	@scripts/check-units.sh

.PHONY: lint-house
lint-house: tools
	cargo run --quiet --locked -p madoguchi-tests --bin house

# A tool that runs for seconds is built without optimisation: that takes a minute.
$(CARGO_DENY): VERSION = $(CARGO_DENY_VERSION)
$(CARGO_DEB): VERSION = $(CARGO_DEB_VERSION)
$(CARGO_DENY) $(CARGO_DEB): | tools
	@echo "building $(@F) into .tools"
	CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_PROFILE_RELEASE_LTO=off \
	CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_TARGET_DIR=.tools/target \
		cargo install --quiet --locked --no-default-features --force \
		--version $(VERSION) --root .tools $(@F:-$(VERSION)=)
	@mv .tools/bin/$(@F:-$(VERSION)=) $@ && rm -rf .tools/target

.PHONY: fmt
fmt: tools ## Format all code
	cargo fmt --all
	npm run format --if-present

.PHONY: generate
generate: tools ## Write the generated files anew (the pages' types)
	cargo run --quiet --locked -p madoguchi-tests --bin wire-types

# What is measured without a browser runs without a network, where a namespace can be made.
OFFLINE = $(shell unshare --net --map-root-user true 2>/dev/null && echo unshare --net --map-root-user)
BENCH = cargo bench --locked --workspace

.PHONY: bench
bench: setup bench-agent ## Measure what is understood, what is heard, how fast and with how much memory
	cargo build --locked --workspace --release --example first_audio --example footprint
	@$(OFFLINE) target/release/examples/first_audio .demo/models
	@$(OFFLINE) env $$(sed -n 's/^Environment=MALLOC/MALLOC/p' systemd/madoguchi-robot.service) \
		target/release/examples/footprint .demo/models
	MADOGUCHI_PROFILE=release npm run --silent bench --workspace tests/browser
	$(BENCH) --no-run --bench cold_start
	$(OFFLINE) $(BENCH) --offline --bench cold_start
	@$(MAKE) --no-print-directory bench-hearing

.PHONY: bench-hearing
bench-hearing: bench-recogniser ## Measure the recogniser, endpointing, barge-in, and slow boards (CLIPS=DIR: on these)
	$(BENCH) --no-run --bench endpointing --bench barge_in --bench board
	$(OFFLINE) $(BENCH) --offline --bench endpointing -- .demo/models $(CLIPS)
	$(OFFLINE) $(BENCH) --offline --bench barge_in -- .demo/models
	$(OFFLINE) $(BENCH) --offline --bench board -- .demo/models

.PHONY: bench-motion
bench-motion: setup ## Measure a step of the motion gate, and how punctual its loop is beside busy cores
	$(BENCH) --bench motion_gate

.PHONY: bench-recogniser
bench-recogniser: setup ## Measure the recogniser against whisper.cpp's own loop (CLIPS=DIR: on these)
	$(BENCH) --no-run --bench recogniser
	$(OFFLINE) $(BENCH) --offline --bench recogniser -- $(CLIPS)

.PHONY: bench-agent
bench-agent: setup ## Measure what the agent understands; DATA=DIR adds DIR/clinc150, banking77, goemotions
	cargo build --locked --workspace --release
	@$(OFFLINE) scripts/bench-agent.sh $(DATA)

.PHONY: train-triggers
train-triggers: setup ## Train the scorer of the triggers anew from DATA=DIR with DIR/goemotions
	cargo build --locked --release -p madoguchi-robot
	@$(OFFLINE) target/release/madoguchi-robot train-triggers --data $(DATA) \
		--sentences robot-firmware/core/data/escalation/sentences.tsv \
		--out robot-firmware/core/data/escalation/weights.bin

.PHONY: bench-translation
bench-translation: setup ## Measure translation on DATA=DIR with DIR/flores-en-pt
	cargo build --locked --workspace --release
	@npm install --silent --no-audit --prefix .tools/bergamot @browsermt/bergamot-translator@0.4.9
	@$(OFFLINE) scripts/bench-translation.sh $(DATA)

.PHONY: soak
soak: setup ## Visit after visit for MINUTES (30): memory, threads and open files must not grow
	cargo build --locked --workspace
	npm run --silent soak --workspace tests/browser

.PHONY: faults
faults: setup ## Fail motion 100,000 times simulated, 300 times as a process; then every part, ROUNDS (2) times
	cargo test --locked --workspace --test motion_faults -- --nocapture
	ROUNDS=50 cargo test --locked --workspace --test motion_process -- --nocapture
	cargo build --locked --workspace
	npm run --silent faults --workspace tests/browser

.PHONY: packages
packages: setup $(CARGO_DEB) ## Build the Debian packages of robot, console and models into target/packages
	@CARGO_DEB=$(CARGO_DEB) scripts/packages.sh

.PHONY: packages-test
packages-test: setup $(CARGO_DEB) ## Install, run, attack, upgrade and purge the packages in a Debian of their own (root)
	@scripts/setup.sh packages
	@CARGO_DEB=$(CARGO_DEB) scripts/packages-test.sh

BOARD ?= generic-amd64

.PHONY: image
image: packages ## Build a disk image for BOARD (generic-amd64) into target/image (root)
	@scripts/setup.sh image
	@scripts/image.sh $(BOARD)

.PHONY: image-test
image-test: ## Boot the image in an emulated machine until the robot serves; change a byte, and it mustn't
	@scripts/setup.sh image
	@scripts/image-test.sh

.PHONY: boot-count-test
boot-count-test: ## Let systemd-boot try, count and go back from what the updater wrote, in an emulated machine
	@scripts/setup.sh image
	cargo build --locked --workspace
	@scripts/boot-count-test.sh

.PHONY: pictures
pictures: setup ## Take the README's pictures from the running programs
	cargo build --locked --workspace
	npm run --silent pictures --workspace tests/browser

.PHONY: clean
clean: ## Remove what was built; keep .tools and the models
	rm -rf target node_modules robot-firmware/screen/dist operator-console/web/dist
