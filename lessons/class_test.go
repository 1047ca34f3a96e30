package lessons

import (
	"context"
	"strings"
	"testing"
)

// A class is counted by first tries; what is wrong and sure stands out.
func TestClass(t *testing.T) {
	s := shelf(t, nil)
	l := s[0].In("en")
	ended, err := l.Steps[0].Activities()[0].Run(context.Background(), l, nil)
	if err != nil {
		t.Fatal(err)
	}
	var class Class
	for _, c := range []struct {
		guess  float64
		sure   bool
		choice []int
	}{{40, true, []int{0, 1}}, {80, true, []int{1}}, {40, false, nil}, {200, true, []int{0}}} {
		p := &Progress{}
		player := NewPlayer(l, p.Of(l.ID, noon))
		if err := player.Predict(Guess{Choice: -1, Value: c.guess, Sure: c.sure}, noon); err != nil {
			t.Fatal(err)
		}
		player.Finished(ended, noon)
		if err := player.Next(noon); err != nil {
			t.Fatal(err)
		}
		for _, i := range c.choice {
			if _, err := player.Answer(i, noon); err != nil {
				t.Fatal(err)
			}
		}
		class = append(class, p)
	}
	class = append(class, &Progress{}) // who has not begun
	var got strings.Builder
	if err := class.CSV(&got, s); err != nil {
		t.Fatal(err)
	}
	const want = `lesson,step,what,option,right,students,chose,share,sure,sure share
shop-and-pay,round-trip,prediction,right,true,4,1,25.0%,1,25.0%
shop-and-pay,round-trip,prediction,wrong,false,4,3,75.0%,2,50.0%
shop-and-pay,who-waits,answer,a,false,3,2,66.7%,0,0.0%
shop-and-pay,who-waits,answer,b,true,3,1,33.3%,0,0.0%
`
	if got.String() != want {
		t.Errorf("got\n%s", got.String())
	}
}
