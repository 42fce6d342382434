package script

// Block is a part of what a player does when it plays a step alone, in a lab where the learner has done the steps before it.
type Block struct {
	When string // expression; the block is skipped while it is false. "" for always
	Do   []Action

	when *Check
}

// Applies reports whether the block has to be played in a lab with these facts.
func (b Block) Applies(facts Facts) bool {
	if b.when == nil {
		return true
	}
	met, err := b.when.EvaluateWhole(facts)
	return err == nil && met
}

// PlayedAlone lists what a player does to play the step alone: the blocks of the key alone, or otherwise the step's actions on
// the page on which the step begins.
func (s *Step) PlayedAlone() []Block {
	if len(s.Alone) > 0 {
		return s.Alone
	}
	return []Block{{Do: s.Do}}
}

// ViewPartsAlone lists the parts of the view that the conditions of the blocks read.
func (s *Script) ViewPartsAlone(step *Step) (parts []string) {
	for _, b := range step.Alone {
		if b.when != nil {
			parts = append(parts, s.partsOf(b.when.whole.Node())...)
		}
	}
	return parts
}

// parseAlone reads alone: a list of actions, in which {when: …, do: […]} is a block with a condition.
func (r *reader) parseAlone(list node) (blocks []Block, err error) {
	for _, item := range list.list() {
		entries, err := item.mapping()
		if err != nil {
			return nil, err
		}
		if entries[0].key != "when" {
			actions, err := r.parseDo(item)
			if err != nil {
				return nil, err
			}
			if n := len(blocks); n > 0 && blocks[n-1].When == "" {
				blocks[n-1].Do = append(blocks[n-1].Do, actions...)
			} else {
				blocks = append(blocks, Block{Do: actions})
			}
			continue
		}
		block, err := r.parseBlock(item, entries)
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, block)
	}
	return blocks, nil
}

func (r *reader) parseBlock(item node, entries []entry) (b Block, err error) {
	if len(entries) != 2 || entries[1].key != "do" {
		return b, item.errorf("expected when: and do:")
	}
	if b.When, err = entries[0].value.scalar(); err != nil {
		return b, err
	}
	if b.when, err = r.compileCheck(b.When); err != nil {
		return b, item.errorf("when: %v", err)
	}
	b.Do, err = r.parseDo(entries[1].value)
	return b, err
}
