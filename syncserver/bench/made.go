package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
)

// Records for where the yardstick is not: of its shape, made from a seed.

var (
	madeWords = strings.Fields("nước lũ dâng cao nhà dân ngập sâu đường vào thôn bị chia cắt hộ gia đình cần hỗ trợ gạo thuốc men người già trẻ em đã được sơ tán" +
		" trường học trạm y tế xã cán bộ kiểm tra ghi nhận tình hình ổn định giếng hỏng máy bơm màu vàng đục lấy mẫu gửi kết quả sau tuần đàn bò lợn gà tiêm phòng" +
		" chuồng trại vệ sinh lúa đông xuân trổ đòng rầy nâu mật độ phun lần hai giảm rõ rệt diện tích năng suất dự kiến thấp hơn năm trước sạt lở taluy")
	madePlaces = strings.Fields("Đông Tây Nam Bắc Thượng Hạ Trung Tân Phú Hải Vĩnh An Lộc Thạch Cam Triệu Gio Linh")
)

// writeRecords writes n records to <base>.jsonl, and one edit for every fifth to <base>.edits.jsonl.
func writeRecords(base string, n int) error {
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	var refs []map[string]any
	for form, f := range known {
		var counts, choices []string
		for _, x := range f.Fields {
			if k, ok := strings.CutPrefix(x.Key, "counts."); ok {
				counts = append(counts, k)
			} else if k, ok := strings.CutPrefix(x.Key, "sel."); ok {
				choices = append(choices, k)
			}
		}
		refs = append(refs, map[string]any{"form": form.ID, "counts": counts, "sel": choices})
	}
	records, err1 := os.Create(base + ".jsonl")
	edits, err2 := os.Create(base + ".edits.jsonl")
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	out, changes := bufio.NewWriter(records), bufio.NewWriter(edits)
	for i := range n {
		x := madeRecord(rng, refs[rng.IntN(len(refs))], i)
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

func madeRecord(rng *rand.Rand, form map[string]any, i int) map[string]any {
	counts, sel := map[string]int{}, map[string]string{}
	for _, k := range form["counts"].([]string) {
		counts[k] = rng.IntN(24)
	}
	codes := answers()
	for _, k := range form["sel"].([]string) {
		sel[k] = codes[rng.IntN(len(codes))].Code
	}
	place := func() string { return madePlaces[rng.IntN(len(madePlaces))] }
	return map[string]any{"id": fmt.Sprintf("%08x-0000-7000-8000-%012x", i, rng.Int64N(1<<48)), "form": form["form"],
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
