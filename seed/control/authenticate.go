package control

import (
	"cmp"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/problem"
	"understudy/seed/control/api"
	"understudy/seed/door"
	"understudy/seed/workshop"
)

// MinToken is the shortest token of a server, in bytes: the API does not count wrong tokens, so nobody may guess one.
const MinToken = 16

var (
	errNoToken = problem.New(problem.Unauthenticated, "This address needs a token. Send it in the header Authorization: Bearer TOKEN. "+
		"A server keeps its token in server.json in its data directory, or gets it from --token.")
	errWrongToken = problem.New(problem.Unauthenticated,
		"The token is not valid. Use the token of this server, or get one with the instructor's password.")
	errNoWorkshop = problem.New(problem.NotFound, "This server has no workshop. Start one with understudy workshop.")
	errOwnRequest = problem.New(problem.Forbidden, "A guide's player cannot call the control API.")
)

// authenticate returns an error unless the sender of a request may call an operation.
func (c *Control) authenticate(ctx echo.Context, needed access) error {
	if needed == forAll {
		return nil
	}
	if c.Guide.IsOwnRequest(ctx.Request()) { // a script that an author wrote must not control the server
		return errOwnRequest
	}
	if needed == forPassword {
		return nil // the handler checks the password
	}
	if err := c.isController(ctx); err != nil {
		return err
	}
	if needed == forInstructing && c.Workshop == nil {
		return errNoWorkshop
	}
	return nil
}

// isController returns an error unless a request carries the server's token, or the token or the password of an instructor.
// Without a workshop, programs on this machine need neither.
func (c *Control) isController(ctx echo.Context) error {
	r := ctx.Request()
	scheme, credential, _ := strings.Cut(r.Header.Get(echo.HeaderAuthorization), " ")
	switch {
	case scheme == "":
		if c.Workshop == nil && door.IsLocalProgram(r.Context()) {
			return nil
		}
		return errNoToken
	case strings.EqualFold(scheme, "Bearer"):
		return c.checkToken(ctx, strings.TrimSpace(credential))
	}
	_, password, isBasic := r.BasicAuth()
	if !isBasic || c.Workshop == nil {
		return errNoToken
	}
	return c.Workshop.CheckPassword(r.Context(), guesser(ctx), password)
}

func (c *Control) checkToken(ctx echo.Context, token string) error {
	if c.Token != "" && sameSecret(token, c.Token) {
		return nil
	}
	if c.Workshop != nil {
		if yes, err := c.Workshop.IsInstructor(ctx.Request().Context(), token); err != nil || yes {
			return err
		}
	}
	return errWrongToken
}

// sameSecret compares in constant time, also for secrets of different lengths.
func sameSecret(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// guesser returns who guesses the instructor's password. Programs have no cookies.
func guesser(ctx echo.Context) workshop.Guesser {
	return workshop.Guesser{Address: workshop.ClientAddress(ctx.Request())}
}

// newToken exchanges the instructor's password, or the server's token, for a token of an instructor.
func (c *Control) newToken(r *request) error {
	if c.Workshop == nil {
		return errNoWorkshop
	}
	var in api.Password
	if err := r.read(&in); err != nil {
		return err
	}
	var token string
	var err error
	if in.Password == "" {
		if err = c.isController(r.Context); err == nil {
			token, err = c.Workshop.NewInstructorToken(r.ctx(), cmp.Or(in.Name, "Control API"))
		}
	} else {
		token, err = c.Workshop.SignInInstructor(r.ctx(), guesser(r.Context), in.Password, in.Name)
	}
	if problem.Is(err, problem.Invalid) {
		return problem.New(problem.Unauthenticated, "The instructor's password is wrong.")
	}
	if err != nil {
		return err
	}
	return r.JSON(http.StatusCreated, api.Token{Token: token})
}
