package fault

import (
	"context"

	"understudy/seed/base/problem"
	"understudy/seed/lab"
)

// observation is what somebody can report to the support of a product.
type observation struct{ id, label string }

// observations are the choices of the form that writes to the support, in the order of the form. The choices do not depend on the
// active fault, because they would reveal its cause.
var observations = []observation{
	{"sign-on", "Sigma refuses the SAML response"},
	{"status-401", "Sigma answers SCIM requests with 401 Unauthorized"},
	{"status-404", "Sigma answers SCIM requests with 404 Not Found"},
	{"status-429", "Sigma answers SCIM requests with 429 Too Many Requests"},
	{"status-500", "Sigma answers SCIM requests with 500 Internal Server Error"},
	{"slow", "Sigma answers SCIM requests after more than a second"},
	{"no-request", "Okta sends no request"},
}

// The products whose support can be asked.
const (
	oktaSupport  = "okta"
	sigmaSupport = "sigma"
)

var (
	errNoProduct     = problem.InvalidField("product", "Choose the product whose support you ask.")
	errNoObservation = problem.InvalidField("observed", "Choose what the traffic page shows.")
	errOktaWorks     = problem.InvalidField("product", "Okta's support answers: Okta sends its requests and messages as configured. "+
		"Look at the responses on the traffic page.")
	errSigmaWorks = problem.InvalidField("product", "Sigma's support answers: our service works as configured. "+
		"The cause is a setting of yours.")
	errOtherObservation = problem.InvalidField("observed", "Sigma's support answers: we do not see that in our logs. "+
		"Read the status and the duration of the failing requests on the traffic page.")
)

// Report asks the support of a product to repair its service. It ends a fault of Sigma's service when the report says what
// happens. Invalid, with the support's answer, in all other cases. Conflict when no fault is active.
func (f *Faults) Report(ctx context.Context, l *lab.Lab, product, observed string) error {
	active, found, err := l.ActiveFault(ctx)
	if err != nil {
		return err
	}
	fault, known := f.find(active.ID)
	switch {
	case !found || !known:
		return errNotActive
	case product != oktaSupport && product != sigmaSupport:
		return errNoProduct
	case observed == "":
		return errNoObservation
	case product == oktaSupport:
		return errOktaWorks
	case fault.Support == "":
		return errSigmaWorks
	case fault.Support != observed:
		return errOtherObservation
	}
	return l.InjectFault(ctx, lab.InjectedFault{})
}
