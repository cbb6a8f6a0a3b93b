package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
)

// Records for where the yardstick is not: of its shape, made from a seed.

var (
	madeWords = strings.Fields("nước lũ dâng cao nhà dân ngập sâu đường vào thôn bị chia cắt hộ gia đình cần hỗ trợ gạo thuốc men người già trẻ em đã được sơ tán" +
		" trường học trạm y tế xã cán bộ kiểm tra ghi nhận tình hình ổn định giếng hỏng máy bơm màu vàng đục lấy mẫu gửi kết quả sau tuần đàn bò lợn gà tiêm phòng" +
		" chuồng trại vệ sinh lúa đông xuân trổ đòng rầy nâu mật độ phun lần hai giảm rõ rệt diện tích năng suất dự kiến thấp hơn năm trước sạt lở taluy")
	madePlaces = strings.Fields("Đông Tây Nam Bắc Thượng Hạ Trung Tân Phú Hải Vĩnh An Lộc Thạch Cam Triệu Gio Linh")
)

// madeForms are the record types of ../shared/bench/wl: what is counted in each, and what is chosen.
var madeForms = map[string]struct{ counts, chosen string }{
	"ho_dan":        {"so_nguoi so_nu tre_duoi_5 nguoi_gia so_phong", "nguon_nuoc nha_o nha_ve_sinh ho_ngheo"},
	"kham_suc_khoe": {"so_kham so_sot so_tieu_chay chuyen_vien", "trieu_chung thuoc ket_luan"},
	"thiet_hai_lu":  {"nha_sap nha_ngap ha_lua_mat gia_suc_chet ho_so_tan muc_nuoc_cm", "muc_do duong_vao cuu_tro dien"},
	"diem_nuoc":     {"ho_su_dung do_sau_m luu_luong_lph ph_x10", "loai_diem tinh_trang mau_nuoc mui"},
	"tiem_gia_suc":  {"bo trau lon ga da_tiem", "vac_xin phan_ung chuong_trai"},
	"truong_hoc":    {"hoc_sinh vang_mat giao_vien phong_hoc sach_thieu", "cap_hoc bua_an ve_sinh"},
	"gia_cho":       {"gao_te thit_lon rau_muong xang_e5 phan_dam", "cho xu_huong nguon_hang"},
	"sau_benh":      {"dien_tich_ha ho_bi_hai mat_do lan_phun thiet_hai_pt", "cay_trong loai_sau giai_doan bien_phap"},
}

var madeCodes = strings.Fields("co khong gieng_khoan gieng_dao nuoc_may song_suoi nhe trung_binh nang rat_nang tot hong can_sua tang giam on_dinh khac" +
	" khong_ro da_xong cho_xu_ly")

// writeRecords writes n records to <base>.jsonl, and one edit for every fifth to <base>.edits.jsonl.
func writeRecords(base string, n int) error {
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	forms := slices.Sorted(maps.Keys(madeForms))
	records, err1 := os.Create(base + ".jsonl")
	edits, err2 := os.Create(base + ".edits.jsonl")
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	out, changes := bufio.NewWriter(records), bufio.NewWriter(edits)
	for i := range n {
		x := madeRecord(rng, forms[rng.IntN(len(forms))], i)
		if err := json.NewEncoder(out).Encode(x); err != nil {
			return err
		}
		if i%5 == 0 {
			e := map[string]any{"id": x["id"], "field": "note", "value": madeNote(rng)}
			if err := json.NewEncoder(changes).Encode(e); err != nil {
				return err
			}
		}
	}
	return errors.Join(out.Flush(), changes.Flush(), records.Close(), edits.Close())
}

func madeRecord(rng *rand.Rand, form string, i int) map[string]any {
	counts, sel := map[string]int{}, map[string]string{}
	for _, k := range strings.Fields(madeForms[form].counts) {
		counts[k] = rng.IntN(24)
	}
	for _, k := range strings.Fields(madeForms[form].chosen) {
		sel[k] = madeCodes[rng.IntN(len(madeCodes))]
	}
	place := func() string { return madePlaces[rng.IntN(len(madePlaces))] }
	return map[string]any{"id": fmt.Sprintf("%08x-0000-7000-8000-%012x", i, rng.Int64N(1<<48)), "form": form,
		"village": fmt.Sprintf("Thôn %s %s, xã %s", place(), place(), place()), "date": fmt.Sprintf("2026-%02d-%02d", 1+rng.IntN(12), 1+rng.IntN(28)),
		"officer": "Nguyễn Văn " + place(), "counts": counts, "sel": sel, "note": madeNote(rng)}
}

func madeNote(rng *rand.Rand) string {
	words := make([]string, 60)
	for i := range words {
		words[i] = madeWords[rng.IntN(len(madeWords))]
	}
	return strings.Join(words, " ") + "."
}
