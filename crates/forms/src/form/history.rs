//! Back and forth: what each change of the user's undoes.

use super::{Changes, Form, Given, ItemId, Pass, SectionId, Waived};

/// The most steps that can be taken back.
const MOST: usize = 1_000;

/// What takes one change back.
#[derive(Clone)]
pub(super) enum Step {
    Answers {
        at: usize,
        given: Given,
    },
    Waived {
        at: usize,
        waived: Vec<Waived>,
    },
    /// `at`: where the section begins.
    Note {
        section: SectionId,
        at: usize,
        text: String,
    },
    /// An instance of a repeating group goes.
    Detach(usize),
    /// One that was taken away comes back, at its place among its siblings.
    Attach(usize),
    /// Several, in this order.
    All(Vec<Step>),
}

impl Step {
    fn item(&self) -> ItemId {
        match self {
            Self::Answers { at, .. }
            | Self::Waived { at, .. }
            | Self::Note { at, .. }
            | Self::Detach(at)
            | Self::Attach(at) => ItemId::at(*at),
            Self::All(steps) => steps.first().map_or(ItemId::at(0), Self::item),
        }
    }

    /// The same step in a form whose instances are elsewhere; `None` where one of them is not there.
    fn moved(&self, places: &[Option<usize>]) -> Option<Self> {
        let place = |at: usize| places.get(at).copied().flatten();
        let mut step = self.clone();
        match &mut step {
            Self::Answers { at, given } => {
                *at = place(*at)?;
                for part in &mut given.parts {
                    *part = place(*part)?;
                }
            }
            Self::Waived { at, .. } | Self::Note { at, .. } | Self::Detach(at) | Self::Attach(at) => {
                *at = place(*at)?
            }
            Self::All(steps) => {
                let moved = steps.iter().map(|step| step.moved(places));
                *steps = moved.collect::<Option<_>>()?;
            }
        }
        Some(step)
    }

    fn note(&self) -> Option<SectionId> {
        match self {
            Self::Note { section, .. } => Some(*section),
            _ => None,
        }
    }
}

#[derive(Default)]
pub(super) struct History {
    back: Vec<Step>,
    forth: Vec<Step>,
    /// What is being typed in: its keys are one step.
    typing: Option<Typing>,
}

#[derive(Clone, Copy, PartialEq)]
enum Typing {
    Question(usize),
    Note(SectionId),
}

impl History {
    /// Remembers a change by what undoes it. While one question is typed in, only how it was before is remembered.
    pub fn add(&mut self, step: Step, typed: bool) {
        self.forth.clear();
        let place = match &step {
            Step::Answers { at, .. } if typed => Some(Typing::Question(*at)),
            Step::Note { section, .. } => Some(Typing::Note(*section)),
            _ => None,
        };
        if place.is_some() && place == self.typing {
            return;
        }
        self.typing = place;
        self.back.push(step);
        if self.back.len() > MOST {
            self.back.remove(0);
        }
    }

    /// What was asked below the answers of this question before somebody began to type in it, who still does.
    pub fn parts_before_typing(&self, question: usize) -> &[usize] {
        match self.back.last() {
            Some(Step::Answers { at, given })
                if self.typing == Some(Typing::Question(*at)) && *at == question =>
            {
                &given.parts
            }
            _ => &[],
        }
    }

    /// The section whose note the next step back is about.
    pub fn undoes_note(&self) -> Option<SectionId> {
        self.back.last().and_then(Step::note)
    }

    pub fn redoes_note(&self) -> Option<SectionId> {
        self.forth.last().and_then(Step::note)
    }
}

impl Form {
    /// Takes the last change back: an answer, or an instance of a group that was added or taken away. What was typed
    /// into one question without a pause is one change. `None` when there is nothing to take back.
    pub fn undo(&mut self) -> Option<Changes> {
        let step = self.history.back.pop()?;
        let (inverse, changes) = self.turn(step);
        self.history.forth.push(inverse);
        Some(changes)
    }

    /// Makes again what was taken back last.
    pub fn redo(&mut self) -> Option<Changes> {
        let step = self.history.forth.pop()?;
        let (inverse, changes) = self.turn(step);
        self.history.back.push(inverse);
        Some(changes)
    }

    /// The item that [`undo`](Self::undo) changes; `None` when there is nothing to take back.
    pub fn undoes(&self) -> Option<ItemId> {
        self.history.back.last().map(Step::item)
    }

    /// The item that [`redo`](Self::redo) changes.
    pub fn redoes(&self) -> Option<ItemId> {
        self.history.forth.last().map(Step::item)
    }

    /// Ends a step of typing: what is typed from here on is taken back by itself.
    pub fn pause(&mut self) {
        self.history.typing = None;
    }

    /// Goes on with the steps of `before`: the same form with the same answers, which was open until now in another language. A step
    /// about a part that was taken away since is left, with all behind it: the part is not in this form.
    pub fn take_history(&mut self, before: &Self) {
        let here: Vec<usize> = self.walk(&self.roots).collect();
        let there: Vec<usize> = before.walk(&before.roots).collect();
        let is_same = |(here, there): (&usize, &usize)| {
            let (here, there) = (&self.states[*here], &before.states[*there]);
            here.def == there.def && here.answers == there.answers
        };
        if here.len() != there.len() || !here.iter().zip(&there).all(is_same) {
            return;
        }
        let mut places = vec![None; before.states.len()];
        for (here, there) in here.into_iter().zip(there) {
            places[there] = Some(here);
        }
        let moved = |steps: &[Step]| {
            let steps = steps.iter().rev().map_while(|step| step.moved(&places));
            let mut steps: Vec<Step> = steps.collect();
            steps.reverse();
            steps
        };
        self.history = History {
            back: moved(&before.history.back),
            forth: moved(&before.history.forth),
            typing: None,
        };
    }

    fn turn(&mut self, step: Step) -> (Step, Changes) {
        self.history.typing = None;
        let mut pass = Pass::default();
        let inverse = self.apply(step, &mut pass);
        self.run(&mut pass);
        let changes = self.close(pass);
        (inverse, changes)
    }

    fn apply(&mut self, step: Step, pass: &mut Pass) -> Step {
        match step {
            Step::Answers { at, given } => {
                let same = Step::Answers {
                    at,
                    given: self.given_now(at),
                };
                self.exchange(at, given, pass).unwrap_or(same)
            }
            Step::Waived { at, waived } => self.exchange_waived(at, waived, pass),
            Step::Note { section, text, .. } => self.exchange_note(section, text),
            Step::Detach(at) => {
                self.detach(at, pass);
                Step::Attach(at)
            }
            Step::Attach(at) => {
                self.attach(at, pass);
                Step::Detach(at)
            }
            Step::All(steps) => {
                let mut inverse: Vec<Step> = steps.into_iter().map(|step| self.apply(step, pass)).collect();
                inverse.reverse();
                Step::All(inverse)
            }
        }
    }
}
