package history

import "vaern/internal/i18n"

// SignIn is the kind of the leaves that say who came in, when and how. They are
// about a person and told to that person alone.
const SignIn = "sign_in"

// Ways are how one comes in, by the verb of the leaf.
var Ways = map[string]i18n.Text{
	"sign_in.password":      {"loggede ind med adgangskode som", "signed in with a password as"},
	"sign_in.password_code": {"loggede ind med adgangskode og kode som", "signed in with a password and a code as"},
	"sign_in.link":          {"loggede ind med et link som", "signed in with a link as"},
	"sign_in.link_code":     {"loggede ind med et link og en kode som", "signed in with a link and a code as"},
	"sign_in.token":         {"lavede en adgang til et program som", "made a program token as"},
}
