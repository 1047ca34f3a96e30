package draw

// Unit is what a number counts. Values are kept in the base unit: seconds, per second, bytes, bytes per second.
type Unit uint8

// The units. Ratio is a share written as a percentage; None a plain number.
const (
	None Unit = iota
	Seconds
	PerSecond
	Bytes
	BytesPerSecond
	Ratio
)

// Quantity is a number with its unit.
type Quantity struct {
	Value float64
	Unit  Unit
}

// ParseQuantity reads one number with its unit.
func ParseQuantity(s string) (Quantity, error) { return Quantity{}, &ExprError{Msg: "not yet"} }

// FormatDuration …
func FormatDuration(seconds float64) string { return "" }

// FormatQuantity …
func FormatQuantity(v float64, u Unit) string { return "" }

func levelName(level float64) string { return "p" }
