package window

import (
	"strings"
	"testing"

	"asynclab/scenarios"
	"asynclab/scenarios/yamltree"
	"asynclab/sim/spell"
	"asynclab/ui/locale"
)

// What goes wrong by hand is said in the reader's language, with its hint.
func TestErrorInChinese(t *testing.T) {
	defer locale.Use("en")
	locale.Use("zh-Hans")
	err := spell.Advise(spell.Mistakef("there is a %s already", "pay"), spell.Textf("give it another name"))
	if got, want := Plain(err), "已经有 pay（给它换个名字）"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	_, err = scenarios.Parse(nil, "x.yaml", []byte("version: 1\nname: x\nrun: {duration: 1min}\nload: {users: {to: shop/order, arrivals: trace(\"a.csv\")}}\nservices: {shop: {on: {order: [reply]}}}\n"))
	ds, _ := err.(yamltree.Diagnostics)
	if got := Said(ds[0]); !strings.Contains(got, "这个场景没有可以读取的文件夹") {
		t.Errorf("%q", got)
	}
}
