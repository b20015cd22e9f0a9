package prose

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"vaern/internal/pdf"
)

func TestMarkdownBecomesHTML(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"headings are shifted and named": {"# Mål og åer\n\n## Mål og åer\n\n###### X", `<h2 id="s-maal-og-aaer">Mål og åer</h2>
<h3 id="s-maal-og-aaer--2">Mål og åer</h3>
<h6 id="s-x">X</h6>`},
		"a heading without letters has an id":  {"# §", `<h2 id="s-">§</h2>`},
		"emphasis and code":                    {"a *b* **c** ***d*** `e<f`", "<p>a <em>b</em> <strong>c</strong> <strong><em>d</em></strong> <code>e&lt;f</code></p>"},
		"a link outside tells nothing":         {"[ud](https://a.dk/?b=1&c=2)", `<p><a href="https://a.dk/?b=1&amp;c=2" rel="noopener noreferrer">ud</a></p>`},
		"a link inside is bare":                {"[ind](/documents/7) [mail](mailto:a@b.dk)", `<p><a href="/documents/7">ind</a> <a href="mailto:a@b.dk">mail</a></p>`},
		"a link to a heading finds it":         {"[mål](#Mål) [mål](#m%C3%A5l)", `<p><a href="#s-maal">mål</a> <a href="#s-maal">mål</a></p>`},
		"an address in the text is a link":     {"se https://a.dk/b.", `<p>se <a href="https://a.dk/b" rel="noopener noreferrer">https://a.dk/b</a>.</p>`},
		"a link with emphasis is one link":     {"[a *b*](/c)", `<p><a href="/c">a <em>b</em></a></p>`},
		"a picture is its description":         {"![et kort](https://a.dk/spor.png)", "<p>et kort</p>"},
		"a tight list has no paragraphs":       {"- a\n  - b\n- c", "<ul>\n<li>a<ul>\n<li>b</li>\n</ul>\n</li>\n<li>c</li>\n</ul>"},
		"an ordered list keeps its start":      {"3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>"},
		"an item of two paragraphs keeps them": {"- a\n\n  b", "<ul>\n<li><p>a</p>\n<p>b</p>\n</li>\n</ul>"},
		"a table has scopes and a frame": {"|A|B|\n|-|-|\n|1|a\\|b|", `<div class="table" tabindex="0"><table>
<thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>
<tbody>
<tr><td>1</td><td>a|b</td></tr>
</tbody></table></div>`},
		"a quote":                          {"> a\n> b", "<blockquote>\n<p>a b</p>\n</blockquote>"},
		"code stands as written":           {"```\n<b> &amp;\n```", "<pre><code>&lt;b&gt; &amp;amp;\n</code></pre>"},
		"a hard break and a rule":          {"a  \nb\n\n---", "<p>a<br>\nb</p>\n<hr>"},
		"escapes and entities are read":    {`\*a\* &aelig; &lt;b&gt; &amp;amp; &x; & \&amp;`, "<p>*a* æ &lt;b&gt; &amp;amp; &amp;x; &amp; &amp;amp;</p>"},
		"raw HTML is left out":             {"a <b onclick=x>b</b>\n\n<div>c</div>\n\n<!-- d -->\n\ne", "<p>a b</p>\n<p>e</p>"},
		"a placeholder of words is no tag": {"<navn på ejer>", "<p>&lt;navn på ejer&gt;</p>"},
		"nothing":                          {"", ""},
	} {
		if got := strings.TrimSpace(string(HTML(c.in))); got != c.want {
			t.Errorf("%s: %q\ngot  %s\nwant %s", name, c.in, got, c.want)
		}
	}
}

func TestUnsafeAddressesAreNoLinks(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", "javascript&colon;alert(1)", "javascript&#58;alert(1)", "&#106;avascript:alert(1)",
		"java&#x09;script:alert(1)", "java&Tab;script:alert(1)", "&#1;javascript:alert(1)", "<java\tscript:alert(1)>", `javascript\:alert(1)`,
		"< javascript:alert(1)>", "data:text/html;base64,PHNjcmlwdD4=", "vbscript:x", "file:///etc/passwd", "blob:https://a.dk/1",
		"//evil.example", `/\evil.example`, `\\evil.example`, "http:evil.example", "https:/evil.example", "mailto:", "ftp://a.dk", "%6aavascript:alert(1)",
	} {
		for _, in := range []string{"[x](" + address + ")", "[x]: " + address + "\n\n[x]", "<" + address + ">", "![x](" + address + ")"} {
			got := string(HTML(in))
			inspect(t, in, got)
			if strings.Contains(got, "<a ") {
				t.Errorf("%q: %s", in, got)
			}
		}
	}
}

func TestHostileTextHoldsNoMarkup(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		"<script>alert(1)</script>", "a <script>alert(1)</script> b", "<ScRiPt\n>alert(1)", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
		"`<script>`", "    <script>alert(1)</script>", "```x\" onload=\"alert(1)\n```", "# <script>x</script> {onclick=alert(1)}",
		`[x](https://a.dk/"onmouseover="alert(1))`, `[x](/a "t\" onclick=\"x")`, "<https://a.dk/\"onclick=alert(1)>", `[x](/'"><script>alert(1)</script>)`,
		"|<script>|b|\n|-|-|\n|\" onclick=x|`<script>`|", "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;", "<!--><script>-->", "<![CDATA[<script>]]>",
		"\x00<script>", "\xff<script>\xfe", "[x]: /a '\n\"><script>'\n\n[x]", "<a href=javascript:alert(1)>x</a>", "[<script>](#<script>)",
	} {
		inspect(t, in, string(HTML(in)))
	}
}

// inspect parses a page as a browser does and fails on all that prose may not write.
func inspect(t *testing.T, in, out string) {
	t.Helper()
	tree, err := html.Parse(strings.NewReader(out))
	if err != nil {
		t.Fatalf("%.200q: %v", in, err)
	}
	allowed := map[string]string{"a": "href rel", "ol": "start", "div": "class tabindex", "th": "scope",
		"h2": "id", "h3": "id", "h4": "id", "h5": "id", "h6": "id"}
	bare := " html head body p ul li blockquote pre code hr br em strong table thead tbody tr td "
	for n := range tree.Descendants() {
		if n.Type == html.CommentNode {
			t.Fatalf("%.200q: a comment", in)
		}
		if n.Type != html.ElementNode {
			continue
		}
		attrs, ok := allowed[n.Data]
		if !ok && !strings.Contains(bare, " "+n.Data+" ") {
			t.Fatalf("%.200q: element %s in %.300q", in, n.Data, out)
		}
		for _, a := range n.Attr {
			if !strings.Contains(" "+attrs+" ", " "+a.Key+" ") {
				t.Fatalf("%.200q: attribute %s=%q of %s", in, a.Key, a.Val, n.Data)
			}
			if a.Key == "href" && !safe(a.Val) {
				t.Fatalf("%.200q: leads to %q", in, a.Val)
			}
		}
	}
}

// safe is a second opinion on addresses: what a browser does with one, in few words.
func safe(href string) bool {
	bare := strings.Map(func(r rune) rune {
		if r <= ' ' {
			return -1
		}
		return r
	}, strings.ToLower(href))
	if strings.HasPrefix(bare, "http://") || strings.HasPrefix(bare, "https://") || strings.HasPrefix(bare, "mailto:") {
		return true
	}
	scheme, _, found := strings.Cut(bare, ":")
	return (!found || strings.ContainsAny(scheme, "/?#")) && !strings.HasPrefix(bare, "//") && !strings.HasPrefix(bare, `/\`)
}

// pathological is text made to take long.
var pathological = map[string]string{
	"quotes in one line":   strings.Repeat(">", 10_000) + "a",
	"quotes then lines":    strings.Repeat("> ", 10_000) + "a\n" + strings.Repeat("a\n", 100_000),
	"quotes on every line": strings.Repeat(strings.Repeat(">", 1000)+"a\n", 500),
	"lists in one line":    strings.Repeat("- ", 10_000) + "a",
	"lists deeper and deeper": func() string {
		var b strings.Builder
		for i := range 1000 {
			b.WriteString(strings.Repeat("  ", i) + "- a\n")
		}
		return b.String()
	}(),
	"brackets":           strings.Repeat("[", 500_000),
	"brackets both ways": strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000),
	"links begun":        strings.Repeat("[a](", 120_000),
	"links with titles":  strings.Repeat(`[a](b "`, 20_000),
	"pictures":           strings.Repeat("![", 20_000) + strings.Repeat("](a)", 20_000),
	"stars":              strings.Repeat("*a ", 20_000) + strings.Repeat(" a*", 20_000),
	"stars and lines":    strings.Repeat("*a _a ", 20_000),
	"stars in pairs":     strings.Repeat("a**b", 20_000) + strings.Repeat("c* ", 20_000),
	"backticks": func() string {
		var b strings.Builder
		for i := range 600 {
			b.WriteString("e" + strings.Repeat("`", i))
		}
		return b.String()
	}(),
	"tags begun":             strings.Repeat("<a ", 20_000),
	"comments begun":         strings.Repeat("<!-- ", 20_000),
	"instructions begun":     strings.Repeat("<?", 20_000),
	"entities":               strings.Repeat("&", 100_000),
	"references":             strings.Repeat("[a]: b\n", 20_000) + strings.Repeat("[a] ", 20_000),
	"a wide table":           strings.Repeat("|a", 2000) + "|\n" + strings.Repeat("|-", 2000) + "|\n" + strings.Repeat("|b\n", 2000),
	"addresses":              strings.Repeat("https://a.", 20_000),
	"mails":                  strings.Repeat("a@", 30_000),
	"letters":                strings.Repeat("a.a-", 100_000),
	"one heading many times": strings.Repeat("# a\n", 50_000),
	"one address often":      "[a]: https://a.dk/" + strings.Repeat("x", 100_000) + "\n\n" + strings.Repeat("[a]\n\n", 50_000),
	"links begun in parts":   strings.Repeat(strings.Repeat("[a](", marks)+"\n\n", 80),
	"tables in parts":        strings.Repeat(strings.Repeat("|a", 200)+"|\n"+strings.Repeat("|-", 200)+"|\n"+strings.Repeat("|b\n", 200)+"\n", 300),
	"items":                  strings.Repeat("- a\n", 100_000),
	"paragraphs":             strings.Repeat("a\n\n", 150_000),
	"very long":              strings.Repeat("Ord og *mere*. ", 200_000),
}

func TestNoTextTakesLong(t *testing.T) {
	for name, in := range pathological {
		begin := time.Now()
		out := string(HTML(in))
		if took := time.Since(begin); took > 20*time.Second {
			t.Errorf("%s: %v for %d bytes", name, took.Round(time.Millisecond), len(in))
		} else {
			t.Logf("%s: %v for %d bytes", name, took.Round(time.Millisecond), len(in))
		}
		if len(out) < 200_000 { // the parser of the test has limits of its own
			inspect(t, name, out)
		}
	}
}

func TestTextBeyondTheBoundsIsShownAsWritten(t *testing.T) {
	t.Parallel()
	row := "|" + strings.Repeat("a|", 20) + "\n"
	for name, c := range map[string]struct {
		in   string
		want bool
	}{
		"a long handbook":                {strings.Repeat("## Regel\n\nOrd med [henvisning](/a) og *vægt*.\n\n", 10_000), false},
		"a long list of links":           {strings.Repeat("- [a](/b)\n", marks), false},
		"a long table":                   {row + "|" + strings.Repeat("-|", 20) + "\n" + strings.Repeat(row, 5000), false},
		"more than can be read":          {strings.Repeat("a", longest+1), true},
		"a paragraph of brackets":        {strings.Repeat("[", marks+1), true},
		"a table of cells not written":   {strings.Repeat("|a", 1000) + "|\n" + strings.Repeat("|b\n", 300), true},
		"many tables of unwritten cells": {strings.Repeat(strings.Repeat("|a", 100)+"\n"+strings.Repeat("|b\n", 100)+"\n", 30), true},
	} {
		if got := beyond(c.in); got != c.want {
			t.Errorf("%s: beyond %v", name, got)
		}
		if got := Plain(c.in); c.want && got != strings.TrimRight(c.in, "\n") {
			t.Errorf("%s: words were lost", name)
		}
	}
}

func TestMarkdownBecomesPDF(t *testing.T) {
	t.Parallel()
	doc := pdf.New(pdf.Meta{Title: "T", Created: "2026-03-02T09:00:00Z"})
	doc.Heading(1, "T")
	PDF(doc, "# Mål\n\nEt *to* [tre](https://a.dk).\n\n1. a\n\n|A|\n|-|\n|1|\n\n> q")
	file, err := doc.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"/S /H2", "/S /P", "/S /Link", "/URI (https://a.dk)", "/ListNumbering /Decimal", "/S /LBody", "/S /TH ", "/S /TD", "/S /BlockQuote"} {
		if !bytes.Contains(file, []byte(want)) {
			t.Errorf("the file lacks %s", want)
		}
	}
}

func TestPlainIsTheWordsAlone(t *testing.T) {
	t.Parallel()
	in := "# Mål\n\nEt **to** [tre](/x)  \nfire.\n\n- a\n  1. b\n- c\n-\n\n> q\n\n|A|B|\n|-|-|\n|1|2|\n\n<script>x</script>\n\n```\ny\nz\n```"
	want := "Mål\n\nEt to tre\nfire.\n\n- a\n  1. b\n- c\n- \n\nq\n\nA\tB\n1\t2\n\ny\nz"
	if got := Plain(in); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func FuzzHTML(f *testing.F) {
	for _, seed := range []string{
		"# a\n\n[x](javascript:alert(1))", "<script>x</script>", "|a|b|\n|-|-|\n|1|2|", "- a\n  > b", "`a` *b* **c** <https://a.dk>",
		"[x]: /y\n\n[x]", "java&#x09;script:", "![a](b)", "1. x\n\n   y", "a@b.dk https://c.dk",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		inspect(t, in, string(HTML(in)))
		Plain(in)
	})
}

func BenchmarkHTML(b *testing.B) {
	in := strings.Repeat("## Afsnit\n\nKommunen passer på **oplysninger**, se [regler](/documents/1).\n\n- et\n- to\n\n|A|B|\n|-|-|\n|1|2|\n\n", 200)
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		HTML(in)
	}
}
