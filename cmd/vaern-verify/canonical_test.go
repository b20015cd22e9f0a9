package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

func TestOnlyTheCanonicalTextOfAValueIsTaken(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want bool
	}{
		{`0`, true}, {`-0`, false}, {`00`, false}, {`7`, true}, {`-7`, true}, {`+7`, false}, {`7.0`, false}, {`07`, false}, {`-`, false},
		{`999999999999999`, true}, {`9007199254740992`, true}, {`9007199254740993`, false}, {`1000000000000000000000`, false},
		{`1e+21`, true}, {`1e21`, false}, {`1E+21`, false}, {`100000000000000000000`, true}, {`333333333.3333333`, true}, {`333333333.33333329`, false},
		{`0.000001`, true}, {`1e-6`, false}, {`1e-7`, true}, {`1e-07`, false}, {`9.5367431640625e-7`, true}, {`5e-324`, true}, {`1.7976931348623157e+308`, true},
		{`1e+309`, false}, {`0.5`, true}, {`.5`, false}, {`0.50`, false}, {`5e-1`, false}, {`0x10`, false}, {`NaN`, false}, {`Infinity`, false}, {`1_0`, false},
		{`"æøå €𝄞"`, true}, {`"\u00e6"`, false}, {`"\/"`, false}, {`"/"`, true}, {`"\n\t\b\f\r\"\\"`, true}, {`"\u000a"`, false},
		{`"\u000b\u0000\u001f"`, true}, {`"\u001F"`, false}, {`"\u000B"`, false}, {`"\u+01"`, false}, {`"\u0020"`, false}, {"\"\x7f\u2028\"", true}, {"\"\t\"", false}, {"\"\x00\"", false},
		{`"\ud834\udd1e"`, false}, {`"\"`, false}, {`"\u00"`, false}, {`"\x"`, false}, {`"`, false}, {`'a'`, false},
		{`{}`, true}, {`[]`, true}, {`[1,2]`, true}, {`[1, 2]`, false}, {`[1,]`, false}, {`[,1]`, false}, {`[`, false}, {`]`, false}, {`[1}`, false},
		{`{"a":1,"b":2}`, true}, {`{"b":1,"a":2}`, false}, {`{"a":1,"a":2}`, false}, {`{"":1,"":2}`, false}, {`{"":1,"a":2}`, true}, {`{"a":1,"":2}`, false}, {`{"a":1,}`, false}, {`{"a"}`, false}, {`{a:1}`, false}, {`{1:1}`, false},
		{`{"a":1,"ab":2}`, true}, {`{"ab":1,"a":2}`, false}, {`{"\n":1,"1":2}`, true}, {`{"1":1,"\n":2}`, false}, {`{"\"":1,"#":2}`, true}, {`{"#":1,"\\":2}`, true}, {`{"\\":1,"#":2}`, false}, {`{"\\":1,"\\":2}`, false},
		{"{\"\U0001d11e\":1,\"\uff61\":2}", true}, {"{\"\uff61\":1,\"\U0001d11e\":2}", false}, {"{\"\ud7ff\":1,\"\U0001d11e\":2}", true}, {"{\"\U0001d11e\":1,\"\ud7ff\":2}", false}, {"{\"\ue000\":1,\"\uff61\":2}", true},
		{`true`, true}, {`false`, true}, {`null`, true}, {`True`, false}, {`nul`, false}, {` 1`, false}, {`1 `, false}, {`1 2`, false},
		{strings.Repeat("[", 900) + strings.Repeat("]", 900), true}, {strings.Repeat("[", 5_000_000), false}, {strings.Repeat(`{"a":`, 2_000_000), false},
	} {
		if got := checkBody([]byte(`{"changes":[{"after":{"x":`+c.text+`},"before":null}],"reason":""}`), true) == nil; got != c.want {
			t.Errorf("%.60s: got %v, want %v", c.text, got, c.want)
		}
	}
}

func TestABodyHasThePublishedForm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		batch bool
		want  string // "" when it is taken
	}{
		{`{"after":null,"before":null,"reason":""}`, false, ""},
		{`{"after":{"id":"1"},"before":{},"reason":"æ"}`, false, ""},
		{`{"changes":[{"after":{"id":"1"},"before":null},{"after":null,"before":{"id":"2"}}],"reason":""}`, true, ""},
		{`{"changes":[],"reason":""}`, true, `should stand {"after":`},
		{`{"changes":[{"after":null,"before":null}`, true, "should stand ]"},
		{`{"changes":[{"after":null,"before":null,"more":1}],"reason":""}`, true, "should stand }"},
		{`{"changes":{},"reason":""}`, true, "should stand ["},
		{`{"after":[],"before":null,"reason":""}`, false, "should stand {"},
		{`{"after":null,"before":"x","reason":""}`, false, "should stand {"},
		{`{"after":null,"before":null,"reason":null}`, false, `should stand "`},
		{`{"after":null,"before":null}`, false, `should stand ,"reason":`},
		{`{"after":null,"reason":""}`, false, `should stand ,"before":`},
		{`{"after":null,"before":null,"more":1,"reason":""}`, false, `should stand ,"reason":`},
		{`{"after":null,"before":null,"reason":"","zone":1}`, false, "should stand }"},
		{`{"after":null,"before":null,"reason":""}{}`, false, "something follows its end"},
		{`{"before":null,"after":null,"reason":""}`, false, `at byte 0 should stand {"after":`},
		{`[]`, false, `should stand {"after":`},
		{``, false, `should stand {"after":`},
		{`{"after":{"login_secret":"x"},"before":null,"reason":""}`, false, `stands a secret column: "login_secret"`},
		{`{"changes":[{"after":{"login_secret":"x"},"before":null}],"reason":""}`, true, `stands a secret column: "login_secret"`},
		{`{"after":{"secret_login":"_secret"},"before":null,"reason":"_secret"}`, false, ""},
	} {
		err := checkBody([]byte(c.text), c.batch)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %q", c.text, err, c.want)
		}
	}
}

// FuzzCanonical holds the check against a reader and writer of JSON that share
// nothing with it: what is taken is exactly what is written as it was read.
func FuzzCanonical(f *testing.F) {
	for _, seed := range []string{
		`1`, `-0`, `1e+21`, `1e-7`, `"\u001f\n"`, `{"a":[1,2.5,null,true],"b":{}}`, `{"b":1,"a":2}`, "{\"\U0001d11e\":1,\"\uff61\":2}",
		`[9007199254740993]`, `"\ud834\udd1e"`, `{"\\":1,"]":2}`, `12345678901234567890`, `0.1`, `-1.5e-9`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		if !utf8.Valid(value) || bytes.Contains(value, []byte("_secret")) {
			return // leaves are UTF-8 before they come here
		}
		body := fmt.Appendf(nil, `{"changes":[{"after":{"x":%s},"before":null}],"reason":""}`, value)
		err := checkBody(body, true)
		again, ok := rewritten(body)
		if want := ok && bytes.Equal(again, body); (err == nil) != want {
			t.Errorf("%q: got %v, want taken: %v; RFC 8785 writes %q", body, err, want, again)
		}
	})
}

// rewritten reads JSON and writes it as RFC 8785 does. Bodies of another shape
// than one change and a reason are not ok.
func rewritten(text []byte) ([]byte, bool) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	var value any
	if decoder.Decode(&value) != nil {
		return nil, false
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, false
	}
	object, _ := value.(map[string]any)
	changes, _ := object["changes"].([]any)
	if _, ok := object["reason"].(string); !ok || len(object) != 2 || len(changes) != 1 {
		return nil, false
	}
	change, _ := changes[0].(map[string]any)
	if after, ok := change["after"].(map[string]any); !ok || change["before"] != nil || len(change) != 2 || len(after) != 1 {
		return nil, false
	}
	return canonical(nil, value), true
}

func canonical(b []byte, value any) []byte {
	switch v := value.(type) {
	case float64:
		if v == 0 {
			v = math.Abs(v) // encoding/json keeps the sign
		}
		text, _ := json.Marshal(v)
		return append(b, text...)
	case string:
		return quoted(b, v)
	case []any:
		b = append(b, '[')
		for i, x := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = canonical(b, x)
		}
		return append(b, ']')
	case map[string]any:
		var names []string
		for name := range v {
			names = append(names, name)
		}
		slices.SortFunc(names, func(a, b string) int {
			return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
		})
		b = append(b, '{')
		for i, name := range names {
			if i > 0 {
				b = append(b, ',')
			}
			b = canonical(append(quoted(b, name), ':'), v[name])
		}
		return append(b, '}')
	}
	return fmt.Append(b, jsonWord(value))
}

func jsonWord(value any) string {
	text, _ := json.Marshal(value)
	return string(text)
}

func quoted(b []byte, text string) []byte {
	short := map[rune]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`}
	b = append(b, '"')
	for _, r := range text {
		if s, ok := short[r]; ok {
			b = append(b, s...)
		} else if r < 0x20 {
			b = fmt.Appendf(b, `\u%04x`, r)
		} else {
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}
