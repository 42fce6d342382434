package lab

import "understudy/static"

// guideScript is the module that keeps the guide fresh.
func guideScript() string { return static.Path("guide.js") }
