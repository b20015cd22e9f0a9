package history

import (
	"maps"

	"vaern/internal/i18n"
	"vaern/internal/record"
)

// SignIn is the kind of the leaves that say who came in, when and how. They are
// about a person and told to that person alone.
const SignIn = "sign_in"

// door is how history tells of signing in and of saved views: kinds without pages
// of their own.
var door = Kinds{
	record.ViewKind: {One: i18n.Text{"Visning", "View"}, Verbs: map[string]i18n.Text{
		record.ViewKind + ".save":   {"gemte en", "saved a"},
		record.ViewKind + ".remove": {"slettede en", "deleted a"}}},
	SignIn: {One: i18n.Text{"Login", "Sign-in"}, Verbs: ways},
	"credential": {One: i18n.Text{"Adgangskode", "Password"}, Verbs: map[string]i18n.Text{
		"credential.password": {"valgte en ny adgangskode for", "chose a new password for"},
		"credential.code":     {"ændrede koden fra en app for", "changed the authenticator code of"}}},
	"token": {One: i18n.Text{"Adgang for et program", "Program token"}, Verbs: map[string]i18n.Text{
		"token.revoke": {"tilbagekaldte en", "revoked a"}}},
	"code_demand": {One: i18n.Text{"Krav om kode", "Demand for a code"}, Verbs: map[string]i18n.Text{"code_demand.set": {"ændrede", "changed"}}},
	"code_easing": {One: i18n.Text{"Lempelse af et krav om kode", "Easing of a demand for a code"}, Verbs: map[string]i18n.Text{
		"code_easing.ask":   {"foreslog", "proposed"},
		"code_easing.agree": {"sagde ja til", "agreed to"},
		"code_easing.drop":  {"fjernede forslaget om", "removed the proposal of"}}},
	"code_waiver": {One: i18n.Text{"Mistet kode", "Lost code"}, Verbs: map[string]i18n.Text{
		"code_waiver.ask":   {"bad om at slå koden fra for", "asked to turn off the code of"},
		"code_waiver.grant": {"sagde ja til at slå koden fra for", "agreed to turn off the code of"},
		"code_waiver.admit": {"lukkede op for at sætte en kode op for", "opened for setting up a code for"},
		"code_waiver.drop":  {"fjernede anmodningen om at slå koden fra for", "removed the request to turn off the code of"}}},
}

// Door returns how history tells of what has no module, for others to add to.
func Door() Kinds { return maps.Clone(door) }

// ways are how one comes in, by the verb of the leaf.
var ways = map[string]i18n.Text{
	"sign_in.password":      {"loggede ind med adgangskode som", "signed in with a password as"},
	"sign_in.password_code": {"loggede ind med adgangskode og kode som", "signed in with a password and a code as"},
	"sign_in.link":          {"loggede ind med et link som", "signed in with a link as"},
	"sign_in.link_code":     {"loggede ind med et link og en kode som", "signed in with a link and a code as"},
	"sign_in.token":         {"lavede en adgang til et program som", "made a program token as"},
}
