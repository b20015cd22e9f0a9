package signin

import (
	"bytes"
	"context"
	"encoding/base32"
	"encoding/base64"
	"image"
	"image/color"
	"image/png"
	"time"

	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"

	"github.com/boombuler/barcode/qr"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

const period = 30 // seconds a code is good for (RFC 6238)

const seed = 20 // bytes of a secret (RFC 4226, section 4, R6)

// newCode makes a secret for an authenticator app, as text and as a picture to
// scan; or pictures again the one that was shown, when it is one of ours.
func newCode(issuer, account, shown string) (secret, picture string, err error) {
	opts := totp.GenerateOpts{Issuer: issuer, AccountName: account, SecretSize: seed}
	if ours(shown) {
		opts.Secret, _ = unpadded.DecodeString(shown)
	}
	key, err := totp.Generate(opts)
	if err != nil {
		return "", "", err
	}
	return pictured(key)
}

var unpadded = base32.StdEncoding.WithPadding(base32.NoPadding)

// ours reports whether a secret that a form brings back is as long as those we make.
func ours(secret string) bool {
	b, err := unpadded.DecodeString(secret)
	return err == nil && len(b) == seed
}

// side is how broad and high a picture is.
const side = 240

// pictured draws a code in the middle of a picture of two colours, which is written
// much faster than one of many.
func pictured(key *otp.Key) (secret, picture string, err error) {
	code, err := qr.Encode(key.URL(), qr.M, qr.Auto)
	if err != nil {
		return "", "", err
	}
	n := code.Bounds().Dx()
	each := side / n
	from := (side - n*each) / 2
	img := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range n {
		line := make([]uint8, n*each)
		for x := range n {
			if code.At(x, y) == color.Black {
				for i := range each {
					line[x*each+i] = 1
				}
			}
		}
		for i := range each {
			copy(img.Pix[img.PixOffset(from, from+y*each+i):], line)
		}
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img); err != nil { // it is looked at once
		return "", "", err
	}
	return key.Secret(), "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes()), nil
}

// step is the period that a code belongs to, one period's drift allowed.
func step(secret, code string, now time.Time) (int64, bool) {
	if secret == "" {
		return 0, false
	}
	for _, drift := range []int64{0, -1, 1} {
		at := now.Add(time.Duration(drift*period) * time.Second)
		want, err := totp.GenerateCode(secret, at)
		if err == nil && want == code {
			return at.Unix() / period, true
		}
	}
	return 0, false
}

// checkCode accepts each code once: the step of an accepted one is kept, and
// none at or before it is good again.
func (d *Door) checkCode(ctx context.Context, person, secret, code string) error {
	wrong := problem.Field("code", "Koden passer ikke. Vent på den næste, og prøv igen.", "The code does not fit. Wait for the next and try again.")
	buckets := []string{"code " + person}
	lock := d.gate(buckets[0])
	lock.Lock()
	defer lock.Unlock()
	if err := d.throttled(ctx, buckets); err != nil {
		return err
	}
	at, ok := step(secret, code, d.Store.Clock())
	if !ok {
		return d.failed(ctx, person, buckets, wrong)
	}
	used := false
	err := d.Store.Work(ctx, func(w *store.Work) error {
		var last int64
		err := w.Row(`SELECT step FROM work_totp WHERE person = :p`, store.Args{"p": person}, &last)
		if err != nil && problem.Of(err) != problem.NotFound {
			return err
		}
		if used = at <= last && last <= at+int64(ahead.Seconds())/period; used { // further ahead, the clock was set back
			return nil
		}
		return w.Do(`INSERT INTO work_totp (person, step) VALUES (:p, :s) ON CONFLICT (person) DO UPDATE SET step = excluded.step`,
			store.Args{"p": person, "s": at})
	})
	if err == nil && used {
		return d.failed(ctx, person, buckets, wrong)
	}
	if err != nil {
		return err
	}
	return d.forget(ctx, buckets)
}

// setCode turns the code on with a secret that the person has proved to hold, or
// off with "", and ends the person's sessions but the one with the hash here.
func (d *Door) setCode(ctx context.Context, person, secret, here string) error {
	return d.Store.Change(as(ctx, person, "credential.set"), store.Intent{Verb: "credential.code", Need: "credential.set"}, func(w *store.Write) error {
		if err := w.Also(endOthers, store.Args{"person": person, "hash": here}); err != nil {
			return err
		}
		return putCode(w, person, secret)
	})
}

func putCode(w *store.Write, person, secret string) error {
	on := 0
	if secret != "" {
		on = 1
	}
	return w.Do(ref.Ref{Kind: "credential", ID: person}, `
		UPDATE credential SET version = version + 1, updated_at = :now, updated_by = :actor, totp_secret = :secret, totp = :on
		WHERE id = :id`, store.Args{"id": person, "secret": secret, "on": on})
}
