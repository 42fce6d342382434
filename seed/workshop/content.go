package workshop

import (
	"context"
	"encoding/json"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/store"
	"understudy/seed/content"
	"understudy/seed/contentpages"
	"understudy/ui/kit"
)

// createLab creates the lab of an attendee, from the scenario and the guides that the instructor has chosen.
func (w *Workshop) createLab(ctx context.Context, name string) error {
	scenarioName, guides, err := w.newLabs(ctx)
	if err != nil {
		return err
	}
	choice, err := w.Library.Choose(scenarioName, guides)
	if err != nil {
		return err
	}
	return w.Registry.Create(ctx, name, choice.Scenario, choice.Guides...)
}

// newLabs returns the scenario and the guides of new labs. An empty name is the scenario that the first guide begins in.
func (w *Workshop) newLabs(ctx context.Context) (scenarioName string, guides []string, err error) {
	var list string
	err = w.db.Read(ctx, func(tx *store.Tx) error {
		return tx.QueryRow(`SELECT scenario, guides FROM workshop`).Scan(&scenarioName, &list)
	})
	if err != nil {
		return "", nil, err
	}
	return scenarioName, guides, json.Unmarshal([]byte(list), &guides)
}

// setNewLabs changes the scenario and the guides of new labs. The console then speaks of the first guide.
func (w *Workshop) setNewLabs(ctx context.Context, scenarioName string, guides []string) error {
	if guides == nil {
		guides = []string{}
	}
	list, err := json.Marshal(guides)
	if err != nil {
		return err
	}
	err = w.db.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`UPDATE workshop SET scenario = $1, guides = $2`, scenarioName, string(list))
	})
	if err == nil {
		w.speakOf(guides)
	}
	return err
}

// speakOf makes the first guide the one whose steps the console lists.
func (w *Workshop) speakOf(guides []string) {
	main := ""
	if len(guides) > 0 {
		main = guides[0]
	}
	if w.Guide != nil {
		w.Guide.SetMain(main)
	}
}

// openContent applies the choice of the command line, and checks the stored choice.
func (w *Workshop) openContent(ctx context.Context) error {
	if w.Library == nil {
		w.Library = content.BuiltInOnly()
	}
	scenarioName, guides, err := w.newLabs(ctx)
	if err != nil {
		return err
	}
	if w.Scenario != "" || len(w.Guides) > 0 {
		scenarioName, guides = w.Scenario, w.Guides
	}
	if _, err := w.Library.Choose(scenarioName, guides); err != nil {
		return err
	}
	return w.setNewLabs(ctx, scenarioName, guides)
}

// choice implements contentpages.NewLabs.
type choice struct{ w *Workshop }

func (c choice) Choice(e echo.Context) (scenarioName string, guides []string, err error) {
	return c.w.newLabs(e.Request().Context())
}

func (c choice) SetChoice(e echo.Context, scenarioName string, guides []string) error {
	return c.w.setNewLabs(e.Request().Context(), scenarioName, guides)
}

// mountContent adds the page with the scenarios and guides.
func (w *Workshop) mountContent(e *echo.Echo) {
	home := kit.Link{Label: "Workshop", Href: "/instructor/console"}
	contentpages.New(w.Library, "/instructor/content", home, choice{w}).Mount(e, w.instructorsOnly)
}
