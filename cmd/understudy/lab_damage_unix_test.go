//go:build unix

package main

import (
	"os"
	"syscall"
)

func init() {
	damages = append(damages, fileDamage{name: "a named pipe", place: func(path string) error { return syscall.Mkfifo(path, 0o600) }})
	if os.Geteuid() != 0 { // root reads every file
		damages = append(damages, fileDamage{name: "a file without rights", place: func(path string) error { return os.WriteFile(path, nil, 0) }})
	}
}
