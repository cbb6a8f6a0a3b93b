; The installer for Windows: for one user, without an administrator. package.sh gives FROM (the folder of the zip), OUT, LABEL
; and NUMBERS. Neither it nor the uninstaller touches a notebook: those are in $LOCALAPPDATA\BanLang, and the program is not.
;
; Exit codes with /S: 0 done, 2 something could not be written, 3 the program is running.
Unicode true
Target amd64-unicode ; what it installs is, too
RequestExecutionLevel user
ManifestDPIAware true
SetCompressor /SOLID lzma

!include MUI2.nsh
!include WinVer.nsh

!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\BanLang"
!define NOTEBOOKS "$LOCALAPPDATA\BanLang"

Name "Bản Làng"
Caption "Bản Làng ${LABEL}"
BrandingText "Bản Làng ${LABEL}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\BanLang"
VIProductVersion "${NUMBERS}"
VIAddVersionKey /LANG=1066 ProductName "Bản Làng"
VIAddVersionKey /LANG=1066 FileDescription "Bản Làng"
VIAddVersionKey /LANG=1066 FileVersion "${LABEL}"
VIAddVersionKey /LANG=1066 LegalCopyright "Apache-2.0"

!define MUI_ICON "${HERE}\..\icon.ico"
!define MUI_UNICON "${HERE}\..\icon.ico"
!define MUI_ABORTWARNING
!define MUI_LANGDLL_ALWAYSSHOW
!define MUI_LANGDLL_WINDOWTITLE "Bản Làng"
!define MUI_LANGDLL_INFO "Chọn ngôn ngữ. · Choose a language."
!define MUI_WELCOMEPAGE_TEXT "$(Welcome)"
!define MUI_FINISHPAGE_RUN "$INSTDIR\banlang.exe"
!define MUI_UNCONFIRMPAGE_TEXT_TOP "$(NotebooksStay)"

!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE Vietnamese
!insertmacro MUI_LANGUAGE English
!insertmacro MUI_RESERVEFILE_LANGDLL

LangString Welcome ${LANG_VIETNAMESE} "Bản Làng sẽ được cài cho riêng bạn, không cần quyền quản trị.$\r$\n$\r$\nSổ đã có trên máy được giữ nguyên.$\r$\n$\r$\nBản này chưa mã hóa sổ: chỉ nhập dữ liệu dựng."
LangString Welcome ${LANG_ENGLISH} "Bản Làng will be installed for you alone; no administrator is needed.$\r$\n$\r$\nA notebook that is on this computer is left as it is.$\r$\n$\r$\nThis version does not encrypt the notebook yet: enter made-up data only."
LangString Running ${LANG_VIETNAMESE} "Bản Làng đang mở. Chữ đã lưu vẫn còn nguyên.$\r$\n$\r$\nĐóng cửa sổ Bản Làng lại, rồi bấm Thử lại (Retry)."
LangString Running ${LANG_ENGLISH} "Bản Làng is running. Everything saved is intact.$\r$\n$\r$\nClose its window, then press Retry."
LangString NotWritten ${LANG_VIETNAMESE} "Chưa ghi được chương trình vào ổ đĩa. Sổ và chữ đã lưu vẫn còn nguyên.$\r$\n$\r$\nXóa bớt tệp trên ổ đĩa, rồi cài lại."
LangString NotWritten ${LANG_ENGLISH} "The program could not be written to the disk. The notebook and everything saved are intact.$\r$\n$\r$\nDelete some files on the disk, then install again."
LangString TooOld ${LANG_VIETNAMESE} "Bản Làng cần Windows 10 trở lên. Chưa có gì thay đổi trên máy này."
LangString TooOld ${LANG_ENGLISH} "Bản Làng needs Windows 10 or later. Nothing has changed on this computer."
LangString NotebooksStay ${LANG_VIETNAMESE} "Chỉ gỡ chương trình. Sổ được giữ nguyên ở ${NOTEBOOKS}, kể cả phần chưa gửi; cài lại là mở được."
LangString NotebooksStay ${LANG_ENGLISH} "Only the program is removed. The notebook stays in ${NOTEBOOKS}, with what has not been sent; install again to open it."

; Waits until the program in $0 is closed: a file that is running cannot be opened for writing.
!macro UntilClosed un
Function ${un}UntilClosed
  again:
    IfFileExists "$INSTDIR\$0" 0 closed
    ClearErrors
    FileOpen $1 "$INSTDIR\$0" a
    IfErrors 0 free
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(Running)" /SD IDCANCEL IDRETRY again
    SetErrorLevel 3
    Quit
  free:
    FileClose $1
  closed:
FunctionEnd
!macroend
!insertmacro UntilClosed ""
!insertmacro UntilClosed "un."

; The new program takes the place of the old one in one step: after a power cut there is one of them.
!macro Put file
  ClearErrors
  File "/oname=${file}.new" "${FROM}\${file}"
  IfErrors notWritten
  System::Call 'kernel32::MoveFileExW(w "$INSTDIR\${file}.new", w "$INSTDIR\${file}", i 9) i .r0' ; replace, and wait for the disk
  StrCmp $0 0 notWritten
!macroend

Function .onInit
  StrCpy $LANGUAGE ${LANG_VIETNAMESE}
  !insertmacro MUI_LANGDLL_DISPLAY
  ${IfNot} ${AtLeastWin10}
    MessageBox MB_OK|MB_ICONSTOP "$(TooOld)" /SD IDOK
    SetErrorLevel 2
    Quit
  ${EndIf}
FunctionEnd

Section
  StrCpy $0 banlang.exe
  Call UntilClosed
  StrCpy $0 desktop.exe
  Call UntilClosed
  SetOutPath "$INSTDIR"
  SetOverwrite try
  !insertmacro Put banlang.exe
  !insertmacro Put desktop.exe
  !insertmacro Put DOC-TRUOC.txt
  !insertmacro Put LICENSE.txt
  !insertmacro Put THIRD-PARTY.txt
  !insertmacro Put SBOM.txt
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\Bản Làng.lnk" "$INSTDIR\banlang.exe"
  CreateShortcut "$DESKTOP\Bản Làng.lnk" "$INSTDIR\banlang.exe"
  WriteRegStr HKCU "${KEY}" DisplayName "Bản Làng"
  WriteRegStr HKCU "${KEY}" DisplayVersion "${LABEL}"
  WriteRegStr HKCU "${KEY}" DisplayIcon "$INSTDIR\banlang.exe"
  WriteRegStr HKCU "${KEY}" Publisher "Bản Làng"
  WriteRegStr HKCU "${KEY}" InstallLocation "$INSTDIR"
  WriteRegStr HKCU "${KEY}" UninstallString '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${KEY}" QuietUninstallString '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${KEY}" NoModify 1
  WriteRegDWORD HKCU "${KEY}" NoRepair 1
  WriteRegDWORD HKCU "${KEY}" Language $LANGUAGE
  Return
  notWritten:
    MessageBox MB_OK|MB_ICONSTOP "$(NotWritten)" /SD IDOK
    SetErrorLevel 2
    Quit
SectionEnd

Function un.onInit
  ReadRegDWORD $LANGUAGE HKCU "${KEY}" Language
FunctionEnd

Section Uninstall
  StrCpy $0 banlang.exe
  Call un.UntilClosed
  StrCpy $0 desktop.exe
  Call un.UntilClosed
  Delete "$INSTDIR\banlang.exe"
  Delete "$INSTDIR\desktop.exe"
  Delete "$INSTDIR\DOC-TRUOC.txt"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\THIRD-PARTY.txt"
  Delete "$INSTDIR\SBOM.txt"
  Delete "$INSTDIR\*.new" ; of an installation that was cut off
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR" ; if there is nothing else in it
  Delete "$SMPROGRAMS\Bản Làng.lnk"
  Delete "$DESKTOP\Bản Làng.lnk"
  DeleteRegKey HKCU "${KEY}"
  MessageBox MB_OK|MB_ICONINFORMATION "$(NotebooksStay)" /SD IDOK
SectionEnd
