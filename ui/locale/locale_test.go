package locale

import (
	"sync"
	"testing"

	"fyne.io/fyne/v2/lang"
)

func TestUse(t *testing.T) {
	t.Cleanup(func() { Use("en") })
	for _, c := range []struct{ env, use, want string }{
		{"", "en", "en"},
		{"", "zh-Hans", "zh-Hans"},
		{"", "zh-CN", "zh-Hans"},
		{"", "zh", "zh-Hans"},
		{"", "fr", "en"},
		{"", "no such language", "en"},
		{"zh_CN.UTF-8", "", "zh-Hans"},
		{"zh_SG", "", "zh-Hans"},
		{"en_GB.UTF-8", "", "en"},
		{"pt_BR.UTF-8", "", "en"},
		{"C", "", "en"},
		{"", "", "en"},
		{"zh_CN.UTF-8", "en", "en"}, // what was chosen goes before what the system says
	} {
		t.Setenv("LC_ALL", c.env)
		t.Setenv("LC_MESSAGES", "")
		t.Setenv("LANG", "")
		t.Setenv("LANGUAGE", "")
		Use(c.use)
		if Current() != c.want {
			t.Errorf("Use(%q) with the system in %q: %q, want %q", c.use, c.env, Current(), c.want)
		}
	}
}

func TestSay(t *testing.T) {
	t.Cleanup(func() { Use("en") })
	for _, c := range []struct{ tag, lab, depth string }{
		{"en", "Lab", "messages waiting"},
		{"zh-Hans", "实验室", "等待中的消息数"},
	} {
		Use(c.tag)
		if got := T("place.lab"); got != c.lab {
			t.Errorf("%s: %q, want %q", c.tag, got, c.lab)
		}
		if got := T("no.such-id", 7); got != "no.such-id" {
			t.Errorf("%s: an id without a text became %q", c.tag, got)
		}
		if got := T("compare.one-design"); got == "" || got == "compare.one-design" {
			t.Errorf("%s: %q", c.tag, got)
		}
		if got := Word("no.such-id", "as declared, 5%"); got != "as declared, 5%" {
			t.Errorf("%s: a text without a translation became %q", c.tag, got)
		}
		if got := Word("metric.queue.depth", "messages waiting"); got != c.depth {
			t.Errorf("%s: %q, want %q", c.tag, got, c.depth)
		}
	}
}

// TestToolkit holds that Fyne's own words follow, whatever the system speaks.
func TestToolkit(t *testing.T) {
	t.Cleanup(func() { Use("en") })
	for _, env := range []string{"", "de_AT.UTF-8", "zh_CN.UTF-8", "en_US.UTF-8"} {
		t.Setenv("LC_ALL", env)
		for _, c := range []struct{ tag, cancel, name string }{
			{"zh-Hans", "取消", "文件名"}, {"en", "Cancel", "Name"}, {"zh-Hans", "取消", "文件名"},
		} {
			Use(c.tag)
			if got := lang.L("Cancel"); got != c.cancel {
				t.Errorf("system %q, lab %s: the toolkit says %q", env, c.tag, got)
			}
			if got := lang.X("file.name", "Name"); got != c.name {
				t.Errorf("system %q, lab %s: the toolkit says %q", env, c.tag, got)
			}
		}
	}
}

func TestUseWhileSpeaking(t *testing.T) {
	t.Cleanup(func() { Use("en") })
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 1000 {
				if got := T("place.lab"); got != "Lab" && got != "实验室" {
					t.Errorf("half a language: %q", got)
				}
			}
		})
	}
	for i := range 20 {
		Use(languages[i%2].Tag)
	}
	wg.Wait()
}
