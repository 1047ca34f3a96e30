package check

import (
	"strings"
	"unicode"

	"asynclab/sim/design"
)

// maxCurrency bounds the name of a currency, in characters: it stands in sentences.
const maxCurrency = 12

// prices checks that prices have a currency, which can stand in a sentence.
func (c *checker) prices() {
	p := &c.d.Prices
	if p.Currency == "" {
		c.unpriced()
		return
	}
	odd := func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }
	if strings.ContainsFunc(p.Currency, odd) || len([]rune(p.Currency)) > maxCurrency {
		c.place = placeOf(kindDesign, 0)
		c.fail("prices.currency", "for example USD", "a currency is one word of at most %d characters", maxCurrency)
	}
}

// unpriced reports the prices of a design without a currency.
func (c *checker) unpriced() {
	d := c.d
	fail := func(has bool, path string, k elementKind, i int) {
		if has {
			c.place = placeOf(k, i)
			c.fail(path, "for example prices: {currency: USD, instance_hour: 0.10}", "a price needs the currency of a price list")
		}
	}
	fail(d.Prices != design.Prices{}, "prices", kindDesign, 0)
	for i := range d.Services {
		fail(d.Services[i].HasPrice, "service."+design.Named(d.Services[i].Name, i)+".price", kindService, i)
	}
	for i := range d.Brokers {
		fail(d.Brokers[i].HasPrice, "broker."+design.Named(d.Brokers[i].Name, i)+".price", kindBroker, i)
	}
	fail(d.Default.HasPrice, "link.default.price", kindLink, -1)
	for i := range d.Links {
		fail(d.Links[i].HasPrice, "link."+d.Links[i].From+"->"+d.Links[i].To+".price", kindLink, i)
	}
}
