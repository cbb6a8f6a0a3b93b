package command

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestGuides: every command that README, the guides and the units of systemd show is one, with flags that it has.
func TestGuides(t *testing.T) {
	shown := regexp.MustCompile("(?m)(?:^|`|ExecStart=/usr/local/)(?:bin/)?syncserver ([^`#\n]+)")
	flags := regexp.MustCompile(`--[a-z-]+`)
	found := 0
	for _, name := range []string{"README.md", "docs/admin.md", "docs/quan-tri.md", "desktop/packaging/linux/banlang-syncserver.service",
		"desktop/packaging/linux/banlang-backup.service", "desktop/packaging/linux/banlang-drill.service"} {
		text, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range shown.FindAllStringSubmatch(string(text), -1) {
			words := strings.Fields(m[1])
			usage := ""
			for _, v := range verbs() {
				if v.name == words[0] {
					usage += " " + v.args
				}
			}
			if usage == "" && words[0] != "help" {
				t.Errorf("%s shows syncserver %s, which is no command", name, m[1])
			}
			for _, f := range flags.FindAllString(m[1], -1) {
				if !slices.Contains(flags.FindAllString(usage, -1), f) {
					t.Errorf("%s shows %s of syncserver %s, which it has not", name, f, words[0])
				}
			}
			found++
		}
	}
	if found < 40 {
		t.Errorf("only %d commands were found: the test looks for the wrong thing", found)
	}
}

// TestGuidesAreAlike: both guides show the same commands in the same order, but for the names of files.
func TestGuidesAreAlike(t *testing.T) {
	shown := regexp.MustCompile("(?m)(?:^|`)(?:syncserver|systemctl|install|adduser) [a-z]+")
	var both [2][]string
	for i, name := range []string{"admin.md", "quan-tri.md"} {
		text, err := os.ReadFile("../../docs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		both[i] = shown.FindAllString(string(text), -1)
	}
	if len(both[0]) < 20 || !slices.Equal(both[0], both[1]) {
		t.Errorf("in English %v\nin Vietnamese %v", both[0], both[1])
	}
}
