#!/bin/sh
# Photographs every page of the window, as a graphics card paints it, on the two screens of the design.
#
#   screens.sh TAGS FOLDER
#
# The pictures are FOLDER/WIDTH-LANGUAGE-STOP.png; desktop/ui/tour says what the stops are.
set -eu

cd "$(dirname "$0")/../.."
mkdir -p "$2"
out=$(cd "$2" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

go test -c -tags "$1 screens" -o "$work/screens" ./desktop/window
mkdir "$work/.cache"
export HOME="$work" XDG_RUNTIME_DIR="$work" LC_ALL=vi_VN.UTF-8 FYNE_SCALE=1 LIBGL_ALWAYS_SOFTWARE=1
unset WAYLAND_DISPLAY XDG_CONFIG_HOME XDG_CACHE_HOME
for run in "1280x720 16 vi" "1280x720 16 en" "1024x600 18 vi"; do
	# shellcheck disable=SC2086 # three words
	set -- $run
	echo "screens: $1, $3"
	rm -f "$out/${1%x*}-$3"-*.png
	xvfb-run -a -s "-screen 0 $1x24" "$work/screens" -test.run '^TestScreens$' \
		-screens.out "$out" -screens.size "$1" -screens.step "$2" -screens.lang "$3" >"$work/log" 2>&1 || {
		cat "$work/log" >&2
		exit 1
	}
done
echo "screens: $(find "$out" -name '*.png' | wc -l) pictures are in $out"
