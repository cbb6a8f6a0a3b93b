#!/bin/sh
# Installs what this Debian machine lacks to build the programs; says nothing when there is nothing to do.
#
#   setup.sh base     Go is looked for; a C compiler for SQLite
#   setup.sh window   also the headers of OpenGL, X and Wayland, for the desktop window
#   setup.sh screens  also what drives a window without a screen: Xvfb, a window manager, keys, pictures
#   setup.sh browser  also a browser, for the pages of the centre
#   setup.sh office   also LibreOffice, by which the documents of the centre are printed
#   setup.sh package  also a compiler and an installer for Windows, and what the packages are tried on: Xvfb and Wine
set -eu

base="gcc libc6-dev pkg-config ca-certificates"
window="libgl1-mesa-dev libx11-dev libxcursor-dev libxrandr-dev libxinerama-dev libxi-dev libxxf86vm-dev libwayland-dev libxkbcommon-dev libegl-dev"
package="git gcc-mingw-w64-x86-64 nsis zip unzip wine wine64 fonts-wine fonts-dejavu-core xvfb xauth xdotool x11-utils imagemagick libgl1-mesa-dri"
screens="xvfb xauth openbox xdotool x11-utils imagemagick libgl1-mesa-dri"

if ! command -v go >/dev/null 2>&1; then
	echo "setup: there is no go. Install Go 1.26 or later from https://go.dev/dl/ and put it on the PATH." >&2
	exit 1
fi
version=$(go env GOVERSION)
case $version in
go1.[0-9] | go1.[0-9].* | go1.1[0-9]* | go1.2[0-5]*)
	echo "setup: $version is too old; Go 1.26 or later is needed: https://go.dev/dl/" >&2
	exit 1
	;;
esac

case ${1:-base} in
base) packages=$base ;;
window) packages="$base $window" ;;
package) packages="$base $window $package" ;;
screens) packages="$base $window $screens" ;;
browser) packages="$base chromium" ;;
office) packages="$base libreoffice-writer libreoffice-calc poppler-utils" ;;
*)
	echo "usage: setup.sh base|window|browser|office|package|screens" >&2
	exit 2
	;;
esac

if ! command -v dpkg-query >/dev/null 2>&1; then
	echo "setup: this is not Debian. Make sure that these are here: $packages" >&2
	exit 0
fi
missing=
for p in $packages; do
	if [ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$p" 2>/dev/null)" != "ii " ]; then
		missing="$missing $p"
	fi
done
if [ -z "$missing" ]; then
	exit 0
fi
if [ "$(id -u)" != 0 ]; then
	echo "setup: as root, run: apt-get install$missing" >&2
	exit 1
fi
echo "setup: installing$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # a list of words
apt-get install -y -qq --no-install-recommends $missing >/dev/null
