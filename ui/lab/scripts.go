package lab

import "understudy/static"

// guideScript is the URL path of the script that updates the guide.
func guideScript() string { return static.Path("guide.js") }

// noticeScript is the URL path of the script that updates a workshop's notice.
func noticeScript() string { return static.Path("notice.js") }

// liveScript is the URL path of the script that updates parts of a page.
func liveScript() string { return static.Path("live.js") }
