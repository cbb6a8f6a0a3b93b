package keyfile

import (
	"fmt"

	"banlang/shared/fault"
	"banlang/shared/passphrase"
)

// The shortest passphrases, in letters: beside the machine's secret, and where nothing else protects the slot.
const (
	MinLength      = 12
	MinLengthAlone = 16
)

// Advice is what stands under the field for a new passphrase; alone says that the machine has no key store.
func Advice(lang fault.Lang, alone bool) string {
	n := MinLength
	if alone {
		n = MinLengthAlone
	}
	if lang == fault.English {
		return fmt.Sprintf("At least %d letters. Four words that have nothing to do with each other are easy to remember and hard to guess. "+
			"Accents and spaces count. No names, no dates, nothing that is written down elsewhere.", n)
	}
	return fmt.Sprintf("Ít nhất %d chữ. Bốn từ không liên quan nhau thì dễ nhớ mà khó đoán. "+
		"Có dấu và khoảng trắng cũng được. Không dùng tên, ngày sinh, hay chữ đã ghi ở nơi khác.", n)
}

// checkStrength refuses with fault.WeakPassphrase what is guessed easily, names of the officer left out.
func checkStrength(text string, o Officer, alone bool) error {
	least := MinLength
	if alone {
		least = MinLengthAlone
	}
	return passphrase.Check(text, least, o.Name, o.ID)
}
