package lab

import "understudy/static"

// guideScript is the module that keeps the guide fresh.
func guideScript() string { return static.Path("guide.js") }

// noticeScript is the module that keeps a workshop's strip fresh.
func noticeScript() string { return static.Path("notice.js") }
