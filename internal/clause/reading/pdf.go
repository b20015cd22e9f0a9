package reading

import (
	"context"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	pdfium "github.com/klippa-app/go-pdfium"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/responses"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

const (
	mostPages  = 1000
	mostSigns  = 50_000 // on a page; a full one has 6,000
	mostMemory = 2048   // WebAssembly pages of 64 kB: 128 MB for the reader and the file in it
)

// inMemory keeps the compiled reader for the next PDF in the same process.
var inMemory = sync.OnceValue(wazero.NewCompilationCache)

// kept is where the compiled reader is kept: in a folder, or in memory where there is none. Compiling takes
// seconds and a third of a gigabyte, finding it again a moment.
func kept(folder string) (wazero.CompilationCache, error) {
	if folder == "" {
		return inMemory(), nil
	}
	return wazero.NewCompilationCacheWithDir(folder)
}

// readers are the readers of PDF in this process: one at a time, which sees no disk and has bounded memory.
func readers(folder string) (pdfium.Pool, error) {
	compiled, err := kept(folder)
	if err != nil {
		return nil, err
	}
	return webassembly.Init(webassembly.Config{
		Context: experimental.WithMemoryAllocator(context.Background(), experimental.MemoryAllocatorFunc(func(uint64, uint64) experimental.LinearMemory {
			return make(memory, mostMemory<<16)
		})),
		MinIdle: 0, MaxIdle: 1, MaxTotal: 1,
		FSConfig: wazero.NewFSConfig(), // the library's own choice would open the whole disk to the file's reader
		RuntimeConfig: wazero.NewRuntimeConfig().WithCompilationCache(compiled).WithMemoryLimitPages(mostMemory).
			WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling),
		Stdout: io.Discard, Stderr: io.Discard,
	})
}

// ReadPDF gives the text of a PDF in this process, with form feeds between pages, empty lines where the page has
// room, and margins as spaces. The compiled reader is kept in a folder, "" for none. The program calls it in a child.
func ReadPDF(data []byte, folder string) (string, error) {
	pool, err := readers(folder)
	if err != nil {
		return "", err
	}
	defer pool.Close()
	reader, err := pool.GetInstance(30 * time.Second)
	if err != nil {
		return "", err
	}
	defer reader.Close()
	doc, err := reader.OpenDocument(&requests.OpenDocument{File: &data})
	if err != nil {
		return "", openError(err)
	}
	pages, err := reader.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc.Document})
	if err != nil {
		return "", &Error{Damaged}
	}
	if pages.PageCount > mostPages {
		return "", &Error{TooLarge}
	}
	var text strings.Builder
	for i := range pages.PageCount {
		if i > 0 {
			text.WriteByte('\f')
		}
		page, err := pageText(reader, requests.Page{ByIndex: &requests.PageByIndex{Document: doc.Document, Index: i}})
		if err != nil {
			return "", err
		}
		text.WriteString(page)
		if text.Len() > mostText {
			return "", &Error{TooLarge}
		}
	}
	return text.String(), nil
}

// memory is all that the reader may have, from the beginning: the system gives what is used, and growing copies
// nothing.
type memory []byte

func (m memory) Reallocate(size uint64) []byte { return m[:size] } // nobody asks for more than mostMemory

func (memory) Free() {}

func openError(err error) error {
	if errors.Is(err, pdferrors.ErrPassword) || errors.Is(err, pdferrors.ErrSecurity) {
		return &Error{Encrypted}
	}
	return &Error{Damaged}
}

// row is a line of a page with where it stands, in points from the bottom left.
type row struct {
	text              strings.Builder
	left, top, bottom float64
	right             float64
	letters           int
}

func pageText(reader pdfium.Pdfium, page requests.Page) (string, error) {
	loaded, err := reader.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: page})
	if err != nil {
		return "", &Error{Damaged}
	}
	signs, err := reader.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: loaded.TextPage})
	if err == nil {
		_, err = reader.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: loaded.TextPage})
	}
	if err != nil {
		return "", &Error{Damaged}
	}
	if signs.Count > mostSigns {
		return "", &Error{TooLarge}
	}
	found, err := reader.GetPageTextStructured(&requests.GetPageTextStructured{
		Page: page, Mode: requests.GetPageTextStructuredModeChars,
	})
	if err != nil {
		return "", &Error{Damaged}
	}
	return layOut(rowsOf(found.Chars)), nil
}

// rowsOf parts the signs of a page at the line ends that the reader puts between them.
func rowsOf(chars []*responses.GetPageTextStructuredChar) []*row {
	var rows []*row
	var open *row
	for _, c := range chars {
		text := strings.Map(sign, c.Text)
		switch {
		case strings.ContainsAny(text, "\r\n"):
			open = nil
			continue
		case text == "":
			continue
		case open == nil:
			open = &row{left: math.Inf(1), bottom: math.Inf(1)}
			rows = append(rows, open)
		}
		open.text.WriteString(text)
		if at := c.PointPosition; at.Right > at.Left && strings.TrimSpace(text) != "" {
			open.left, open.right = min(open.left, at.Left), max(open.right, at.Right)
			open.top, open.bottom = max(open.top, at.Top), min(open.bottom, at.Bottom)
			open.letters++
		}
	}
	return slices.DeleteFunc(rows, func(r *row) bool { return r.letters == 0 })
}

// sign maps what stands for a hyphen at a line's end to the hyphen, and drops what is no sign at all.
func sign(r rune) rune {
	switch {
	case r == '\x02' || r == '\ufffe':
		return '-'
	case r < ' ' && r != '\n' && r != '\r' && r != '\t', r == '\uffff':
		return -1
	}
	return r
}

// layOut writes the rows below each other, an empty line where the room between two is larger than usual and
// spaces for the margin.
func layOut(rows []*row) string {
	if len(rows) == 0 {
		return ""
	}
	margin, letter := math.Inf(1), 0.0
	letters := 0
	var steps []float64
	for i, r := range rows {
		margin = min(margin, r.left)
		letter += r.right - r.left
		letters += r.letters
		if step := stepFrom(rows, i); step > 0 {
			steps = append(steps, step)
		}
	}
	usual := usualStep(steps)
	letter = max(letter/float64(letters), 1)
	var out strings.Builder
	for i, r := range rows {
		if step := stepFrom(rows, i); i > 0 && (step > usual*1.3 || step < 0) {
			out.WriteByte('\n')
		}
		indent := min(int((r.left-margin)/letter+0.5), 40)
		out.WriteString(strings.Repeat(" ", indent) + strings.TrimSpace(r.text.String()) + "\n")
	}
	return out.String()
}

// stepFrom is how far row i stands below the one before.
func stepFrom(rows []*row, i int) float64 {
	if i == 0 {
		return 0
	}
	return rows[i-1].bottom - rows[i].bottom
}

// usualStep is the step between lines of running text: the most common one, to half a point.
func usualStep(steps []float64) float64 {
	count := map[int]int{}
	best := 0
	for _, s := range steps {
		half := int(s*2 + 0.5)
		count[half]++
		if count[half] > count[best] || count[half] == count[best] && half < best {
			best = half
		}
	}
	if best == 0 {
		return math.Inf(1)
	}
	return float64(best) / 2
}
