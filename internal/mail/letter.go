package mail

import (
	"errors"
	"strings"

	"vaern/internal/i18n"

	"github.com/wneessen/go-mail"
)

// Settings is the page where a person chooses how often to be told.
const Settings = "/me/mail"

// letter is the mail as it goes out: plain text that says why it came and how
// to get fewer, with an id that stays the same however often it is tried.
func (s *Sender) letter(m claimed, c Content) (*mail.Msg, error) {
	letter := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := letter.FromFormat("Værn, "+line(s.Name), s.From); err != nil {
		return nil, err
	}
	if strings.ContainsAny(m.address, "\r\n\x00,") {
		return nil, errors.New("the address is not one address")
	}
	if err := letter.To(m.address); err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(s.From, "@")
	letter.Subject(line(c.Subject))
	letter.SetDateWithValue(s.Store.Clock().In(i18n.Zone))
	letter.SetMessageIDWithValue(m.id + "@" + domain)
	letter.SetGenHeader("Auto-Submitted", "auto-generated")
	letter.SetGenHeader("X-Auto-Response-Suppress", "All")
	letter.SetGenHeader(mail.HeaderContentLang, c.Lang.String())
	if m.person != "" {
		letter.SetListUnsubscribe("<" + s.Base + Settings + ">")
	}
	letter.SetBodyString(mail.TypeTextPlain, s.body(m, c))
	return letter, nil
}

func (s *Sender) body(m claimed, c Content) string {
	var b strings.Builder
	b.WriteString(strings.TrimRight(c.Text, "\n") + "\n")
	if c.Path != "" {
		b.WriteString("\n" + s.Base + c.Path + "\n")
	}
	b.WriteString("\n-- \n")
	if c.Why != "" {
		b.WriteString(i18n.Text{"Derfor får du mailen: ", "Why you get this mail: "}.In(c.Lang) + line(c.Why) + "\n")
	}
	if m.person != "" {
		b.WriteString(i18n.Text{"Vælg, hvor tit du får mail: ", "Choose how often you get mail: "}.In(c.Lang) + s.Base + Settings + "\n")
	}
	b.WriteString("Værn, " + line(s.Name) + "\n")
	return b.String()
}

// line is text on one line: what a header may hold.
func line(text string) string { return strings.Join(strings.Fields(text), " ") }

// answer is what the server itself said, without what the library adds.
func answer(err error) string {
	_, said, _ := strings.Cut(err.Error(), ": ")
	said, _, _ = strings.Cut(said, ", affected ")
	if said == "" {
		return err.Error()
	}
	return said
}

// outcome is what the server's answer means for a mail.
type outcome int

const (
	fine   outcome = iota
	never          // the mail is refused for good
	notNow         // try this mail again later
	broken         // no fault of the mail's: the server takes none
)

func verdict(err error) outcome {
	var e *mail.SendError
	switch {
	case err == nil:
		return fine
	case !errors.As(err, &e):
		return broken
	}
	code := e.ErrorCode()
	switch {
	case code == 0, code == 421, e.Reason == mail.ErrSMTPMailFrom && code != 452:
		return broken // also a sender that the server does not let send
	case code >= 500:
		return never
	}
	return notNow
}
