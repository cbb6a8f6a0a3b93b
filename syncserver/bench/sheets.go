package main

import (
	"context"
	"fmt"
	"strconv"

	"banlang/syncserver/xlsform"
)

// Forms that are hard to fill in, as staff would write them.

// marketRows is how many goods are on the market of marketForm.
const marketRows = 1000

// marketForm is a list of goods with prices: calculations in each row, a question that depends on one, and sums over all.
// If it is across, each row also shows its share of the sum and the amount of the row before, so that one price is seen by
// all rows.
func marketForm(ctx context.Context, across bool) ([]byte, error) {
	rows := [][]string{
		{"type", "name", "label", "calculation", "relevant", "constraint", "default", "repeat_count"},
		{"begin repeat", "row", "Mặt hàng", "", "", "", "", strconv.Itoa(marketRows)},
		{"text", "item", "Tên", "", "", "", "gạo"},
		{"decimal", "price", "Giá", "", "", ". >= 0", "3"},
		{"integer", "number", "Số lượng", "", "", "", "2"},
		{"calculate", "amount", "", "${price} * ${number}"},
		{"calculate", "place", "", "position(..)"},
		{"text", "note", "Ghi chú", "", "${amount} > 10"},
	}
	if across {
		rows = append(rows, []string{"calculate", "share", "", "if(${total} > 0, round(${amount} div ${total} * 100, 1), 0)"},
			[]string{"calculate", "before", "", "/data/row[position() = position(current()/..) - 1]/amount"})
	}
	return converted(ctx, append(rows, [][]string{
		{"end repeat"},
		{"calculate", "total", "", "sum(${amount})"},
		{"calculate", "most", "", "max(${amount})"},
		{"calculate", "rows", "", "count(${row})"},
	}...), nil)
}

// longQuestions is how many questions longForm has, in groups of longGroup.
const longQuestions, longGroup = 600, 20

// longForm has many questions in two languages, required and limited, a third of them with choices; all of a group depend
// on its first.
func longForm(ctx context.Context) ([]byte, error) {
	rows := [][]string{{"type", "name", "label::Tiếng Việt (vi)", "label::English (en)", "relevant", "constraint",
		"constraint_message::Tiếng Việt (vi)", "constraint_message::English (en)", "required"}}
	for i := range longQuestions {
		first := i / longGroup * longGroup
		relevant := fmt.Sprintf("${q%d} != 'khong'", first)
		if i == first {
			rows = append(rows, []string{"begin group", fmt.Sprint("g", i), fmt.Sprint("Phần ", i/longGroup), fmt.Sprint("Part ", i/longGroup)})
			relevant = ""
		}
		kind := "text"
		if i%3 == 0 || i == first {
			kind = "select_one co_khong"
		}
		rows = append(rows, []string{kind, fmt.Sprint("q", i), fmt.Sprint("Câu hỏi số ", i), fmt.Sprint("Question number ", i), relevant,
			"string-length(.) < 100", "Quá dài", "Too long", "yes"})
		if i%longGroup == longGroup-1 {
			rows = append(rows, []string{"end group"})
		}
	}
	return converted(ctx, rows, [][]string{{"list_name", "name", "label::Tiếng Việt (vi)", "label::English (en)"},
		{"co_khong", "co", "Có", "Yes"}, {"co_khong", "khong", "Không", "No"}})
}

func converted(ctx context.Context, survey, choices [][]string) ([]byte, error) {
	f, err := xlsform.ConvertSheets(ctx, []xlsform.Sheet{xlsform.NewSheet("survey", survey), xlsform.NewSheet("choices", choices)}, xlsform.Options{})
	if err != nil {
		return nil, err
	}
	return f.XML, nil
}
