package guide

import (
	"net/http"

	page "understudy/ui/lab"
)

// choiceView lists the guides of a lab with their progress.
func (g *Guide) choiceView(v visit) (page.GuideChoice, error) {
	view := page.GuideChoice{Action: v.base() + "/choose"}
	names, current, err := v.Lab.Guides(v.Ctx())
	if err != nil || len(names) < 2 {
		return view, err
	}
	for _, name := range names {
		offer := page.GuideOffer{Name: name, Title: name, Current: name == current}
		other, err := g.all.Named(name)
		if err != nil {
			offer.Missing = "This server does not have the guide."
			view.Guides = append(view.Guides, offer)
			continue
		}
		done, err := v.Lab.StepsDone(v.Ctx(), name)
		if err != nil {
			return view, err
		}
		offer.Title, offer.Summary, offer.Total = other.script.Title, other.script.Meta["summary"], len(other.steps)
		for _, step := range other.steps {
			if _, is := done[step.ID]; is {
				offer.Done++
			}
		}
		view.Guides = append(view.Guides, offer)
	}
	return view, nil
}

// choose makes another guide of the lab the one that the learner follows.
func (g *Guide) choose(v visit) error {
	name := v.FormValue("guide")
	if _, err := g.all.Named(name); err != nil {
		return err
	}
	if err := v.Lab.ChooseGuide(v.Ctx(), name); err != nil {
		return err
	}
	return v.Redirect(http.StatusSeeOther, v.base())
}
