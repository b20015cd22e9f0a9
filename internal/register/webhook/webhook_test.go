package webhook

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"

	"vaern/internal/i18n"
	"vaern/internal/moduletest"
	"vaern/internal/web"
)

func TestModule(t *testing.T) { moduletest.Exercise(t, Module()) }

func TestATryThatNobodyAnswersIsToldInPlainWords(t *testing.T) {
	for err, want := range map[error]string{
		&net.DNSError{Err: "no such host", Name: "x.example", Server: "10.1.1.1:53"}:                   "Ingen maskine har det navn.",
		&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}:             "Maskinen tager ikke imod forbindelser dér.",
		&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}:                           "Certifikatet passer ikke til adressen eller er ikke fra nogen, som maskinen her stoler på.",
		&url.Error{Op: "Post", URL: "https://x.example", Err: context.DeadlineExceeded}:                "Intet svar i tide.",
		&url.Error{Op: "Post", URL: "https://x.example", Err: &net.OpError{Op: "dial", Err: errInner}}: told(errInner.Error(), i18n.Da),
	} {
		if got := told(why(err), i18n.Da); got != want {
			t.Errorf("%v is told as %q, want %q", err, got, want)
		}
	}
}

func TestTheDescriptionOfTheAPITellsReceiversWhatTheyAreSent(t *testing.T) {
	site := web.New(nil, nil)
	(&desk{site}).routes()
	told, err := json.Marshal(site.API)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{`"webhooks":{"act"`, "webhook-signature", "HMAC-SHA-256 over `{webhook-id}.{webhook-timestamp}.{body}`", `"verb":"rule.create"`} {
		if !strings.Contains(string(told), word) {
			t.Errorf("it lacks %s", word)
		}
	}
}
