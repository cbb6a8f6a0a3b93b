#!/bin/sh
# smoke.sh DIST: uses the packages in DIST as people will, on this machine: the tarball installed and run, the zip and the
# installer under Wine, both against a centre that runs from the tarball; and on a screen without OpenGL. What the windows
# looked like is in DIST/smoke. It shows that the programs are whole, not what the drivers of real machines do.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
dist=$(cd "$1" && pwd)
pictures=$dist/smoke
plain="drawn without shaders" # what the window says of a driver that does not take ours
work=$(mktemp -d)
: >"$work/running" # the ids of what runs in the background
export LC_ALL=C.UTF-8 TZ=UTC

cleanup() {
	while read -r pid; do
		kill "$pid" 2>/dev/null || true
	done <"$work/running"
	[ ! -d "$work/wine" ] || wine_ends
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

say() { echo "smoke: $*"; }

die() {
	echo "smoke: $*" >&2
	exit 1
}

# eventually WHAT COMMAND…: asks until it holds; a minute, and as much again for each that runs beside.
eventually() {
	what=$1
	shift
	tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -lt 600 ] || die "$what: waited in vain"
		sleep 0.2
	done
}

# expect CODE COMMAND…: what it says is in $work/said.
expect() {
	want=$1
	shift
	code=0
	"$@" >"$work/said" 2>&1 || code=$?
	[ $code = "$want" ] || die "exit code $code, want $want: $*
$(cat "$work/said")"
}

said() { grep -qF -- "$1" "$work/said" || die "it does not say \"$1\" but: $(cat "$work/said")"; }

unsaid() { ! grep -qF -- "$1" "$work/said" || die "it says: $(cat "$work/said")"; }

# screen ARGS…: sets DISPLAY to a new screen.
screen() {
	: >"$work/display"
	Xvfb -displayfd 3 -screen 0 1366x768x24 -nolisten tcp "$@" 3>"$work/display" 2>/dev/null &
	runs
	eventually "Xvfb" test -s "$work/display"
	DISPLAY=:$(cat "$work/display")
	export DISPLAY
}

# window: the number of the window or box of the program; xmessage writes without marks.
window() { xdotool search --onlyvisible --name '^B(ả|a)n L(à|a)ng' | head -1 | grep .; }

# drawn FILE COLOURS: the screen has at least so many colours; smooth letters alone make a hundred, a blank window two.
drawn() {
	import -silent -window root "$1"
	[ "$(identify -format %k "$1")" -ge "$2" ]
}

# runs: what was started last runs in the background.
runs() {
	program=$!
	echo $program >>"$work/running"
}

# ends PID CODE: it ends, with this exit code.
ends() {
	code=0
	wait "$1" || code=$?
	sed -i "/^$1\$/d" "$work/running"
	[ $code = "$2" ] || die "exit code $code, want $2: $(cat "$work/said")"
}

record() {
	printf '{"key":"%s","form":"venue_register","unit":"XA01","values":{"occurred_on":"2025-11-02","name":"%s","type":"lang","parent_unit":"XA01"}}\n' "$1" "$2"
}

# centre: unpacks the tarball and starts its centre, with a file for each of two machines.
centre() {
	mkdir "$work/linux"
	tar -C "$work/linux" --strip-components=1 -xzf "$dist"/banlang-*-linux-amd64.tar.gz
	cd "$work"
	expect 0 linux/syncserver --help
	said "serve --dir"
	linux/syncserver serve --dir centre --listen 127.0.0.1:0 --log-level warn >ready 2>served &
	runs
	centre_pid=$program
	eventually "the centre" grep -q '^ready ' ready
	address=$(sed -n 's/^ready //p' ready)
	for machine in linux windows; do
		expect 0 linux/syncserver enrol --dir centre --unit XA01 --name "Máy $machine" --address "$address" --out $machine.json
		record $machine "Nhà rông $machine" >$machine.jsonl
	done
}

on_linux() {
	export HOME="$work/home"
	unset XDG_DATA_HOME XDG_CONFIG_HOME WAYLAND_DISPLAY DISPLAY
	mkdir "$HOME"
	expect 0 linux/install.sh
	banlang=$HOME/.local/bin/banlang
	grep -q "^Exec=\"$HOME/.local/lib/banlang/desktop\"$" "$HOME/.local/share/applications/banlang.desktop"
	expect 3 "$banlang" forms
	expect 0 "$banlang" enrol linux.json
	expect 0 "$banlang" import linux.jsonl
	expect 0 "$banlang" forms
	said "Buổi tuyên truyền"
	expect 0 "$banlang" sync --once --for 1m

	expect 8 "$banlang"
	said "[no_screen]"
	said "vẫn còn nguyên"
	screen -extension GLX
	"$banlang" >"$work/said" 2>&1 &
	runs
	eventually "the message" window
	eventually "what is in it" drawn "$pictures/linux-no-opengl.png" 2 # the letters of xmessage are not smooth
	xdotool windowfocus --sync "$(window)" key Return
	ends $program 9
	said "[no_opengl]"
	said "vẫn còn nguyên"
	said "desktop sync --once"
	expect 0 "$banlang" sync --once --for 1m # the way that is left

	screen
	"$banlang" >"$work/said" 2>&1 &
	runs
	eventually "the window on Linux" window
	eventually "what is in it" drawn "$pictures/linux.png" 100
	unsaid "$plain" # our shaders are taken here
	kill -TERM $program
	ends $program 0

	expect 0 linux/install.sh # over itself
	expect 0 linux/install.sh --remove
	[ -z "$(find "$HOME/.local" -name 'banlang*' ! -path "$HOME/.local/share/banlang")" ] || die "something was left behind"
	expect 0 linux/desktop check # the notebook is where it was
}

wine() { /usr/lib/wine/wine64 "$@"; }

wine_ends() { /usr/lib/wine/wineserver64 -k 2>/dev/null || true; }

# message_font NAME: the font of boxes. Wine's own lacks the letters of Vietnamese; that of Windows has them. What is written is a
# LOGFONTW: height -12, weight 400, any character set, and the name in 32 letters.
message_font() {
	name=$(printf %s "$1" | iconv -t UTF-16LE | od -An -v -tx1 | tr -d ' \n')
	font=$(printf 'f4ffffff%024d90010000%08d%08d%s%0*d' 0 1 0 "$name" $((128 - ${#name})) 0)
	expect 0 wine reg add 'HKCU\Control Panel\Desktop\WindowMetrics' /v MessageFont /t REG_BINARY /d "$font" /f
}

# with_wine: a Windows of its own, that has what Go needs.
with_wine() {
	export WINEPREFIX="$work/wine" WINEDEBUG=-all WINEDLLOVERRIDES="bcryptprimitives=n;mscoree,mshtml=;winemenubuilder.exe=d"
	export HOME="$work/home-windows" # Wine's Desktop is a link into it
	unset WAYLAND_DISPLAY
	mkdir -p "$WINEPREFIX" "$HOME/Desktop"
	expect 0 wine wineboot --init
	message_font "DejaVu Sans"
	x86_64-w64-mingw32-gcc -shared -o "$WINEPREFIX/drive_c/windows/system32/bcryptprimitives.dll" "$here/windows/wine_random.c" -ladvapi32
	local=$(echo "$WINEPREFIX"/drive_c/users/*/AppData/Local)
	installed=$local/Programs/BanLang
	notebook=$local/BanLang/so.db
}

# as_zip: the zip, without installing.
as_zip() {
	unzip -q "$dist"/banlang-*-windows-amd64.zip
	mv banlang-* windows
	expect 0 wine windows/desktop.exe help
	expect 0 wine windows/desktop.exe enrol windows.json
	[ -f "$notebook" ] || die "the notebook is not in $notebook"
	expect 0 wine windows/desktop.exe import windows.jsonl
	expect 0 wine windows/desktop.exe sync --once --for 1m
	expect 0 wine windows/desktop.exe export
	said "Nhà rông windows"
	said "Nhà rông linux" # came by way of the centre
	expect 8 wine windows/desktop.exe
	said "desktop sync --once"
}

plain_notebook() { [ "$(head -c 15 "$notebook")" = "SQLite format 3" ]; }

enciphered() { [ -s "$notebook" ] && ! plain_notebook; }

unreadable() { ! grep -aqr -e "Nhà rông" -e "$BANLANG_PASSPHRASE" "$local/BanLang"; }

# sits_down: an officer gives a name and a passphrase in the window. From then on nothing of the notebook can be read without it.
sits_down() {
	plain_notebook || die "the notebook is enciphered before anybody has set a passphrase"
	BANLANG_PASSPHRASE="lua chin tren nuong cao"
	xdotool windowfocus --sync "$(window)"
	xdotool type --delay 60 "Nguyen Van Ba"
	xdotool key Return Return
	for twice in 1 2; do
		xdotool type --delay 60 "$BANLANG_PASSPHRASE"
		xdotool key Return
	done
	xdotool key Return
	eventually "the notebook under its key" enciphered
	eventually "no file that can be read" unreadable # the plain one goes last
	eventually "what is in it" drawn "$pictures/windows-officer.png" 200
	export BANLANG_PASSPHRASE
}

# as_installed: the installer, over a running program too, and the uninstaller.
as_installed() {
	setup=$(echo "$dist"/banlang-*-setup.exe)
	expect 0 wine winecfg -v win7
	expect 2 wine "$setup" /S
	[ ! -e "$installed" ] || die "it was installed on Windows 7"
	expect 0 wine winecfg -v win10
	expect 0 wine "$setup" /S
	wine "$installed/banlang.exe" >"$work/said" 2>&1 &
	runs
	eventually "the window on Windows" window
	eventually "what is in it" drawn "$pictures/windows.png" 100
	unsaid "$plain"
	expect 0 wine "$installed/banlang.exe" # takes one to the window that is there
	[ "$(xdotool search --onlyvisible --name '^B(ả|a)n L(à|a)ng' | wc -l)" = 1 ] || die "a second start opened another window"
	kill -0 $program || die "a second start ended the first"
	sits_down
	expect 3 wine "$setup" /S
	expect 0 wine taskkill /IM banlang.exe # asks the window to close
	ends $program 0
	expect 0 wine "$setup" /S
	[ -z "$(find "$installed" -name '*.new')" ] || die "something was left behind in $installed"
	[ -f "$HOME/Desktop/Bản Làng.lnk" ] || die "there is no shortcut"

	env BANLANG_PLAIN_DRAWING=1 /usr/lib/wine/wine64 "$installed/banlang.exe" >"$work/said" 2>&1 &
	runs
	eventually "the window without shaders" window
	eventually "what is in it" drawn "$pictures/windows-plain.png" 100
	said "$plain"
	expect 0 wine taskkill /IM banlang.exe
	ends $program 0

	before=$(sha256sum "$notebook")
	expect 0 wine "$installed/uninstall.exe" /S
	eventually "the uninstaller" test ! -e "$installed"
	[ "$before" = "$(sha256sum "$notebook")" ] || die "the uninstaller touched the notebook"
	[ -z "$(find "$WINEPREFIX/drive_c/users" "$HOME" -name 'Bản Làng.lnk')" ] || die "a shortcut was left behind"
	expect 0 wine windows/desktop.exe check
	expect 0 wine windows/desktop.exe export
	said "Nhà rông linux"
	! env BANLANG_PASSPHRASE="lua chin tren nuong thap" /usr/lib/wine/wine64 windows/desktop.exe export >"$work/said" 2>&1 || die "another passphrase opens it"
	unsaid "Nhà rông"
}

# without_opengl: the box that an officer sees instead of nothing.
without_opengl() {
	wine_ends # it holds to its screen
	screen -extension GLX
	wine windows/banlang.exe >"$work/said" 2>&1 &
	runs
	eventually "the message" window
	eventually "what is in it" drawn "$pictures/windows-no-opengl.png" 20
	xdotool windowfocus --sync "$(window)" key Return
	ends $program 9
	expect 0 wine windows/desktop.exe sync --once --for 1m
}

rm -rf "$pictures"
mkdir "$pictures"
(cd "$dist" && sha256sum --quiet -c SHA256SUMS)
centre
on_linux
say "linux: installed, synced, drawn, and said what is missing without a screen and without OpenGL"
screen
with_wine
as_zip
as_installed
without_opengl
say "windows: zip, installer, upgrade, uninstaller; synced, drawn, and said in a box that OpenGL is missing"
kill -TERM $centre_pid
ends $centre_pid 0
expect 0 linux/syncserver check --dir centre
say "the centre holds what both machines wrote, and is sound"
