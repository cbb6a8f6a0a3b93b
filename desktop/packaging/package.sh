#!/bin/sh
# package.sh TAGS: builds what leaves the house into dist/, from the commit that is checked out:
#
#   banlang-VERSION-linux-amd64.tar.gz    desktop, syncserver, an installer for one user, a unit for systemd
#   banlang-VERSION-windows-amd64.zip     banlang.exe (the window) and desktop.exe (the commands), for USB sticks
#   banlang-VERSION-setup.exe             the same, installed
#   SHA256SUMS
#
# The same commit gives the same bytes of tarball and zip: names sorted, times of the commit, no paths of this machine
# (-trimpath: the packages have entries of their own in Go's cache, beside those of make build and make test).
#
# Packaging stands in desktop/ because nearly all of it is about officers' machines; the centre is one file of the tarball.
set -eu
cd "$(dirname "$0")/../.."
tags=$1
root=$PWD
here=$root/desktop/packaging
dist=$root/dist
export TZ=UTC LC_ALL=C.UTF-8
# The commit is read, by us and by Go, also where the files belong to somebody else (a mounted directory).
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0="$root"

die() {
	echo "package: $*" >&2
	exit 1
}

# constant FILE TEXT: what stands behind the text, up to a quote.
constant() {
	sed -n "s/.*$2\([^\"]*\)\".*/\1/p" "$1"
}

# version sets version (of the programs), label (of the package: with the commit, unless that is tagged as the version),
# and stamp (the time of everything, in seconds).
version() {
	version=$(constant desktop/command/command.go 'Version = "')
	[ "$version" = "$(constant syncserver/command/command.go 'Version = "banlang syncserver ')" ] || die "the versions of desktop and syncserver differ"
	label=$version
	if ! git rev-parse --verify -q HEAD >/dev/null 2>&1; then
		stamp=${SOURCE_DATE_EPOCH:-$(date -r CHANGELOG.md +%s)} # sources without their history
		return
	fi
	stamp=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
	tag=$(git describe --tags --exact-match --match 'v[0-9]*' 2>/dev/null) || label=$version-g$(git rev-parse --short=8 HEAD)
	[ -z "$tag" ] || [ "$tag" = "v$version" ] || die "the commit is tagged $tag, and the programs say $version"
	git diff --quiet HEAD || label=$label-dirty
}

# build OUT PACKAGE TAGS LDFLAGS
build() {
	go build -trimpath -buildvcs=auto -tags "$3" -ldflags "-s -w $4" -o "$1" "$2"
}

# windows FUNCTION ARGS…: with the cross compiler.
windows() (
	export CGO_ENABLED=1 GOOS=windows GOARCH=amd64 CC=x86_64-w64-mingw32-gcc
	"$@"
)

# resources OUT: icon, manifest and version as an object that Go links into what it builds for Windows.
resources() {
	numbers=$(echo "$version.0.0" | awk -F. '{ print $1 "," $2 "," $3 ",0" }')
	printf '#define LABEL "%s"\n#define NUMBERS %s\n' "$label" "$numbers" >"$made/version.h"
	(cd "$here/windows" && x86_64-w64-mingw32-windres --codepage 65001 -I "$made" banlang.rc "$1")
}

# thirdparty OS: the licences of everything that is linked in, from where Go keeps the modules.
thirdparty() {
	printf 'Bản Làng contains the following, under the licences given.\n'
	licence "Go $(go env GOVERSION)" "$(go env GOROOT)/LICENSE"
	GOOS=$1 CGO_ENABLED=1 go list -deps -tags "$tags" -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}' ./desktop ./syncserver >"$made/deps"
	sort -u "$made/deps" >"$made/modules"
	while read -r module number dir; do
		find "$dir" -name testdata -prune -o -type f \( -iname 'licen[cs]e*' -o -iname 'copying*' -o -iname 'notice*' -o -iname 'patents*' \) \
			! -name '*.go' -print | sort >"$made/texts"
		[ -s "$made/texts" ] || die "$module has no licence"
		while read -r text; do
			licence "$module $number ${text#"$dir"/}" "$text"
		done <"$made/texts"
	done <"$made/modules"
	if [ "$1" = windows ]; then
		licence "MinGW-w64 runtime" /usr/share/doc/mingw-w64-common/copyright
		licence "NSIS (the installer)" /usr/share/doc/nsis/copyright
	fi
}

# licence NAME FILE
licence() {
	printf '\n\n======== %s ========\n\n' "$1"
	cat "$2"
}

# crlf FILE…: as Notepad likes it.
crlf() {
	sed -i -e 's/\r*$/\r/' -e '1s/^/\xef\xbb\xbf/' "$@"
}

# date_all DIR: the time of the commit on everything.
date_all() {
	find "$1" -exec touch -h -d "@$stamp" {} +
}

linux_package() {
	to=$made/linux/banlang-$label
	mkdir -p "$to"
	CGO_ENABLED=1 build "$to/desktop" ./desktop "$tags" ""
	CGO_ENABLED=1 build "$to/syncserver" ./syncserver "$tags" ""
	install -m 755 "$here/linux/install.sh" "$to"
	install -m 644 LICENSE "$here/linux/banlang.desktop" "$here/linux"/banlang-*.service "$here/linux"/banlang-*.timer "$here/linux/DOC-TRUOC.txt" docs/quan-tri.md docs/admin.md "$to"
	install -m 644 "$here/icon.svg" "$to/banlang.svg"
	thirdparty linux >"$to/THIRD-PARTY.txt"
	(cd "$to" && go version -m desktop syncserver >SBOM.txt)
	date_all "$made/linux"
	out=$dist/banlang-$label-linux-amd64.tar
	tar -C "$made/linux" --sort=name --owner=0 --group=0 --numeric-owner --mode='u=rwX,go=rX' -cf "$out" "banlang-$label"
	gzip -9n "$out"
}

windows_package() {
	to=$made/windows/banlang-$label
	mkdir -p "$to"
	syso=$root/desktop/resources_windows_amd64.syso
	resources "$syso"
	windows build "$to/banlang.exe" ./desktop "$tags" "-H=windowsgui"
	# A program of the window has no console, and one that needs OpenGL does not start without its DLL: the commands are
	# the build without a window.
	windows build "$to/desktop.exe" ./desktop "$tags headless" ""
	rm -f "$syso"
	install -m 644 "$here/windows/DOC-TRUOC.txt" "$to"
	install -m 644 LICENSE "$to/LICENSE.txt"
	thirdparty windows >"$to/THIRD-PARTY.txt"
	(cd "$to" && go version -m banlang.exe desktop.exe >SBOM.txt && crlf ./*.txt)
	date_all "$made/windows"
	out=$dist/banlang-$label-windows-amd64.zip
	(cd "$made/windows" && find . -type f | sort | zip -q -X -9 -@ "$out")
	SOURCE_DATE_EPOCH=$stamp makensis -V2 -WX -INPUTCHARSET UTF8 "-DHERE=$here/windows" "-DFROM=$to" "-DOUT=$dist/banlang-$label-setup.exe" \
		"-DLABEL=$label" "-DNUMBERS=$(echo "$numbers" | tr , .)" "$here/windows/installer.nsi"
}

version
echo "package: banlang $label"
go run ./syncserver/builtin/generate -released
made=$(mktemp -d)
syso=
trap 'rm -rf "$made" "$syso"' EXIT
trap 'exit 130' INT TERM
rm -rf "$dist"
mkdir "$dist"
linux_package
windows_package
(cd "$dist" && sha256sum banlang-* >SHA256SUMS && cat SHA256SUMS)
