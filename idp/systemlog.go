package idp

import (
	"time"
)

// LogEvent is a System Log event. Its JSON form is that of Okta's System Log API, object LogEvent.
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

// LogActor is who caused the event.
type LogActor struct {
	ID          string            `json:"id"`
	Type        string            `json:"type"`
	AlternateID string            `json:"alternateId"`
	DisplayName string            `json:"displayName"`
	DetailEntry map[string]string `json:"detailEntry"`
}

// LogClient is where the request came from. Its members are null for background work.
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

// LogAuthContext is the session of the event.
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

// LogOutcome is the result.
type LogOutcome struct {
	Result string  `json:"result"`
	Reason *string `json:"reason"`
}

// LogSecurity is what Okta knows about the network. All members are null in a lab.
type LogSecurity struct {
	ASNumber *int    `json:"asNumber"`
	ASOrg    *string `json:"asOrg"`
	ISP      *string `json:"isp"`
	Domain   *string `json:"domain"`
	IsProxy  *bool   `json:"isProxy"`
}

// LogDebug holds further data, which depends on the event type.
type LogDebug struct {
	Data map[string]string `json:"debugData"`
}

// LogTransaction is the request (WEB) or job (JOB) of the event.
type LogTransaction struct {
	Type   string            `json:"type"`
	ID     string            `json:"id"`
	Detail map[string]string `json:"detail"`
}

// LogRequest is the network path of the request.
type LogRequest struct {
	IPChain []LogIP `json:"ipChain"`
}

// LogIP is one address of the network path.
type LogIP struct {
	IP        string    `json:"ip"`
	Geography *struct{} `json:"geographicalContext"`
	Version   string    `json:"version"`
	Source    *string   `json:"source"`
}

// LogTarget is what the event is about.
type LogTarget struct {
	ID            string            `json:"id"`
	Type          string            `json:"type"`
	AlternateID   string            `json:"alternateId"`
	DisplayName   string            `json:"displayName"`
	DetailEntry   map[string]string `json:"detailEntry"`
	ChangeDetails *LogChange        `json:"changeDetails"`
}

// LogChange is the state of an object before and after.
type LogChange struct {
	From map[string]string `json:"from" yaml:"from"`
	To   map[string]string `json:"to" yaml:"to"`
}

// Event is the input of [Record]. The message, severity and legacy type come from the table of event types.
type Event struct {
	Type    string
	Result  string // SUCCESS when empty
	Reason  string
	Targets []LogTarget
	Debug   map[string]string
}

// LogQuery selects events.
type LogQuery struct {
	Text      string // filter expression or plain words; see [logfilter.Parse]
	Since     time.Time
	Until     time.Time
	Limit     int    // default 100, at most 1000
	After     string // LogPage.Next of the page before
	Ascending bool   // oldest first
}

// LogPage is a page of the log.
type LogPage struct {
	Events []LogEvent
	Total  int    // over all pages
	Next   string // cursor of the next page; empty at the end
}

// LogBucket is one bar of the events over time.
type LogBucket struct {
	Start time.Time
	End   time.Time
	Count int
}
