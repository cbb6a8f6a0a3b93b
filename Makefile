# make run     the main job, shown; the centre keeps running, the window opens where there is a display
# make demo    the same without a window; ends by itself, with 0 only if every closing check held
# make test    everything that must pass
# make build   bin/syncserver, bin/desktop, bin/desktop-headless
#
# make package  dist/: the tarball for Linux, the zip and the installer for Windows, built and tried (the first time takes half an hour)
#
# make screens [OUT=DIR]  a picture of every page of the window, in both languages and at both sizes of the design
#
# make office   documents of the centre as LibreOffice prints them, beside their pages; EXPORT_OUT=folder keeps files and pictures
# make wine     what is written for Windows alone, tried under Wine
#
# make lint · make bench [CORPUS=DIR] · make bench-long · make conformance [CORPUS=DIR] · make soak · make fuzz · make clean
#
# Each does its own set-up on a bare Debian 12 as root; Go 1.26 or later is assumed.

.PHONY: run demo test build package screens bench bench-long conformance soak fuzz lint office wine clean \
	setup setup-window setup-package setup-screens setup-browser programs window-program test-vet test-screens test-race test-plain test-sim test-browser

# One set of tags everywhere: another one compiles the C of SQLite and GL for minutes again.
TAGS     := sqlite_fts5 migrated_fynedo
WITH     := -tags "$(TAGS)"
# The program that people use draws no animations: a cursor that fades in and out took more than half a core without a GPU.
WINDOW   := $(TAGS) no_animations
HEADLESS := -tags "$(TAGS) headless"

# The tests without cgo, those of the window, the simulation, and those that write so much that the race detector would
# take all the time; all others run under it.
SCREENS := ./desktop/app/... ./desktop/ui/...
HEAVY   := ./syncserver ./desktop/store ./desktop/cryptvfs ./desktop/keyfile ./desktop/photo ./shared/paper ./syncserver/sqlitestore ./syncserver/projection ./syncserver/console ./syncserver/staff ./syncserver/report/... ./shared/sqlite/... ./shared/ledger/sqlledger ./syncserver/demo/... ./syncserver/export/... ./syncserver/xlsform ./syncserver/builtin/... ./syncserver/publish

FUZZ_FOR ?= 30s

run: setup-window programs window-program
	bin/demo --stay --syncserver bin/syncserver --desktop-headless bin/desktop-headless --desktop bin/desktop

demo: setup programs
	bin/demo --syncserver bin/syncserver --desktop-headless bin/desktop-headless

build: setup-window programs window-program

setup:
	@.ci/setup.sh base

setup-window:
	@.ci/setup.sh window

setup-package:
	@.ci/setup.sh package


programs: setup
	go build $(WITH) -o bin/syncserver ./syncserver
	go build $(HEADLESS) -o bin/desktop-headless ./desktop
	go build $(WITH) -o bin/demo ./syncserver/demo

window-program: setup-window
	go build -tags "$(WINDOW)" -o bin/desktop ./desktop

test: setup-window setup-browser test-vet test-screens test-race test-plain test-sim test-browser
	@echo "make test: everything passed"

test-vet:
	go vet $(WITH) ./...

test-screens:
	CGO_ENABLED=0 go test $(HEADLESS) $(SCREENS)

# heavy and screens are lists of import paths, to be left out of all.
test-race:
	@heavy=$$(go list $(HEADLESS) $(HEAVY) $(SCREENS)) && \
	rest=$$(go list $(HEADLESS) ./... | grep -vxF "$$heavy" | grep -vx banlang) && \
	CGO_ENABLED=1 go test -race $(HEADLESS) $$rest

test-plain:
	go test $(HEADLESS) $(HEAVY)

test-sim:
	go test $(HEADLESS) -timeout 30m .
	go test -tags "$(TAGS) headless planted" -timeout 30m -run TestPlantedBugsAreFound .

# The console in a real browser without a window.
test-browser: setup-browser
	go test -tags "$(TAGS) headless browser" -run TestBrowser -timeout 10m ./syncserver/console

setup-browser:
	@.ci/setup.sh browser

package: setup-package
	@desktop/packaging/package.sh "$(WINDOW)"
	@desktop/packaging/smoke.sh dist

# The week of an officer through the real window, by keys alone, with a real centre; about two minutes. WEEK_OUT=folder keeps
# the pictures.
week: setup-screens window-program
	go test -tags "$(TAGS) week" . -run "TestTheWeek|TestASecondStart|TestTheWindow" -count=1 -v -timeout 10m

# What is written for Windows alone, tried under Wine: before the machine sleeps, and a serial port.
office:
	@.ci/setup.sh office
	go test -tags "$(TAGS) headless office" -run 'TestLooks|TestOffice' -count=1 -v -timeout 15m ./syncserver/export/exporttest ./syncserver/console

wine: setup-package
	go test -tags "$(TAGS) wine" . -run TestUnderWine -count=1 -v -timeout 10m

setup-screens:
	@.ci/setup.sh screens

OUT ?= dist/screens
screens: setup-screens setup-browser
	@desktop/window/screens.sh "$(TAGS)" "$(OUT)"
	@mkdir -p "$(OUT)/console" && BANLANG_SCREENS="$$(cd "$(OUT)/console" && pwd)" go test -tags "$(TAGS) headless screens" -run TestScreens -count=1 ./syncserver/console

bench: setup-screens
	go run $(HEADLESS) ./syncserver/bench -corpus $(CORPUS)

bench-long: setup
	go run $(HEADLESS) ./syncserver/bench -long
	go test $(HEADLESS) ./syncserver/report/pivot -run TestTheRecountAgrees -count=1 -timeout 2h -million

# How much of the forms and expressions that others made comes out right: a line for each file of the corpus that is there.
CORPUS ?= ../shared/data/forms
conformance:
	@go run ./syncserver/conformance -corpus $(CORPUS)

# Until it is told to stop (Ctrl+C); .ci/soak.sh says how to make it shorter.
soak: setup
	@.ci/soak.sh "$(TAGS) headless"

# Every native fuzz target, FUZZ_FOR each.
fuzz: setup
	@set -e; for p in $$(grep -rl '^func Fuzz' --include='*_test.go' . | xargs -n1 dirname | sort -u); do \
		targets=$$(go test $(HEADLESS) -list '^Fuzz' $$p); \
		for f in $$(echo "$$targets" | grep '^Fuzz'); do \
			echo "fuzz $$p $$f"; \
			go test $(HEADLESS) -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZ_FOR) $$p; \
		done; \
	done

lint: setup-window
	@test -z "$$(gofmt -l . | tee /dev/stderr)"
	go vet $(WITH) ./...
	go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0 run

clean:
	rm -rf bin run dist
