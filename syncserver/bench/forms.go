package main

import (
	"banlang/shared/form"
	"banlang/shared/record"
	"errors"
)

// forms judges the records of the yardstick as the product judges its own: by form.CheckValue, value by value.
type forms struct{}

var known = yardstickForms()

// Check implements hub.Forms.
func (forms) Check(c *record.Change) (reason string, ok bool) {
	f := known[c.Form]
	if f == nil {
		return "", false
	}
	for i := range c.Edits {
		e := &c.Edits[i]
		if record.IsSystem(e.Path) {
			continue
		}
		if err := f.CheckValue(e.Path, e.Value); err != nil {
			var p form.Problem
			errors.As(err, &p) // CheckValue gives nothing else
			return p.Rule, true
		}
	}
	return "", true
}

// yardstickForms are the record types of ../shared/bench/wl, with their fields.
func yardstickForms() map[record.FormRef]*form.Form {
	all := map[record.FormRef]*form.Form{}
	for _, t := range []struct {
		id             string
		counts, choose []string
	}{
		{"ho_dan", []string{"so_nguoi", "so_nu", "tre_duoi_5", "nguoi_gia", "so_phong"}, []string{"nguon_nuoc", "nha_o", "nha_ve_sinh", "ho_ngheo"}},
		{"kham_suc_khoe", []string{"so_kham", "so_sot", "so_tieu_chay", "chuyen_vien"}, []string{"trieu_chung", "thuoc", "ket_luan"}},
		{"thiet_hai_lu", []string{"nha_sap", "nha_ngap", "ha_lua_mat", "gia_suc_chet", "ho_so_tan", "muc_nuoc_cm"}, []string{"muc_do", "duong_vao", "cuu_tro", "dien"}},
		{"diem_nuoc", []string{"ho_su_dung", "do_sau_m", "luu_luong_lph", "ph_x10"}, []string{"loai_diem", "tinh_trang", "mau_nuoc", "mui"}},
		{"tiem_gia_suc", []string{"bo", "trau", "lon", "ga", "da_tiem"}, []string{"vac_xin", "phan_ung", "chuong_trai"}},
		{"truong_hoc", []string{"hoc_sinh", "vang_mat", "giao_vien", "phong_hoc", "sach_thieu"}, []string{"cap_hoc", "bua_an", "ve_sinh"}},
		{"gia_cho", []string{"gao_te", "thit_lon", "rau_muong", "xang_e5", "phan_dam"}, []string{"cho", "xu_huong", "nguon_hang"}},
		{"sau_benh", []string{"dien_tich_ha", "ho_bi_hai", "mat_do", "lan_phun", "thiet_hai_pt"}, []string{"cay_trong", "loai_sau", "giai_doan", "bien_phap"}},
	} {
		f := &form.Form{ID: t.id, Version: 1, Compartment: form.Ordinary, Fields: []form.Field{
			{Key: "village", Type: form.TypeText}, {Key: "date", Type: form.TypeDate}, {Key: "note", Type: form.TypeLongText}}}
		for _, k := range t.counts {
			f.Fields = append(f.Fields, form.Field{Key: "counts." + k, Type: form.TypeInt})
		}
		for _, k := range t.choose {
			f.Fields = append(f.Fields, form.Field{Key: "sel." + k, Type: form.TypeChoice, Options: answers()})
		}
		all[record.FormRef{ID: t.id, Version: 1}] = f
	}
	return all
}

func answers() (os []form.Option) {
	for _, code := range []string{"co", "khong", "gieng_khoan", "gieng_dao", "nuoc_may", "song_suoi", "nhe", "trung_binh", "nang", "rat_nang",
		"tot", "hong", "can_sua", "tang", "giam", "on_dinh", "khac", "khong_ro", "da_xong", "cho_xu_ly"} {
		os = append(os, form.Option{Code: code})
	}
	return os
}
