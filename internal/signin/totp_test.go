package signin

import (
	"encoding/base64"
	"image/png"
	"strings"
	"testing"

	"github.com/pquerna/otp/totp"
)

// TestPictureIsTheOneOfTheLibrary compares each point with the picture that the
// library draws, for names of many lengths.
func TestPictureIsTheOneOfTheLibrary(t *testing.T) {
	for n := 1; n < 200; n += 40 {
		key, err := totp.Generate(totp.GenerateOpts{Issuer: "Værn Prøve Kommune", AccountName: strings.Repeat("å", n), SecretSize: seed})
		if err != nil {
			t.Fatal(err)
		}
		secret, picture, err := pictured(key)
		if err != nil || secret != key.Secret() {
			t.Fatalf("%q is not %q: %v", secret, key.Secret(), err)
		}
		got, err := png.Decode(base64.NewDecoder(base64.StdEncoding, strings.NewReader(strings.TrimPrefix(picture, "data:image/png;base64,"))))
		if err != nil {
			t.Fatal(err)
		}
		want, err := key.Image(side, side)
		if err != nil {
			t.Fatal(err)
		}
		if got.Bounds() != want.Bounds() {
			t.Fatalf("it is %v large, not %v", got.Bounds(), want.Bounds())
		}
		for y := range side {
			for x := range side {
				a, _, _, _ := got.At(x, y).RGBA()
				if b, _, _, _ := want.At(x, y).RGBA(); a != b {
					t.Fatalf("with %d letters, point %d, %d is %x, not %x", n, x, y, a, b)
				}
			}
		}
	}
}
