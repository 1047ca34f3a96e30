package design

import "asynclab/sim/spec"

// Prices is a price list: what instances, messages and bytes cost. Without a currency
// there is none.
type Prices struct {
	Currency      string  // as it is written in reports: "USD"
	InstanceHour  float64 // of an instance of a service, whether it is up or down
	BrokerMillion float64 // of a million operations of a broker
	GB            float64 // of a billion bytes that a service or a broker sends
}

const maxPrice = 1e9

var pricesTable = spec.New(spec.Table{
	Name: "price list", Shared: true,
	Doc: "what a run costs: `run.cost` is the sum of `service.NAME.cost` and `broker.NAME.cost`, for the measured window; what loads send costs nothing. All designs of a scenario are priced in one currency",
	Fields: []spec.Field{
		{Key: "currency", Kind: spec.Text, Default: spec.Required, Doc: "how the money is called in reports: `USD`",
			At: spec.At(func(p *Prices) *string { return &p.Currency })},
		{Key: "instance_hour", Kind: spec.Number, Max: maxPrice, Default: spec.Of(0), Doc: "price of an hour of an instance of a service, whether it is up or down",
			At: spec.At(func(p *Prices) *float64 { return &p.InstanceHour })},
		{Key: "broker_million", Kind: spec.Number, Max: maxPrice, Default: spec.Of(0),
			Doc: "price of a million operations of a broker: messages published (once for all subscriptions of a topic), deliveries, and acknowledgements that settle one; `ack: automatic` sends none",
			At:  spec.At(func(p *Prices) *float64 { return &p.BrokerMillion })},
		{Key: "gb", Kind: spec.Number, Max: maxPrice, Default: spec.Of(0), Doc: "price of a billion bytes that a service or a broker sends",
			At: spec.At(func(p *Prices) *float64 { return &p.GB })},
	},
})

// ownPrice is the price of one element, instead of that of the price list. It is a
// parameter where it is written.
func ownPrice[T any](what string, price func(*T) *float64, has func(*T) *bool) spec.Field {
	return spec.Field{Key: "price", Kind: spec.Number, Max: maxPrice, Default: spec.Says("that of `prices`"), Doc: what,
		At: spec.At(price), Has: spec.At(has), Where: spec.When(func(t *T) bool { return *has(t) })}
}
