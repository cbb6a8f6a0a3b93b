package xlsform

// What may be wrong with entities.
const (
	EntityHeader        Code = "entity_header"
	EntityNoName        Code = "entity_no_name"
	EntityTwice         Code = "entity_twice"
	EntityUnknown       Code = "entity_unknown"
	EntityNeedsLabel    Code = "entity_needs_label"
	EntityNeedsID       Code = "entity_needs_id"
	EntityNeedsUpdateIf Code = "entity_needs_update_if"
	EntityScope         Code = "entity_scope"   // refers to a question in another repeat
	EntityNoRoom        Code = "entity_no_room" // each group has room for one
	SaveWithoutEntities Code = "save_without_entities"
	SaveNeedsList       Code = "save_needs_list"
	SaveMarks           Code = "save_marks" // more than one #
	SaveGroup           Code = "save_group"
	SaveTwice           Code = "save_twice"
	SaveScope           Code = "save_scope" // from another repeat
)

var entityTexts = map[Code]texts{
	EntityHeader: {
		vi: text{"Trang entities không có cột “{header}”.", "Xem lại tên cột, hoặc xóa cột này."},
		en: text{"The sheet entities has no column “{header}”.", "Check its name, or remove it."},
	},
	EntityNoName: {
		vi: text{"Danh sách entities này chưa có tên.", "Điền cột list_name."},
		en: text{"This list of entities has no name.", "Fill in the column list_name."},
	},
	EntityTwice: {
		vi: text{"Danh sách “{list}” được khai báo hai lần.", "Gộp hai dòng thành một."},
		en: text{"The list “{list}” is declared twice.", "Make one row of the two."},
	},
	EntityUnknown: {
		vi: text{"Trang entities không có danh sách “{list}”.", "Xem lại tên trước dấu #."},
		en: text{"The sheet entities has no list “{list}”.", "Check the name before the #."},
	},
	EntityNeedsLabel: {
		vi: text{"Biểu mẫu tạo entity của “{list}” nhưng chưa có nhãn.", "Điền cột label, hoặc entity_id nếu chỉ cập nhật."},
		en: text{"The form creates entities of “{list}”, which have no label.", "Fill in label, or entity_id if it only updates."},
	},
	EntityNeedsID: {
		vi: text{"Có update_if cho “{list}” nhưng không có entity_id.", "Điền entity_id, hoặc chuyển sang create_if."},
		en: text{"There is an update_if for “{list}” and no entity_id.", "Fill in entity_id, or use create_if."},
	},
	EntityNeedsUpdateIf: {
		vi: text{"“{list}” có entity_id và create_if nhưng không có update_if.", "Điền update_if, hoặc xóa entity_id."},
		en: text{"“{list}” has entity_id and create_if, and no update_if.", "Fill in update_if, or clear entity_id."},
	},
	EntityScope: {
		vi: text{"“{list}” nhắc đến “{name}” ở {scope}, không cùng nhóm lặp với {other}.", "Dùng câu calculate để đưa giá trị vào cùng nhóm lặp."},
		en: text{"“{list}” refers to “{name}” in {scope}, which is not in the repeat of {other}.", "Copy the value into that repeat with a calculate."},
	},
	EntityNoRoom: {
		vi: text{"Không còn chỗ cho “{list}” trong {scope}: mỗi nhóm chỉ chứa một entity, và chỗ này đã dành cho dòng {row}.", "Đặt các câu hỏi của mỗi danh sách vào một nhóm riêng."},
		en: text{"There is no room for “{list}” in {scope}: each group takes one entity, and this one has that of row {row}.", "Put the questions of each list into a group of their own."},
	},
	SaveWithoutEntities: {
		vi: text{"Có save_to nhưng không có trang entities.", "Thêm trang entities, hoặc xóa ô này."},
		en: text{"There is a save_to and no sheet entities.", "Add the sheet entities, or clear the cell."},
	},
	SaveNeedsList: {
		vi: text{"Có nhiều danh sách entities nên save_to phải nói danh sách nào.", "Viết: danh_sách#thuộc_tính."},
		en: text{"There are several lists of entities: save_to must say which.", "Write: list#property."},
	},
	SaveMarks: {
		vi: text{"save_to chỉ có một dấu #.", "Viết: danh_sách#thuộc_tính."},
		en: text{"save_to may have one # only.", "Write: list#property."},
	},
	SaveGroup: {
		vi: text{"Nhóm không lưu vào entity được.", "Chuyển save_to sang một câu hỏi."},
		en: text{"A group cannot be saved to an entity.", "Move the save_to to a question."},
	},
	SaveTwice: {
		vi: text{"Thuộc tính “{name}” đã được lưu từ dòng {row}.", "Đổi tên một trong hai."},
		en: text{"The property “{name}” is saved from row {row} already.", "Change one of the two names."},
	},
	SaveScope: {
		vi: text{"“{list}” đã dùng ở {other}, không cùng nhóm lặp với {scope}.", "Dùng câu calculate để đưa giá trị vào cùng nhóm lặp."},
		en: text{"“{list}” is used in {other}, which is not in the repeat of {scope}.", "Copy the value into that repeat with a calculate."},
	},
}
