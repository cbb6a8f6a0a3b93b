// Package fault owns the one error type that crosses the boundaries of the program:
// between packages, over the link, and to the person in front of it.
//
// One error has three readers. The program reads its Code, the person its Message and
// Hint (plain words, in the language of the person), the log its Op and Cause. Nobody
// decides anything by the text of an error:
//
//	if errors.Is(err, fault.DiskFull) { … }
package fault

import "errors"

// A Code names one kind of fault. It is stable: it travels over the link, is read out
// on the telephone, and is what programs compare. A Code is itself an error, so that
// errors.Is(err, code) asks whether err is of that kind.
type Code string

// The faults. Their texts for people are in catalogue.go.
const (
	BadProtocol     Code = "bad_protocol"      // the other end speaks a version that we do not
	WrongKey        Code = "wrong_key"         // the other end has not the key that was pinned
	WrongUnit       Code = "wrong_unit"        // the unit is not in the grant
	NotEnrolled     Code = "not_enrolled"      // the device is unknown to the centre
	EnrolCodeUsed   Code = "enrol_code_used"   // an enrolment code works once
	EnrolForged     Code = "enrol_forged"      // what answered a one-time code is not the centre that made it
	EnrolCodeStale  Code = "enrol_code_stale"  // an enrolment code that is mistyped, too old or withdrawn
	EnrolOffline    Code = "enrol_offline"     // a machine without a notebook has no network
	EnrolNoAnswer   Code = "enrol_no_answer"   // it has one, and nobody answers at the address, or not to the end
	EnrolFile       Code = "enrol_file"        // a file that is no enrolment of a centre
	Revoked         Code = "revoked"           // the device was cut off; it may still push
	TornDatabase    Code = "torn_database"     // the file is ours and damaged; nothing was touched
	NewerDatabase   Code = "newer_database"    // the file was made by a later version of the program
	OlderDatabase   Code = "older_database"    // the file must be migrated and was opened for reading only
	NotOurDatabase  Code = "not_our_database"  // the file belongs to something else
	SecondInstance  Code = "second_instance"   // the notebook is open in another process
	DiskFull        Code = "disk_full"         // no room left for what was to be written
	DiskIO          Code = "disk_io"           // the disk refused to read, write or flush
	FrameTooLarge   Code = "frame_too_large"   // a message is above the limit of the link
	BadFrame        Code = "bad_frame"         // a message does not decode
	FarFutureChange Code = "far_future_change" // a change is stamped too far ahead of the clock
	LimitExceeded   Code = "limit_exceeded"    // a named limit would be broken
	Busy            Code = "busy"              // someone else holds it; again later
	Unreachable     Code = "unreachable"       // no network, or no answer
	CutOff          Code = "cut_off"           // the link went dead in the middle
	ServerStopping  Code = "server_stopping"   // the other end is closing down in good order
	BadInput        Code = "bad_input"         // a line of an imported file
	BadFormValue    Code = "bad_form_value"    // a value that its form does not allow
	WrongPassphrase Code = "wrong_passphrase"  // the passphrase opens no key slot
	WeakPassphrase  Code = "weak_passphrase"   // a new passphrase is too easily guessed
	TooManyTries    Code = "too_many_tries"    // wrong passphrases in a row: a pause before the next try
	NoDeviceSecret  Code = "no_device_secret"  // the system's key store lacks this machine's part of the key
	TornKeyFile     Code = "torn_key_file"     // both copies of the key file are damaged
	LockedNotebook  Code = "locked_notebook"   // the notebook is enciphered and no key was given
	WrongDataKey    Code = "wrong_data_key"    // the notebook is enciphered under another key
	NotEnciphered   Code = "not_enciphered"    // a key was given, and the notebook is plain
	Lost            Code = "reported_lost"     // the machine was reported lost: it only sends, until that is taken back
	Wiped           Code = "wiped"             // the keys of the notebook were destroyed by order of the centre
	NoRecipient     Code = "no_recipient"      // nobody is known to whom the answer could be sealed
	WrongSealKey    Code = "wrong_seal_key"    // the key is none that it was sealed to
	TornSeal        Code = "torn_seal"         // what was sealed is damaged
	StraySeal       Code = "stray_seal"        // it was sealed for another record or question
	LockedDraft     Code = "locked_draft"      // an answer of a draft that another officer or machine has locked
	PictureFormat   Code = "picture_format"    // a file of a kind that is not read: HEIC, a film, no picture at all
	PictureTooLarge Code = "picture_too_large" // a picture that would need too much memory or time
	BadPicture      Code = "bad_picture"       // a picture that is damaged, or could not be read to its end
	NoReceiver      Code = "no_receiver"       // no device gives positions
	NoFix           Code = "no_fix"            // a receiver is there and has not found its position
	NoScreen        Code = "no_screen"         // there is no screen to open a window on
	NoOpenGL        Code = "no_opengl"         // the graphics driver is too poor to draw the window
	SignInFailed    Code = "sign_in_failed"    // staff: name, passphrase or code does not fit
	SignInWait      Code = "sign_in_wait"      // staff: too many sign-ins that failed, or at once
	SignedOut       Code = "signed_out"        // staff: there is no such session, any more
	NotAllowed      Code = "not_allowed"       // staff: role or unit does not reach so far
	ConfirmFirst    Code = "confirm_first"     // staff: the passphrase is asked for once more
	PassphraseDue   Code = "passphrase_due"    // staff: an own passphrase must be chosen first
	Unstaffed       Code = "unstaffed"         // staff: the register of accounts cannot be opened; devices are served
	NotFound        Code = "not_found"         // there is no such thing here
	WrittenAnew     Code = "written_anew"      // another record was written in place of this one already
	BadQuestion     Code = "bad_question"      // a report was asked for what its definition does not have
	OnlyTotals      Code = "only_totals"       // tips or petitions of others, which are shown as totals alone
	Internal        Code = "internal"          // none of the above: our own mistake
)

// Error is the code itself, which makes a Code usable as target of errors.Is.
func (c Code) Error() string { return string(c) }

// Error is a fault: what kind it is, what was being done, and why it happened.
type Error struct {
	Code  Code
	Op    string // what was being done, for the log: "sqlite.Update"
	Cause error  // may be nil
}

// New returns the fault of that kind. The cause may be nil.
func New(code Code, op string, cause error) *Error {
	return &Error{Code: code, Op: op, Cause: cause}
}

// Error is the text for the log: "op: code: cause". It is never shown to people; they
// get Message and Hint.
func (e *Error) Error() string {
	text := string(e.Code)
	if e.Op != "" {
		text = e.Op + ": " + text
	}
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Is reports whether target is the code of this fault.
func (e *Error) Is(target error) bool {
	code, ok := target.(Code)
	return ok && code == e.Code
}

// Message tells a person what happened and what is safe.
func (e *Error) Message(lang Lang) string { return e.Code.Message(lang) }

// Hint tells a person the next step.
func (e *Error) Hint(lang Lang) string { return e.Code.Hint(lang) }

// CodeOf returns the code of the outermost fault in the chain of err: "" for nil,
// Internal for an error that is no fault.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	var c Code
	if errors.As(err, &c) {
		return c
	}
	return Internal
}
