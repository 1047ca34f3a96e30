package design

import "testing"

// A fault is told with the names that its nodes have for people.
func TestSentence(t *testing.T) {
	name := func(node string) string { return map[string]string{"pay": "the bank"}[node] }
	for text, want := range map[string][2]string{
		"crash pay":            {"pay crashes", "the bank crashes"},
		"slow pay factor=5":    {"pay works 5 times slower", "the bank works 5 times slower"},
		"crash pay instance=2": {"instance 2 of pay crashes", "instance 2 of the bank crashes"},
		"cut shop->pay":        {"links cut: shop -> pay", "links cut: shop -> the bank"},
		"errors shop rate=20%": {"20% of the tasks of shop fail", "20% of the tasks of shop fail"},
	} {
		f, err := ParseFault(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]string{f.Sentence(nil, nil), f.Sentence(nil, name)}; got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// A parameter is told by its element, as the picture calls it, its handler and its key.
func TestPathWords(t *testing.T) {
	name := func(node string) string { return map[string]string{"pay": "the bank", "bus": "the post"}[node] }
	for path, want := range map[string]string{
		"service.pay.workers":             "the bank: workers",
		"service.shop.on.buy.call:pay.x":  "shop · buy: call:pay.x",
		"service.pay.on.charge.work.mean": "the bank · charge: work.mean",
		"link.shop->pay.latency":          "shop -> the bank: latency",
		"link.default.loss":               "default: loss",
		"queue.bus/jobs.max_length":       "the post/jobs: max_length",
		"load.users.rate":                 "users: rate",
		"odd":                             "odd",
	} {
		if got := PathWords(path, name); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}
