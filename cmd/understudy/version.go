package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is set by the release build; a build from a clone tells its module version.
var version = ""

type versionCommand struct{}

// Run implements the version command.
func (versionCommand) Run() error {
	fmt.Println("understudy", programVersion(), runtime.Version(), runtime.GOOS+"/"+runtime.GOARCH)
	return nil
}

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
