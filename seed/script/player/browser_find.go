package player

import (
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// ErrNoBrowser means that no browser is installed.
var ErrNoBrowser = errors.New("no browser was found: install Chromium, Chrome or Edge " +
	"(on Debian: apt-get install chromium-headless-shell)")

// browserNames are the names of Chromium and related browsers on PATH, in the order of preference. The headless shell comes
// first: it draws the same pages without a user interface, at a third of the CPU time. No browser is ever downloaded.
var browserNames = []string{
	"chromium-headless-shell", "chrome-headless-shell", "chromium", "chromium-browser", "google-chrome",
	"google-chrome-stable", "microsoft-edge", "msedge", "chrome",
}

// wrappedPrograms maps shell scripts on PATH to the program that they start. Debian's script waits for the program and may
// end without it, so the player starts the program itself.
var wrappedPrograms = map[string]string{"chromium-headless-shell": "/usr/lib/chromium/chromium-headless-shell"}

// browserPlaces are the paths that installers use on macOS and Windows. The key is an absolute folder, or an environment
// variable that holds one.
var browserPlaces = map[string][]string{
	"/Applications": {
		"Google Chrome.app/Contents/MacOS/Google Chrome",
		"Chromium.app/Contents/MacOS/Chromium",
		"Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
	},
	"ProgramFiles":      {"Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"},
	"ProgramFiles(x86)": {"Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"},
	"LocalAppData":      {"Google/Chrome/Application/chrome.exe", "Chromium/Application/chrome.exe"},
}

// FindBrowser returns the path of the browser: the given one, or else the first that is installed. The error is
// [ErrNoBrowser] when there is none.
func FindBrowser(given string) (string, error) {
	if given != "" {
		return given, nil
	}
	for _, name := range browserNames {
		if path, err := exec.LookPath(name); err == nil {
			if program := wrappedPrograms[name]; isFile(program) {
				return program, nil
			}
			return path, nil
		}
	}
	for _, root := range slices.Sorted(maps.Keys(browserPlaces)) {
		folder := root
		if !filepath.IsAbs(root) {
			if folder = os.Getenv(root); folder == "" {
				continue
			}
		}
		for _, place := range browserPlaces[root] {
			path := filepath.Join(folder, filepath.FromSlash(place))
			if isFile(path) {
				return path, nil
			}
		}
	}
	return "", ErrNoBrowser
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}
