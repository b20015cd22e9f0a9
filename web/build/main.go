// Command build bundles the style and scripts of the pages into web/dist: hashed names, a manifest, compressed
// copies, and the notices of every third party whose work is inside.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// entries are the files that pages ask for by name; scripts find each other by import.
var entries = []api.EntryPoint{
	{InputPath: "style/style.css", OutputPath: "style"},
	{InputPath: "style/sprite.svg", OutputPath: "sprite"},
	{InputPath: "script/app.js", OutputPath: "app"},
	{InputPath: "script/editor.js", OutputPath: "editor"},
	{InputPath: "script/htmx.js", OutputPath: "htmx"},
}

func main() {
	web := flag.String("web", "web", "folder with style, script and node_modules")
	flag.Parse()
	if err := run(*web); err != nil {
		fmt.Fprintln(os.Stderr, "web build:", err)
		os.Exit(1)
	}
}

func run(web string) error {
	web, err := filepath.Abs(web)
	if err != nil {
		return err
	}
	modules := filepath.Join(web, "node_modules")
	if _, err := os.Stat(modules); err != nil {
		return fmt.Errorf("%w; run npm ci in %s first", err, web)
	}
	result := api.Build(options(web))
	if len(result.Errors) > 0 {
		return errors.New(strings.Join(api.FormatMessages(result.Errors, api.FormatMessagesOptions{}), "\n"))
	}
	var meta metafile
	if err := json.Unmarshal([]byte(result.Metafile), &meta); err != nil {
		return fmt.Errorf("metafile: %w", err)
	}
	notices, err := notices(web, append(meta.packages(), common))
	if err != nil {
		return err
	}
	linked, err := programs(filepath.Dir(web))
	if err != nil {
		return err
	}
	notices = append(notices, linked...)
	leaked, err := passwords(web)
	if err != nil {
		return err
	}
	return write(filepath.Join(web, "dist"), result.OutputFiles, meta.manifest(), texts{notices, leaked})
}

func options(web string) api.BuildOptions {
	return api.BuildOptions{
		AbsWorkingDir:       web,
		EntryPointsAdvanced: entries,
		Outdir:              "dist",
		EntryNames:          "[name]-[hash]",
		ChunkNames:          "[name]-[hash]",
		AssetNames:          "[name]-[hash]",
		Bundle:              true,
		Splitting:           true,
		Format:              api.FormatESModule,
		MinifyWhitespace:    true,
		MinifyIdentifiers:   true,
		MinifySyntax:        true,
		LegalComments:       api.LegalCommentsNone, // NOTICES.txt has them whole
		Metafile:            true,
		LogLevel:            api.LogLevelSilent,
		// The oldest browsers that open a popover without script.
		Engines: []api.Engine{
			{Name: api.EngineChrome, Version: "114"},
			{Name: api.EngineFirefox, Version: "125"},
			{Name: api.EngineSafari, Version: "17"},
		},
		Loader: map[string]api.Loader{
			".svg":   api.LoaderFile,
			".woff2": api.LoaderFile,
			".png":   api.LoaderEmpty, // only placeholders for a logo
		},
		Plugins: []api.Plugin{ownTypeface, ownSprite},
	}
}

var fontFace = regexp.MustCompile(`@font-face\s*\{[^}]*\}`)

// ownTypeface takes the design system's whole fonts out, in four formats each; style/fonts.css has the parts we use.
var ownTypeface = api.Plugin{Name: "typeface", Setup: func(b api.PluginBuild) {
	b.OnLoad(api.OnLoadOptions{Filter: `dkfds\.min\.css$`}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
		css, err := os.ReadFile(args.Path)
		if err != nil {
			return api.OnLoadResult{}, err
		}
		text := fontFace.ReplaceAllString(string(css), "")
		return api.OnLoadResult{Contents: &text, Loader: api.LoaderCSS}, nil
	})
}}

// ownSprite copies the sprite as it is: an entry with the file loader would become a script that names it.
var ownSprite = api.Plugin{Name: "sprite", Setup: func(b api.PluginBuild) {
	b.OnLoad(api.OnLoadOptions{Filter: `sprite\.svg$`}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
		svg, err := os.ReadFile(args.Path)
		text := string(svg)
		return api.OnLoadResult{Contents: &text, Loader: api.LoaderCopy}, err
	})
}}
