#!/bin/sh
# Draws the icons anew from icon.svg: icon.ico for Windows, and the icon of the window. They are committed, so that a build
# needs none of this. On Debian: librsvg2-bin, icoutils.
set -eu
cd "$(dirname "$0")"
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
for size in 16 24 32 48 256; do
	rsvg-convert --width $size --height $size icon.svg >"$made/$size.png"
done
icotool --create --output icon.ico "$made/16.png" "$made/24.png" "$made/32.png" "$made/48.png" --raw "$made/256.png"
rsvg-convert --width 128 --height 128 icon.svg >../window/icon.png
