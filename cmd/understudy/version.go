package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is set by the linker in a release build. Other builds report their module version.
var version = ""

type versionCommand struct{}

// Run implements the version command.
func (versionCommand) Run() error {
	fmt.Println("understudy", programVersion(), runtime.Version(), runtime.GOOS+"/"+runtime.GOARCH)
	return nil
}

// programVersion returns the version, or "(devel)" if it is unknown.
func programVersion() string {
	v := version
	if info, ok := debug.ReadBuildInfo(); v == "" && ok {
		v = info.Main.Version
	}
	if v == "" {
		v = "(devel)"
	}
	return v
}
