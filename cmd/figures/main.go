// Figures measures the hand-written Go of this repository and prints one line per figure. `make figures` runs it.
//
// The hand-written files are all .go files outside testdata, except those that say "Code generated" (templ's output).
//
//	main.go     collects the files and prints the figures
//	measure.go  measures one file and one module
//
// The figures and how they are counted:
//
//   - comment share: lines with nothing but a comment, in percent of all lines; tests are counted separately
//   - test : code: lines of test files to lines of other files
//   - direct production dependencies: modules of go.mod that a package below cmd imports,
//     itself or through packages of this module
//   - lines over 160 characters: of code and tests, tabs counted as one character
//   - file median, 90th percentile, maximum: lines per file, tests left out
//   - function 90th percentile, maximum: lines from func to the closing brace, tests left out
package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	if err := run(os.Stdout, "."); err != nil {
		fmt.Fprintln(os.Stderr, "figures: "+err.Error())
		os.Exit(1)
	}
}

// run prints the figures of the module whose root is dir.
func run(out io.Writer, dir string) error {
	files, err := goFiles(dir)
	if err != nil {
		return err
	}
	var code, tests total
	packages := map[string][]string{} // imports by directory
	for _, path := range files {
		f, err := measure(path)
		switch {
		case err != nil:
			return err
		case f.generated:
			continue
		case f.test:
			tests.add(f)
		default:
			code.add(f)
			packages[filepath.Dir(path)] = append(packages[filepath.Dir(path)], f.imports...)
		}
	}
	direct, err := directModules(dir, packages)
	if err != nil {
		return err
	}
	lines := [][2]string{
		{"comment share", fmt.Sprintf("%.1f %% (tests %.1f %%)", code.commentShare(), tests.commentShare())},
		{"test : code lines", fmt.Sprintf("%.2f (%d : %d)", float64(tests.lines)/float64(max(code.lines, 1)), tests.lines, code.lines)},
		{"direct production dependencies", fmt.Sprint(len(direct))},
		{"lines over 160 characters", fmt.Sprintf("%d (%d in tests)", code.long+tests.long, tests.long)},
		{"file median / p90 / max", fmt.Sprintf("%d / %d / %d", percentile(code.files, 50), percentile(code.files, 90), percentile(code.files, 100))},
		{"function p90 / max", fmt.Sprintf("%d / %d", percentile(code.functions, 90), percentile(code.functions, 100))},
	}
	for _, line := range lines {
		if _, err := fmt.Fprintf(out, "%-32s %s\n", line[0], line[1]); err != nil {
			return err
		}
	}
	return nil
}

// total is the sum over code files or over test files.
type total struct {
	lines, comment, long int
	files, functions     []int
}

func (t *total) add(f figures) {
	t.lines, t.comment, t.long = t.lines+f.lines, t.comment+f.comment, t.long+f.long
	t.files = append(t.files, f.lines)
	t.functions = append(t.functions, f.functions...)
}

// commentShare is in percent.
func (t *total) commentShare() float64 {
	return 100 * float64(t.comment) / float64(max(t.lines, 1))
}

// percentile is the nearest-rank percentile of values, 0 for none; p is from 1 to 100.
func percentile(values []int, p int) int {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[(len(sorted)*p+99)/100-1]
}
