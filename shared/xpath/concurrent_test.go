package xpath

import (
	"sync"
	"testing"
)

func TestOneExpressionServesManyAtOnce(t *testing.T) {
	root := tree(t, visit)
	x := MustCompile("join(' ', instance('prices')/root/item[selected(/data/needs, name) and regex(name, '[a-z]+')]/label)")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			env := testEnv()
			for range 200 {
				if s, err := x.EvaluateString(env, root); s != "Gạo Nước Lều" || err != nil {
					t.Error(s, err)
					return
				}
			}
		})
	}
	all.Wait()
}
