package store_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

// BenchmarkVerify derives a ledger of VAERN_LEAVES leaves again, 100,000 unless
// told otherwise, beside the hashing that nobody could leave out: each leaf's
// body, header and node.
func BenchmarkVerify(b *testing.B) {
	leaves := 100_000
	if said, err := strconv.Atoi(os.Getenv("VAERN_LEAVES")); err == nil {
		leaves = said
	}
	for _, url := range storetest.URLs(b) {
		b.Run(map[bool]string{true: "postgres", false: "sqlite"}[strings.HasPrefix(url, "postgres")], func(b *testing.B) {
			s := storetest.Open(b, url)
			ctx := storetest.As(b, "anna", "test")
			for at := 0; at < leaves; at += 5_000 {
				err := s.Change(ctx, store.Intent{Verb: "test.note", Need: "test", Reason: strings.Repeat("en begrundelse af den længde som en ændring har ", 6)}, func(w *store.Write) error {
					for n := at; n < min(at+5_000, leaves); n++ {
						if err := w.Note(ref.Ref{Kind: "thing", ID: fmt.Sprintf("019598a0-7c1d-7000-8000-%012x", n)}); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			body, header, node := make([]byte, 330), make([]byte, 160), make([]byte, 65)
			for b.Loop() {
				begun := time.Now()
				v, err := s.Verify(ctx, "test", "")
				if err != nil || v.Fault != "" || v.Leaves != int64(leaves) {
					b.Fatal(v, err)
				}
				b.ReportMetric(time.Since(begun).Seconds()*1000, "ms")
				begun = time.Now()
				for range leaves {
					sha256.Sum256(body)
					sha256.Sum256(header)
					sha256.Sum256(node)
				}
				b.ReportMetric(time.Since(begun).Seconds()*1000, "bare-ms")
			}
		})
	}
}
