package idp

import (
	"time"
)

// LogEvent is a System Log event in the form in which Okta's API gives it (okta-wire 5.1).
type LogEvent struct {
	Actor          LogActor       `json:"actor"`
	Client         LogClient      `json:"client"`
	Device         *struct{}      `json:"device"`
	Authentication LogAuthContext `json:"authenticationContext"`
	DisplayMessage string         `json:"displayMessage"`
	EventType      string         `json:"eventType"`
	Outcome        LogOutcome     `json:"outcome"`
	Published      string         `json:"published"`
	Security       LogSecurity    `json:"securityContext"`
	Severity       string         `json:"severity"`
	Debug          LogDebug       `json:"debugContext"`
	LegacyType     *string        `json:"legacyEventType"`
	Transaction    LogTransaction `json:"transaction"`
	UUID           string         `json:"uuid"`
	Version        string         `json:"version"`
	Request        LogRequest     `json:"request"`
	Targets        []LogTarget    `json:"target"`
}

// LogActor is who did it.
type LogActor struct {
	ID          string            `json:"id"`
	Type        string            `json:"type"`
	AlternateID string            `json:"alternateId"`
	DisplayName string            `json:"displayName"`
	DetailEntry map[string]string `json:"detailEntry"`
}

// LogClient is what the request came from; empty members are null for background work.
type LogClient struct {
	UserAgent *LogUserAgent `json:"userAgent"`
	Zone      *string       `json:"zone"`
	Device    *string       `json:"device"`
	ID        *string       `json:"id"`
	IPAddress *string       `json:"ipAddress"`
	Geography *struct{}     `json:"geographicalContext"`
}

// LogUserAgent is the browser.
type LogUserAgent struct {
	Raw     string `json:"rawUserAgent"`
	OS      string `json:"os"`
	Browser string `json:"browser"`
}

// LogAuthContext is the session that it happened in.
type LogAuthContext struct {
	AuthenticationProvider *string `json:"authenticationProvider"`
	CredentialProvider     *string `json:"credentialProvider"`
	CredentialType         *string `json:"credentialType"`
	Issuer                 *string `json:"issuer"`
	Interface              *string `json:"interface"`
	AuthenticationStep     int     `json:"authenticationStep"`
	RootSessionID          string  `json:"rootSessionId"`
	ExternalSessionID      string  `json:"externalSessionId"`
}

// LogOutcome is how it ended.
type LogOutcome struct {
	Result string  `json:"result"`
	Reason *string `json:"reason"`
}

// LogSecurity is what Okta knows of the network; nothing, offline.
type LogSecurity struct {
	ASNumber *int    `json:"asNumber"`
	ASOrg    *string `json:"asOrg"`
	ISP      *string `json:"isp"`
	Domain   *string `json:"domain"`
	IsProxy  *bool   `json:"isProxy"`
}

// LogDebug holds facts for those who investigate.
type LogDebug struct {
	Data map[string]string `json:"debugData"`
}

// LogTransaction is the request or job that it happened in.
type LogTransaction struct {
	Type   string            `json:"type"`
	ID     string            `json:"id"`
	Detail map[string]string `json:"detail"`
}

// LogRequest tells the way that the request came.
type LogRequest struct {
	IPChain []LogIP `json:"ipChain"`
}

// LogIP is one station of the request.
type LogIP struct {
	IP        string    `json:"ip"`
	Geography *struct{} `json:"geographicalContext"`
	Version   string    `json:"version"`
	Source    *string   `json:"source"`
}

// LogTarget is what it happened to.
type LogTarget struct {
	ID            string            `json:"id"`
	Type          string            `json:"type"`
	AlternateID   string            `json:"alternateId"`
	DisplayName   string            `json:"displayName"`
	DetailEntry   map[string]string `json:"detailEntry"`
	ChangeDetails *LogChange        `json:"changeDetails"`
}

// LogChange is what an object was before and after.
type LogChange struct {
	From map[string]string `json:"from"`
	To   map[string]string `json:"to"`
}

// Event is a System Log event as a rule writes it; wording, severity and legacy type come from the catalogue of types.
type Event struct {
	Type    string
	Result  string // SUCCESS when empty
	Reason  string
	Targets []LogTarget
	Debug   map[string]string
}

// LogQuery says which events to give.
type LogQuery struct {
	Text      string // Okta's filter (eventType eq "…" and …) or plain words
	Since     time.Time
	Until     time.Time
	Limit     int    // default 100, at most 1000
	After     string // cursor: LogPage.Next of the page before
	Ascending bool   // oldest first
}

// LogPage is a part of the log.
type LogPage struct {
	Events []LogEvent
	Total  int    // over all pages
	Next   string // cursor of the next page; empty at the end
}

// LogBucket is one bar of the count over time.
type LogBucket struct {
	Start time.Time
	End   time.Time
	Count int
}
