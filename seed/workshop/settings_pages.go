package workshop

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/problem"
	"understudy/seed/door"
	"understudy/seed/door/limit"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

// tidied is a text as typed, without the space around it.
func tidied(text string) string { return strings.TrimSpace(text) }

// inConsole responds to a form of the console: back to the console, or the console with the error at its field.
func (w *Workshop) inConsole(c echo.Context, err error, typed consoleForm) error {
	if err != nil {
		return w.showConsole(c, err, typed)
	}
	return c.Redirect(http.StatusSeeOther, consolePath)
}

func (w *Workshop) saveBanner(c echo.Context) error {
	text := c.FormValue("banner")
	return w.inConsole(c, w.SetBanner(c.Request().Context(), w.who(c), text), consoleForm{banner: &text})
}

func (w *Workshop) saveFreeze(c echo.Context) error {
	return w.inConsole(c, w.Freeze(c.Request().Context(), w.who(c), c.FormValue("frozen") == "true"), consoleForm{})
}

func (w *Workshop) saveSections(c echo.Context) error {
	n, err := strconv.Atoi(c.FormValue("sections"))
	if err != nil {
		n = -1
	}
	return w.inConsole(c, w.OpenSections(c.Request().Context(), w.who(c), n), consoleForm{})
}

func (w *Workshop) saveTimer(c echo.Context) error {
	minutes := c.FormValue("minutes")
	if c.FormValue("stop") == "yes" {
		minutes = "0"
	}
	return w.inConsole(c, w.SetTimer(c.Request().Context(), w.who(c), minutes), consoleForm{minutes: &minutes})
}

func (w *Workshop) extendTimer(c echo.Context) error {
	return w.inConsole(c, w.ExtendTimer(c.Request().Context(), w.who(c)), consoleForm{})
}

func (w *Workshop) settingsPage(c echo.Context) error {
	return w.showSettings(c, nil, page.WorkshopSettingsPage{})
}

// showSettings renders the settings. view holds what was typed before a failure, an Invalid or Conflict problem.
func (w *Workshop) showSettings(c echo.Context, failure error, view page.WorkshopSettingsPage) error {
	status, err := pageStatus(failure)
	if err != nil {
		return err
	}
	state, err := w.State(c.Request().Context())
	if err != nil {
		return err
	}
	attendees, err := w.Attendees(c.Request().Context())
	if err != nil {
		return err
	}
	view.Page.Errors, view.Free = kit.ErrorsOf(failure), max(0, state.Labs-len(attendees))
	if failure == nil || view.PerAddress == "" {
		view.PerAddress, view.JoiningClosed = strconv.Itoa(state.PerAddress), state.JoiningClosed
	}
	view.Addresses = w.addressViews(attendees)
	for _, a := range attendees {
		view.Attendees = append(view.Attendees, kit.Option{Value: a.Lab, Label: a.Nickname + " (" + a.Lab + ")"})
	}
	return door.Render(c, status, view)
}

// addressViews are the network addresses with many labs. Labs of attendees whose browser has never come back are unused.
func (w *Workshop) addressViews(attendees []Attendee) (views []page.AddressPlaces) {
	unused := map[string]bool{}
	for _, a := range attendees {
		unused[a.Lab] = !a.Confirmed
	}
	for _, t := range w.places.list() {
		v := page.AddressPlaces{Address: t.Address, Labs: len(t.Labs), Refused: t.Refused}
		for _, name := range t.Labs {
			if unused[name] {
				v.Unused = append(v.Unused, kit.Hidden{Name: "lab", Value: name})
			}
		}
		views = append(views, v)
	}
	return views
}

// inSettings responds to a form of the settings: to a page, or to the settings with the error at its field.
func (w *Workshop) inSettings(c echo.Context, err error, to string, typed page.WorkshopSettingsPage) error {
	if err != nil {
		return w.showSettings(c, err, typed)
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// saveJoining changes who may join.
func (w *Workshop) saveJoining(c echo.Context) error {
	typed := page.WorkshopSettingsPage{PerAddress: c.FormValue("perAddress"), JoiningClosed: c.FormValue("closed") == "true"}
	err := w.SetJoining(c.Request().Context(), w.who(c), typed.JoiningClosed, typed.PerAddress)
	return w.inSettings(c, err, settingsPath, typed)
}

// prepareCards makes places with cards for people who have not joined.
func (w *Workshop) prepareCards(c echo.Context) error {
	typed := page.WorkshopSettingsPage{Cards: tidied(c.FormValue("cards"))}
	n, err := strconv.Atoi(typed.Cards)
	if err != nil || n < 1 {
		err = problem.InvalidField("cards", "Enter the number of cards as a whole number from 1.")
	} else {
		err = w.Prepare(c.Request().Context(), w.who(c), n)
	}
	return w.inSettings(c, err, "/instructor/cards", typed)
}

// savePassword replaces the instructor password. No password is written to a log or shown again.
func (w *Workshop) savePassword(c echo.Context) error {
	var err error
	if c.FormValue("new") != c.FormValue("again") {
		err = problem.InvalidField("again", "The two new passwords differ. Type the new password again.")
	} else {
		var guesser Guesser
		if guesser, err = w.guesser(c.Request()); err != nil {
			return err
		}
		err = w.ReplacePassword(c.Request().Context(), guesser, c.FormValue("password"), c.FormValue("new"),
			cookieValue(c.Request(), instructorCookie))
	}
	return w.inSettings(c, err, consolePath, page.WorkshopSettingsPage{})
}

func (w *Workshop) wipe(c echo.Context) error {
	if c.FormValue("sure") != "true" {
		return w.showSettings(c, problem.InvalidField("sure",
			"Select “Yes, remove all attendees and their labs” to confirm. Nothing was removed."), page.WorkshopSettingsPage{})
	}
	return w.inSettings(c, w.Wipe(c.Request().Context()), consolePath, page.WorkshopSettingsPage{})
}

// importLab replaces an attendee's lab by an exported one. The front door leaves the body on the connection, so that the file arrives
// only after the instructor is known.
func (w *Workshop) importLab(c echo.Context) error {
	form, err := c.Request().MultipartReader()
	if err != nil {
		return w.showSettings(c, errNoFile, page.WorkshopSettingsPage{})
	}
	typed := page.WorkshopSettingsPage{}
	for {
		part, err := form.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return w.showSettings(c, errNoFile, typed)
		case err != nil:
			return unreadableForm(err)
		case part.FormName() == "lab":
			if typed.Lab, err = shortField(part); err != nil {
				return err
			}
		case part.FormName() == "file" && part.FileName() == "":
			return w.showSettings(c, errNoFile, typed)
		case part.FormName() == "file":
			return w.inSettings(c, w.Import(c.Request().Context(), w.who(c), typed.Lab, part), consolePath, typed)
		}
	}
}

var errNoFile = problem.InvalidField("file", "Choose the file of an exported lab.")

// shortField is the text of a field of a streamed form.
func shortField(part io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(part, limit.FieldBytes+1))
	if err == nil && len(text) > limit.FieldBytes {
		err = problem.New(problem.Invalid, "A field of the form is too long. Send the form again.")
	}
	return string(text), unreadableForm(err)
}

// unreadableForm is the error of a form that the front door, or the reader of its parts, refuses.
func unreadableForm(err error) error {
	if refused, is := errors.AsType[*limit.Error](err); is {
		return refused
	}
	if err == nil || problem.As(err) != nil {
		return err
	}
	return problem.New(problem.Invalid, "The form could not be read. Send the form again.")
}
