package fault

import (
	"maps"
	"slices"
)

// A Lang is a language that the catalogue speaks.
type Lang string

// The languages of the catalogue. Any other Lang is answered in Vietnamese.
const (
	Vietnamese Lang = "vi"
	English    Lang = "en"
)

// A text is what people read about one fault: the message says what happened and what
// is safe, the hint is the next step ("Không cần làm gì" if there is none). The voice:
// to "bạn", short verbs, no blame, no exclamation marks, no words of the machine room.
type text struct{ message, hint string }

// Message tells a person what happened and what is safe. An unknown code, as a newer
// centre may send, reads like Internal.
func (c Code) Message(lang Lang) string { return c.text(lang).message }

// Hint tells a person the next step.
func (c Code) Hint(lang Lang) string { return c.text(lang).hint }

func (c Code) text(lang Lang) text {
	entry, ok := catalogue[c]
	if !ok {
		entry = catalogue[Internal]
	}
	if lang == English {
		return entry.en
	}
	return entry.vi
}

// Codes returns all codes of the catalogue in alphabetical order.
func Codes() []Code { return slices.Sorted(maps.Keys(catalogue)) }

var catalogue = map[Code]struct{ vi, en text }{
	BadProtocol: {
		vi: text{"Máy này và trung tâm dùng hai phiên bản chưa hiểu nhau. Những gì bạn ghi vẫn được giữ trên máy này.",
			"Cứ ghi bình thường. Lấy bản mới từ trạm xã hoặc USB của tỉnh."},
		en: text{"This computer and the centre run versions that do not understand each other. What you write is kept on this computer.",
			"Write as usual. Get the new version from the commune relay or the province's USB."},
	},
	WrongKey: {
		vi: text{"Nơi trả lời không phải là trung tâm mà máy này đã đăng ký, nên chưa gửi gì. Những gì bạn ghi vẫn được giữ trên máy này.",
			"Thử một mạng khác. Nếu vẫn vậy, gọi trung tâm và đọc mã."},
		en: text{"What answered is not the centre that this computer enrolled with, so nothing was sent. What you write is kept on this computer.",
			"Try another network. If it happens again, call the centre and read out the code."},
	},
	WrongUnit: {
		vi: text{"Máy này chưa được giao đơn vị đó. Chưa có gì thay đổi, chữ bạn viết vẫn được giữ.",
			"Chọn một đơn vị của bạn, hoặc nhờ trưởng đơn vị giao thêm."},
		en: text{"That unit has not been assigned to this computer. Nothing has changed, and what you wrote is kept.",
			"Choose one of your own units, or ask the head of your unit to assign this one."},
	},
	NotEnrolled: {
		vi: text{"Máy này chưa đăng ký với trung tâm. Bạn vẫn ghi được, mọi lần ghi được giữ trên máy.",
			"Xin trung tâm một mã đăng ký, rồi nhập mã vào máy này."},
		en: text{"This computer has not enrolled with the centre. You can still write; everything is kept on this computer.",
			"Ask the centre for an enrolment code and enter it on this computer."},
	},
	EnrolCodeUsed: {
		vi: text{"Mã đăng ký này đã được dùng, nên máy chưa đăng ký được. Sổ trên máy không thay đổi.",
			"Xin trung tâm một mã mới. Mỗi mã chỉ dùng một lần."},
		en: text{"This enrolment code has been used already, so this computer is not enrolled yet. The notebook has not changed.",
			"Ask the centre for a new code. Each code works once."},
	},
	EnrolCodeStale: {
		vi: text{"Mã đăng ký này chưa đúng hoặc đã hết hạn, nên máy chưa đăng ký được. Sổ trên máy không thay đổi.",
			"Xem lại từng nhóm bốn chữ. Nếu mã quá một ngày, xin trung tâm một mã mới."},
		en: text{"This enrolment code is mistyped or too old, so this computer is not enrolled yet. The notebook has not changed.",
			"Look at each group of four again. If the code is more than a day old, ask the centre for a new one."},
	},
	EnrolForged: {
		vi: text{"Nơi trả lời không phải là trung tâm đã cấp mã đăng ký này, nên máy chưa đăng ký. Mã chưa bị lộ, sổ trên máy không thay đổi.",
			"Xem lại địa chỉ trung tâm, thử một mạng khác. Nếu vẫn vậy, gọi trung tâm. Đừng đọc mã đăng ký cho ai."},
		en: text{"What answered is not the centre that made this enrolment code, so this computer is not enrolled. The code has not leaked, and the notebook has not changed.",
			"Look at the address of the centre again, or try another network. If it happens again, call the centre. Read the enrolment code to nobody."},
	},
	EnrolOffline: {
		vi: text{"Máy này chưa có mạng, nên chưa hỏi được trung tâm. Mã đăng ký vẫn còn dùng được trên máy này.",
			"Bật mạng, hay điểm phát sóng của điện thoại, rồi đăng ký lại. Không có mạng thì xin trung tâm một tệp đăng ký trên USB."},
		en: text{"This computer has no network, so the centre could not be asked. The enrolment code is still good on this computer.",
			"Turn on the network, or the hotspot of a telephone, and enrol again. Where there is none, ask the centre for an enrolment file on a USB stick."},
	},
	EnrolNoAnswer: {
		vi: text{"Ở địa chỉ này chưa có ai trả lời, nên máy chưa đăng ký. Mã đăng ký vẫn còn dùng được trên máy này.",
			"Xem lại địa chỉ trung tâm, cả số sau dấu hai chấm. Nếu đúng, đợi một lúc rồi đăng ký lại, hoặc gọi trung tâm."},
		en: text{"Nobody answers at this address, so this computer is not enrolled yet. The enrolment code is still good on this computer.",
			"Look at the address of the centre again, also at the number after the colon. If it is right, wait a little and enrol again, or call the centre."},
	},
	EnrolFile: {
		vi: text{"Tệp này không phải tệp đăng ký của trung tâm, hoặc không còn nguyên. Máy chưa đăng ký; tệp không bị thay đổi.",
			"Chọn tệp khác, hoặc xin trung tâm gửi lại tệp."},
		en: text{"This file is no enrolment file of a centre, or no longer whole. This computer is not enrolled yet; the file was not altered.",
			"Choose another file, or ask the centre to send it again."},
	},
	Revoked: {
		vi: text{"Máy này đã bị thu hồi. Những lần ghi chưa gửi vẫn được gửi để cán bộ trung tâm xem, không mất.",
			"Mang máy đến đơn vị của bạn."},
		en: text{"This computer was revoked. Changes not yet sent are still sent and held for staff; they are not lost.",
			"Bring the computer to your unit."},
	},
	TornDatabase: {
		vi: text{"Sổ trên máy bị hỏng một phần, thường do mất điện hoặc ổ đĩa cũ. Bản hỏng được để nguyên, không xóa gì.",
			"Bấm Cứu sổ. Phần có biên nhận lấy lại từ trung tâm, phần chưa gửi được đọc từ bản hỏng."},
		en: text{"Part of the notebook is damaged, mostly by a power cut or an old disk. The damaged copy is untouched; nothing was deleted.",
			"Press Rescue. Receipted parts come from the centre, the rest is read from the damaged copy."},
	},
	NewerDatabase: {
		vi: text{"Sổ này đã được mở bằng một bản chương trình mới hơn. Sổ được để nguyên.",
			"Cài bản mới từ trạm xã hoặc USB của tỉnh, rồi mở lại sổ."},
		en: text{"This notebook was opened with a newer version of the program. It was left as it is.",
			"Install the new version from the commune relay or the province's USB, then open the notebook again."},
	},
	OlderDatabase: {
		vi: text{"Sổ này do một bản chương trình cũ hơn ghi, nên chưa xem được khi chỉ mở để đọc. Sổ được để nguyên.",
			"Mở sổ như thường lệ một lần, rồi xem lại."},
		en: text{"This notebook was written by an older version of the program and cannot be shown while opened for reading only. It was left as it is.",
			"Open the notebook the usual way once, then look again."},
	},
	NotOurDatabase: {
		vi: text{"Tệp này không phải là sổ của Bản Làng. Tệp được để nguyên.",
			"Chọn tệp khác. Nếu đúng là tệp này, gọi hỗ trợ và đọc mã."},
		en: text{"This file is not a notebook of Bản Làng. It was left as it is.",
			"Choose another file. If it is the right one, call support and read out the code."},
	},
	SecondInstance: {
		vi: text{"Sổ đang mở ở một cửa sổ khác trên máy này. Không có gì bị mất.",
			"Dùng cửa sổ đang mở."},
		en: text{"The notebook is already open in another window of this computer. Nothing is lost.",
			"Use the window that is open."},
	},
	DiskFull: {
		vi: text{"Ổ đĩa đã đầy nên lần lưu này chưa xong. Những gì đã lưu trước đó vẫn nguyên.",
			"Đừng tắt máy. Xóa bớt tệp trên ổ đĩa, rồi lưu lại."},
		en: text{"The disk is full, so this was not saved. Everything saved before is intact.",
			"Do not switch off. Delete some files on the disk, then save again."},
	},
	DiskIO: {
		vi: text{"Ổ đĩa không đọc hoặc ghi được, nên chưa chắc lần lưu này đã xong. Chương trình không xóa gì.",
			"Đừng tắt máy. Lưu lại lần nữa; nếu vẫn vậy, gọi hỗ trợ và đọc mã."},
		en: text{"The disk could not be read or written, so this may not have been saved. The program deleted nothing.",
			"Do not switch off. Save once more; if it happens again, call support and read out the code."},
	},
	FrameTooLarge: {
		vi: text{"Một phần gửi lớn quá mức cho phép nên chưa được nhận. Bên gửi vẫn giữ đủ.",
			"Không cần làm gì. Nếu gặp lại nhiều lần, gọi hỗ trợ và đọc mã."},
		en: text{"A piece that was sent is above the size allowed and was not taken in. The sender still has all of it.",
			"Nothing to do. If it keeps happening, call support and read out the code."},
	},
	BadFrame: {
		vi: text{"Một phần nhận được bị hỏng trên đường đi nên chưa dùng đến. Bên gửi vẫn giữ đủ và sẽ gửi lại.",
			"Không cần làm gì."},
		en: text{"A piece arrived damaged and was not used. The sender still has all of it and will send it again.",
			"Nothing to do."},
	},
	FarFutureChange: {
		vi: text{"Một lần ghi mang giờ ở quá xa phía trước. Lần ghi vẫn được giữ và đúng thứ tự; giờ in ra có thể lạ.",
			"Xem lại giờ của máy đã ghi và chỉnh cho đúng."},
		en: text{"A change carries a time far ahead of now. It is kept and in its right order; the printed time may look odd.",
			"Look at the clock of the computer it was written on and set it right."},
	},
	LimitExceeded: {
		vi: text{"Việc này vượt mức cho phép nên chưa làm. Những gì đã lưu vẫn nguyên.",
			"Chia thành phần nhỏ hơn rồi làm lại, hoặc gọi hỗ trợ và đọc mã."},
		en: text{"This is above what is allowed and was not done. Everything saved is intact.",
			"Split it into smaller parts and try again, or call support and read out the code."},
	},
	Busy: {
		vi: text{"Sổ đang bận một việc khác nên bước này chưa làm. Những gì đã lưu vẫn nguyên.",
			"Chờ một lát rồi làm lại."},
		en: text{"The notebook is busy with something else, so this step was not done. Everything saved is intact.",
			"Wait a moment and try again."},
	},
	Unreachable: {
		vi: text{"Chưa đến được trung tâm. Những gì bạn ghi được giữ trên máy và sẽ tự gửi khi có mạng.",
			"Không cần làm gì."},
		en: text{"The centre cannot be reached now. What you write is kept on this computer and leaves by itself with a network.",
			"Nothing to do."},
	},
	CutOff: {
		vi: text{"Mất mạng giữa chừng. Phần đã đến được giữ, phần còn lại chờ lần sau.",
			"Không cần làm gì."},
		en: text{"The link was lost halfway. What arrived is kept, the rest waits for the next time.",
			"Nothing to do."},
	},
	ServerStopping: {
		vi: text{"Trung tâm đang tạm nghỉ. Những gì bạn ghi được giữ trên máy và sẽ tự gửi khi trung tâm mở lại.",
			"Không cần làm gì."},
		en: text{"The centre is closing for a while. What you write is kept on this computer and leaves by itself when the centre is back.",
			"Nothing to do."},
	},
	BadInput: {
		vi: text{"Có dòng trong tệp chưa đọc được nên chưa nhập. Tệp gốc được để nguyên.",
			"Sửa dòng được nêu trong tệp, rồi nhập lại."},
		en: text{"A line of the file could not be read and was not imported. The file itself is untouched.",
			"Correct the line named here, then import again."},
	},
	BadFormValue: {
		vi: text{"Có ô chưa khớp với biểu mẫu. Chữ bạn viết vẫn được giữ.",
			"Xem ô được đánh dấu rồi sửa lại."},
		en: text{"A field does not fit its form yet. What you wrote is kept.",
			"Look at the marked field and correct it."},
	},
	WrongPassphrase: {
		vi: text{"Mật khẩu chưa đúng. Sổ không bị xóa.",
			"Nhập lại. Nếu quên, gọi trưởng đơn vị để được cấp lại."},
		en: text{"The passphrase does not fit. The notebook is not erased.",
			"Type it again. If you forgot it, ask the head of your unit for a new one."},
	},
	WeakPassphrase: {
		vi: text{"Mật khẩu này dễ đoán nên chưa được đặt. Chưa có gì thay đổi.",
			"Ghép bốn từ không liên quan nhau, ví dụ tên cây, con vật, đồ dùng. Có dấu và khoảng trắng cũng được."},
		en: text{"This passphrase is easy to guess and was not set. Nothing has changed.",
			"Put together four words that have nothing to do with each other, such as a tree, an animal, a tool. Accents and spaces are welcome."},
	},
	TooManyTries: {
		vi: text{"Đã nhập mật khẩu chưa đúng nhiều lần, nên máy nghỉ một lúc rồi mới nhận tiếp. Sổ không bị xóa.",
			"Chờ hết giờ nghỉ rồi nhập lại. Nếu quên, gọi trưởng đơn vị để được cấp lại."},
		en: text{"The passphrase did not fit several times, so the next try has to wait a little. The notebook is not erased.",
			"Wait until the pause is over, then type it again. If you forgot it, ask the head of your unit for a new one."},
	},
	NoDeviceSecret: {
		vi: text{"Kho khóa của hệ điều hành không còn phần khóa của máy này, nên chưa mở được sổ. Sổ vẫn nguyên.",
			"Đăng nhập máy bằng đúng tài khoản mọi khi. Nếu máy vừa cài lại, gọi trung tâm để mở bằng khóa dự phòng."},
		en: text{"The system's key store no longer has this computer's part of the key, so the notebook cannot be opened. It is intact.",
			"Log in to the computer with the usual account. If it was installed anew, ask the centre to open it with the reserve key."},
	},
	TornKeyFile: {
		vi: text{"Tệp khóa của sổ đã hỏng ở cả hai bản, nên chưa mở được sổ. Sổ vẫn nguyên.",
			"Đừng xóa gì. Gọi trung tâm để mở bằng khóa dự phòng và đọc mã."},
		en: text{"Both copies of the notebook's key file are damaged, so it cannot be opened. The notebook itself is intact.",
			"Delete nothing. Ask the centre to open it with the reserve key, and read out the code."},
	},
	LockedNotebook: {
		vi: text{"Sổ đang khóa. Mọi thứ trong sổ vẫn nguyên.",
			"Đăng nhập bằng tên và mật khẩu của bạn."},
		en: text{"The notebook is locked. Everything in it is intact.",
			"Sign in with your name and passphrase."},
	},
	WrongDataKey: {
		vi: text{"Chìa khóa này không phải của sổ này, nên sổ chưa mở. Sổ được để nguyên.",
			"Xem tệp khóa và tệp sổ có cùng một thư mục, cùng một bản sao. Nếu đúng vậy, gọi hỗ trợ và đọc mã."},
		en: text{"This key belongs to another notebook, so it was not opened. The notebook was left as it is.",
			"Check that the key file and the notebook lie together and come from the same copy. If they do, call support and read out the code."},
	},
	NotEnciphered: {
		vi: text{"Sổ này chưa được mã hóa, nên chưa mở bằng chìa khóa. Sổ được để nguyên.",
			"Cho chương trình mã hóa sổ khi được hỏi; mọi bản ghi được giữ đủ."},
		en: text{"This notebook is not encrypted yet, so it was not opened with a key. It was left as it is.",
			"Let the program encrypt it when it asks; every record is kept."},
	},
	Lost: {
		vi: text{"Máy này đã được báo mất nên sổ đang khóa. Phần chưa gửi vẫn được gửi về trung tâm, không mất.",
			"Để máy nối mạng và gọi trung tâm. Khi trung tâm rút lại lệnh, đăng nhập như thường."},
		en: text{"This computer was reported lost, so the notebook is locked. What was not sent yet goes on being sent; nothing is lost.",
			"Keep the computer connected and call the centre. When the centre takes the order back, sign in as usual."},
	},
	Wiped: {
		vi: text{"Khóa của sổ trên máy này đã được hủy theo lệnh của trung tâm. Mọi thứ đã ghi đều đã ở trung tâm.",
			"Mang máy đến đơn vị của bạn. Trung tâm mở lại được sổ bằng khóa dự phòng."},
		en: text{"The keys of the notebook on this computer were destroyed by order of the centre. Everything that was written is at the centre.",
			"Bring the computer to your unit. The centre can open the notebook again with the reserve key."},
	},
	NoRecipient: {
		vi: text{"Máy này chưa có chìa khóa của người được mở, nên ô này chưa ghi được. Những ô khác vẫn được giữ.",
			"Nối mạng một lần để nhận chìa khóa. Nếu vẫn vậy, nhờ trung tâm cấp chìa khóa cho đơn vị."},
		en: text{"This computer has no key yet of those who may open it, so this field cannot be written. The other fields are kept.",
			"Connect once to receive the key. If it stays so, ask the centre to make one for your unit."},
	},
	WrongSealKey: {
		vi: text{"Chìa khóa này không mở được nội dung niêm phong đó. Nội dung vẫn nguyên, chưa hiện chữ nào.",
			"Dùng chìa khóa có hiệu lực vào ngày ghi; chìa khóa cũ vẫn mở được những gì đã niêm phong cho nó."},
		en: text{"This key does not open that sealed content. It is intact, and nothing of it was shown.",
			"Use the key that was in force on the day of writing; an old key still opens what was sealed to it."},
	},
	TornSeal: {
		vi: text{"Nội dung niêm phong này đã hỏng nên không mở được. Chưa hiện chữ nào, bản ghi được để nguyên.",
			"Hỏi người đã ghi và ghi lại ô này; gọi hỗ trợ và đọc mã."},
		en: text{"This sealed content is damaged and cannot be opened. Nothing of it was shown, and the record was left as it is.",
			"Ask who wrote it and write the field again; call support and read out the code."},
	},
	StraySeal: {
		vi: text{"Nội dung này được niêm phong cho một bản ghi hoặc một ô khác, rồi bị chép sang đây. Chưa hiện chữ nào.",
			"Xem lịch sử bản ghi để biết ai đã chép, và báo người giữ chìa khóa."},
		en: text{"This was sealed for another record or field and then copied here. Nothing of it was shown.",
			"Look in the history of the record who copied it, and tell the keeper of the key."},
	},
	LockedDraft: {
		vi: text{"Ô này trong bản nháp do một cán bộ khác hoặc máy khác khóa, nên ở đây không mở được. Bản nháp được để nguyên.",
			"Mở bằng tên cán bộ đã viết, hoặc viết lại ô này."},
		en: text{"This field of the draft was locked by another officer or computer and cannot be opened here. The draft was left as it is.",
			"Sign in as the officer who wrote it, or write the field again."},
	},
	PictureFormat: {
		vi: text{"Loại tệp này chưa đọc được thành ảnh, như ảnh HEIC của iPhone hoặc phim. Tệp gốc được để nguyên.",
			"Mở ảnh trên điện thoại và chụp màn hình, rồi lấy ảnh đó. Với iPhone, cho lần sau: Cài đặt, Camera, Định dạng, chọn Tương thích nhất."},
		en: text{"This kind of file cannot be read as a picture, like HEIC of an iPhone or a film. The file itself is untouched.",
			"Open it on the phone, take a screenshot, and take that in. For the next time, on an iPhone: Settings, Camera, Formats, Most Compatible."},
	},
	PictureTooLarge: {
		vi: text{"Ảnh này quá lớn để máy mở được, nên chưa lấy vào. Tệp gốc được để nguyên.",
			"Mở ảnh trên điện thoại và chụp màn hình để có ảnh nhỏ hơn, rồi lấy ảnh đó."},
		en: text{"This picture is too large for this computer to open and was not taken in. The file itself is untouched.",
			"Open it on the phone, take a screenshot to get a smaller picture, and take that in."},
	},
	BadPicture: {
		vi: text{"Ảnh này bị hỏng hoặc chưa chép hết, nên chưa lấy vào. Tệp gốc được để nguyên.",
			"Cắm lại thẻ hoặc điện thoại và mở thử ảnh ở đó, rồi lấy lại."},
		en: text{"This picture is damaged or was not copied whole, and was not taken in. The file itself is untouched.",
			"Plug the card or phone in again, see whether the picture opens there, and take it once more."},
	},
	NoReceiver: {
		vi: text{"Chưa thấy thiết bị định vị nào trên máy này. Những gì bạn ghi vẫn được giữ.",
			"Cắm thiết bị định vị rồi thử lại, hoặc gõ tọa độ xem trên điện thoại."},
		en: text{"No positioning receiver was found on this computer. What you wrote is kept.",
			"Plug the receiver in and try again, or type the coordinates that a phone shows."},
	},
	NoFix: {
		vi: text{"Thiết bị định vị chưa bắt đủ vệ tinh, nên chưa có vị trí. Những gì bạn ghi vẫn được giữ.",
			"Mang thiết bị ra chỗ trống, chờ vài phút rồi thử lại, hoặc gõ tọa độ xem trên điện thoại."},
		en: text{"The receiver has not found enough satellites yet, so there is no position. What you wrote is kept.",
			"Take it to an open place, wait a few minutes and try again, or type the coordinates that a phone shows."},
	},
	NoScreen: {
		vi: text{"Chương trình chưa đến được màn hình của máy này nên chưa mở được cửa sổ. Sổ và chữ đã lưu vẫn còn nguyên.",
			"Đăng nhập ngay trên màn hình của máy, rồi mở lại."},
		en: text{"The program cannot reach a screen of this computer, so no window was opened. The notebook and everything saved are intact.",
			"Log in at the computer's own screen, then open it again."},
	},
	NoOpenGL: {
		vi: text{"Máy này chưa mở được cửa sổ vì trình điều khiển màn hình chưa có OpenGL 2.1. Sổ và chữ đã lưu vẫn còn nguyên.",
			"Nhờ người cài trình điều khiển màn hình của hãng máy, hoặc gọi hỗ trợ và đọc mã."},
		en: text{"No window can be opened on this computer because its graphics driver lacks OpenGL 2.1. The notebook and everything saved are intact.",
			"Have the graphics driver of the computer's maker installed, or call support and read out the code."},
	},
	SignInFailed: {
		vi: text{"Tên, mật khẩu hoặc mã trên điện thoại chưa khớp, nên chưa đăng nhập. Không có gì thay đổi.",
			"Nhập lại cả ba. Nếu quên mật khẩu hoặc mất điện thoại, gọi người quản trị để được cấp lại."},
		en: text{"Name, passphrase or the code of your telephone does not fit, so you are not signed in. Nothing has changed.",
			"Type all three again. If you forgot the passphrase or lost the telephone, ask the administrator."},
	},
	SignInWait: {
		vi: text{"Nhiều lần đăng nhập chưa khớp, hoặc nhiều người đang đăng nhập cùng lúc, nên phải chờ một lát. Tài khoản không bị khóa.",
			"Chờ hết giờ nghỉ rồi nhập lại."},
		en: text{"Several sign-ins did not fit, or many people sign in at once, so the next one has to wait a little. The account is not blocked.",
			"Wait until the pause is over, then type it again."},
	},
	SignedOut: {
		vi: text{"Phiên làm việc đã hết vì lâu không dùng, hoặc quyền của bạn vừa đổi. Những gì đã lưu vẫn nguyên.",
			"Đăng nhập lại."},
		en: text{"Your session is over: it was not used for a while, or your rights have changed. Everything saved is intact.",
			"Sign in again."},
	},
	NotAllowed: {
		vi: text{"Tài khoản không có quyền làm việc này ở đơn vị này. Không có gì thay đổi, lần thử này đã ghi vào nhật ký.",
			"Nếu cần cho công việc, nhờ người quản trị của đơn vị bạn."},
		en: text{"Your account may not do this for this unit. Nothing has changed; this attempt was logged.",
			"If your work needs it, ask the administrator of your unit."},
	},
	ConfirmFirst: {
		vi: text{"Việc này cần nhập lại mật khẩu. Chưa có gì thay đổi.",
			"Nhập mật khẩu của bạn, rồi làm tiếp trong năm phút."},
		en: text{"This asks for your passphrase once more. Nothing has changed yet.",
			"Type your passphrase, then go on within five minutes."},
	},
	Unstaffed: {
		vi: text{"Sổ tài khoản ở trung tâm chưa mở được nên chưa ai đăng nhập được. Máy ở thôn, xã vẫn gửi về như thường; không mất bản ghi nào.",
			"Báo người giữ máy trung tâm phục hồi sổ tài khoản từ bản sao."},
		en: text{"The centre's register of accounts cannot be opened, so nobody can sign in. Villages and communes go on sending; no record is lost.",
			"Tell whoever keeps the centre's machine to restore the register from a copy."},
	},
	PassphraseDue: {
		vi: text{"Mật khẩu này do người khác cấp, chỉ dùng để đăng nhập lần đầu. Chưa có gì thay đổi.",
			"Đặt mật khẩu của riêng bạn rồi làm tiếp."},
		en: text{"Somebody else gave you this passphrase, and it is for the first sign-in only. Nothing has changed yet.",
			"Choose a passphrase of your own, then go on."},
	},
	NotFound: {
		vi: text{"Không tìm thấy mục này ở đây. Không có gì thay đổi.",
			"Xem lại số hoặc từ cần tìm. Mục mới ghi ở máy khác có thể chưa về đến."},
		en: text{"This could not be found here. Nothing has changed.",
			"Check the number or the words. What was written on another computer may not have arrived yet."},
	},
	WrittenAnew: {
		vi: text{"Đã có người ghi lại bản ghi này thành bản ghi khác. Bản nháp của bạn còn nguyên.",
			"Mở lại bản nháp: những gì bạn đã gõ sẽ nằm trên bản ghi mới đó."},
		en: text{"Somebody has already written this record again as another one. Your draft is kept.",
			"Open the draft again: what you typed will stand over that new record."},
	},
	BadQuestion: {
		vi: text{"Chỉ tiêu này không có hoặc không chia được như vậy. Không có gì thay đổi.",
			"Chọn chỉ tiêu, kỳ, đơn vị hoặc cách chia khác."},
		en: text{"There is no such indicator, or it cannot be divided in this way. Nothing has changed.",
			"Choose another indicator, period, unit or division."},
	},
	OnlyTotals: {
		vi: text{"Tin báo, đơn thư của đơn vị khác chỉ xem được số tổng hợp. Không có gì thay đổi.",
			"Cần nội dung thì liên hệ đơn vị xử lý."},
		en: text{"Of the tips and petitions of other units only totals are shown. Nothing has changed.",
			"For what they say, contact the unit that handles them."},
	},
	Internal: {
		vi: text{"Chương trình gặp điều chưa lường trước và đã dừng bước này. Những gì đã lưu không bị xóa.",
			"Làm lại bước này. Nếu vẫn vậy, gọi hỗ trợ và đọc mã."},
		en: text{"The program met something it was not prepared for and stopped this step. Nothing that was saved is deleted.",
			"Try this step again. If it happens again, call support and read out the code."},
	},
}
