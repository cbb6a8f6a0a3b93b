#!/bin/sh
# Cài Bản Làng cho riêng người dùng này, không cần quyền quản trị: ./install.sh · gỡ ra: ./install.sh --remove
# Puts Bản Làng in place for this user, without root: ./install.sh · takes it away: ./install.sh --remove
# The notebook (~/.local/share/banlang) is not touched by either.
set -eu
cd "$(dirname "$0")"
data=${XDG_DATA_HOME:-$HOME/.local/share}
program=$HOME/.local/lib/banlang
command=$HOME/.local/bin/banlang
entry=$data/applications/banlang.desktop
icon=$data/icons/hicolor/scalable/apps/banlang.svg

case ${1:-} in
'') ;;
--remove)
	rm -f "$program/desktop" "$command" "$entry" "$icon"
	rmdir "$program" 2>/dev/null || true
	echo "Đã gỡ chương trình. Sổ vẫn còn nguyên ở $data/banlang; cài lại là mở được."
	echo "The program is gone. The notebook is intact in $data/banlang; install again to open it."
	exit 0
	;;
*)
	echo "Cách dùng / use: ./install.sh [--remove]" >&2
	exit 2
	;;
esac

mkdir -p "$program" "$(dirname "$command")" "$(dirname "$entry")" "$(dirname "$icon")"
cp desktop "$program/desktop.new" # a program that is running goes on as it is
mv -f "$program/desktop.new" "$program/desktop"
ln -sf "$program/desktop" "$command"
cp banlang.svg "$icon"
sed "s|^Exec=.*|Exec=\"$program/desktop\"|" banlang.desktop >"$entry"

echo "Đã cài. Mở \"Bản Làng\" trong danh mục chương trình, hoặc gõ: $command"
echo "Installed. Open \"Bản Làng\" in the menu of programs, or type: $command"
