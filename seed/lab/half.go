package lab

// Half names one of the two systems of a lab, as the first segment of its addresses does.
type Half string

// The two halves.
const (
	Okta  Half = "okta"
	Sigma Half = "sigma"
)
