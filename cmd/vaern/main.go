// Command vaern keeps the promises of a municipality's information security policy.
package main

import (
	"os"

	"vaern/internal/app"
)

// Set when linking.
var version, commit = "development", "unknown"

func main() {
	os.Exit(app.Run(app.Build{Version: version, Commit: commit}, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
