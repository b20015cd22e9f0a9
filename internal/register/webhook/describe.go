package webhook

import (
	"reflect"

	"vaern/internal/web"

	"github.com/danielgtaylor/huma/v2"
)

const promise = "Signed as Standard Webhooks says: `webhook-signature` is `v1,` and the base64 of HMAC-SHA-256 over `{webhook-id}.{webhook-timestamp}.{body}`, " +
	"with the bytes that the key is the base64 of, after `whsec_`. Refuse what is not signed so, and what is more than five minutes old.\n\n" +
	"Messages come in the order of the ledger, one at a time. Any 2xx says that it was taken. Any other answer, or none in 10 seconds, and it is sent again under the same " +
	"`webhook-id`, after 5 seconds, 30 seconds, 2, 10 and 30 minutes, 1, 2, 4 and then every 8 hours, and what follows waits. After three days, or at once when 410 is answered, " +
	"nothing more is sent until somebody resumes it. Redirects are not followed."

// sent describes to the receiver what it is sent.
func sent(site *web.Site) *huma.Operation {
	header := func(name, what, example string) *huma.Param {
		return &huma.Param{Name: name, In: "header", Required: true, Description: what, Schema: &huma.Schema{Type: "string"}, Example: example}
	}
	return &huma.Operation{
		OperationID: "webhook-act", Tags: []string{"webhooks"}, Summary: "What is sent to the address of a webhook about each act", Description: promise,
		Security: []map[string][]string{},
		Parameters: []*huma.Param{
			header("webhook-id", "Of the message: the same each time it is sent", "msg_0190a6c2-7b1e-7c44-9a51-3f2d8e6b1c07_4711"),
			header("webhook-timestamp", "When it was sent, in seconds since 1970", "1796108400"),
			header("webhook-signature", "See above", "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="),
		},
		RequestBody: &huma.RequestBody{Required: true, Content: web.JSON(site.Schema(reflect.TypeFor[Message]()), Message{Type: "rule.create",
			Timestamp: "2026-12-01T07:00:00.000000Z", Seq: 4711, At: "2026-12-01T07:00:00.000000Z", Verb: "rule.create", Kind: "rule",
			ID: "0190a6c2-7b1e-7c44-9a51-3f2d8e6b1c08", Actor: "0190a6c2-7b1e-7c44-9a51-3f2d8e6b1c09"})},
		Responses: map[string]*huma.Response{"2XX": {Description: "Taken"}, "410": {Description: "Send nothing more"}, "default": {Description: "Send it again later"}},
	}
}
