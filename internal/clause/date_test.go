package clause

import "testing"

func TestDatesAreReadInTheWaysPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"den 7. oktober 2023":             {"2023-10-07"},
		"7.oktober 2023":                  {"2023-10-07"},
		"d. 3. dec. 2021":                 {"2021-12-03"},
		"19-08-2022":                      {"2022-08-19"},
		"19.08.2022":                      {"2022-08-19"},
		"1/6 2022":                        {"2022-06-01"},
		"1/6-2022":                        {"2022-06-01"},
		"01.06.22":                        {"2022-06-01"},
		"2024-02-29":                      {"2024-02-29"},
		"October 7, 2023":                 {"2023-10-07"},
		"7th of October 2023":             {"2023-10-07"},
		"on the 1st of May, 2024":         {"2024-05-01"},
		"2. marts 2020 og igen 5/11 2021": {"2020-03-02", "2021-11-05"},
		"5/11 2021 og før det den 2. marts 2020":  {"2021-11-05", "2020-03-02"},
		"29. februar 2023 findes ikke":            nil,
		"afsnit 3.2 og 40-50 medarbejdere i 2022": nil,
		"version 3.14":                             nil,
		"12/31/2023 skrevet på amerikansk":         {"2023-12-31"},
		"telefon 12 34 56 78, lov nr. 434 af 2025": nil,
	} {
		var got []string
		for _, w := range dates(text) {
			got = append(got, w.date)
		}
		same(t, text, got, want)
	}
}
