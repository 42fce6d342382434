package lab_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"understudy/seed/lab"
	"understudy/seed/script"
)

func TestExpressionsKnowTheFieldsOfTheView(t *testing.T) {
	var fields []string
	for product, view := range map[string]reflect.Type{"okta": reflect.TypeFor[lab.OktaView](), "sigma": reflect.TypeFor[lab.SigmaView]()} {
		for i := range view.NumField() {
			name, _, _ := strings.Cut(view.Field(i).Tag.Get("json"), ",")
			fields = append(fields, product+"."+name)
		}
	}
	slices.Sort(fields)
	if known := slices.Sorted(slices.Values(script.ViewFields)); !slices.Equal(known, fields) {
		t.Errorf("expressions know %q, the view has %q", known, fields)
	}
}
