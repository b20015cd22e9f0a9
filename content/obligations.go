package content

import (
	"fmt"
	"slices"
	"sync"
)

// Obligation is what a law or an authority demands, in our own words.
type Obligation struct {
	No, Title, Reference, Note string
	From, Until                string // days; "" has none
	Months                     int64  // how often it should be looked at; 0 is once a year
	Themes                     []string
}

var obligations = sync.OnceValue(func() []Obligation {
	all, err := parseObligations(read("obligations.yaml"))
	if err != nil {
		panic(err)
	}
	return all
})

// Obligations returns them in the order of their numbers.
func Obligations() []Obligation { return slices.Clone(obligations()) }

func parseObligations(data []byte) ([]Obligation, error) {
	var f struct {
		Obligations []struct {
			No, Title, Reference, Note, From, Until string
			Months                                  int64
			Themes                                  []string
		}
	}
	if err := decode("obligations.yaml", data, &f); err != nil {
		return nil, err
	}
	var all []Obligation
	for _, o := range f.Obligations {
		if n := len(all); n > 0 && o.No <= all[n-1].No {
			return nil, fmt.Errorf("obligations.yaml: %s stands after %s", o.No, all[n-1].No)
		}
		if o.Months == 0 {
			o.Months = 12
		}
		all = append(all, Obligation{o.No, o.Title, o.Reference, o.Note, o.From, o.Until, o.Months, o.Themes})
	}
	return all, nil
}
