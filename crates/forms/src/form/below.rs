//! What is asked below each answer of a question that takes several: a part for each answer, which comes and goes with it.
//!
//! FHIR puts the items below a question below each of its answers (`QuestionnaireResponse.item.answer.item`). A part holds one
//! answer's, as an instance of a group that repeats holds its own (`repeat`), and has as its only answer the one that it stands
//! below. There is one part more than answers only where there is no answer: what it holds stands below the question itself,
//! as below any other question, and goes with the first answer. Of an answer that cannot be one, nothing below applies.

use super::{AnswerError, Form, Pass};
use crate::{
    Answer,
    definition::{Kind, MAX_INSTANCES, MAX_REPEATS},
};

impl Form {
    /// What is asked below each answer of this question: the item of the definition, where it is asked for each.
    fn below_def(&self, at: usize) -> Option<usize> {
        self.definition.items[self.states[at].def].below
    }

    /// The parts of a question, by its answers; none where what is below it is asked once.
    pub(super) fn parts(&self, at: usize) -> &[usize] {
        let Some(def) = self.below_def(at) else { return &[] };
        let children = &self.states[at].children;
        // They come last.
        &children[children.partition_point(|child| self.states[*child].def < def)..]
    }

    pub(super) fn is_part(&self, at: usize) -> bool {
        self.definition.items[self.states[at].def].kind == Kind::Below
    }

    /// Whether a part applies, its question being enabled: its answer is one, or there is none yet.
    pub(super) fn stands(&self, part: usize) -> bool {
        self.states[part]
            .answers
            .first()
            .is_none_or(|answer| !answer.is_invalid())
    }

    /// Where the items of a part are in the response: which of the written answers of its question they stand below, or the
    /// question itself (`Some(None)`). `None` where they are not in it.
    pub(super) fn holder_of(&self, part: usize) -> Option<Option<usize>> {
        let state = &self.states[part];
        if state.gone || !self.stands(part) {
            return None;
        }
        if state.answers.is_empty() {
            return Some(None);
        }
        let parts = self.parts(state.parent?).iter();
        let before = parts.take_while(|other| **other != part);
        Some(Some(before.filter(|other| self.stands(**other)).count()))
    }

    /// The part of this question that an item stands in.
    pub(super) fn part_around(&self, at: usize, question: usize) -> Option<usize> {
        let mut here = at;
        loop {
            let above = self.states[here].parent?;
            if above == question {
                return Some(here).filter(|part| self.is_part(*part));
            }
            here = above;
        }
    }

    /// The parts for these answers, in their order: those that the answers have, and `None` for a new one.
    ///
    /// An answer that stays keeps its part, wherever it comes to stand. An answer that is offered and comes back has the part
    /// that it had; what is typed is another answer, or the same put otherwise, which keeps the part at its place.
    fn parts_for(&self, at: usize, answers: &[Answer]) -> Vec<Option<usize>> {
        let now = self.parts(at);
        let wanted: Vec<&[Answer]> = match answers {
            [] => vec![&[]],
            answers => answers.chunks(1).collect(),
        };
        let options = self.options(at);
        let is_typed = |answer: &[Answer]| {
            let is_offered = |answer: &Answer| options.iter().any(|option| option.is(answer));
            answer.first().is_some_and(|answer| !is_offered(answer))
        };
        let typed_before = self.history.parts_before_typing(at);
        let is_gone = |part: &usize| {
            let state = &self.states[*part];
            state.gone && state.parent == Some(at) && self.is_part(*part)
        };
        let gone: Vec<usize> = (0..self.states.len()).rev().filter(is_gone).collect();
        let mut found: Vec<Option<usize>> = vec![None; wanted.len()];
        // The answers that have no part yet take one among these: the one at their own place, or any.
        let mut take = |among: &[usize], at_place: bool, fits: &dyn Fn(&[Answer], &[Answer]) -> bool| {
            for (place, answer) in wanted.iter().enumerate() {
                if found[place].is_some() {
                    continue;
                }
                let among = match at_place {
                    true => among.get(place..=place).unwrap_or_default(),
                    false => among,
                };
                let is_free = |part: &&usize| !found.contains(&Some(**part));
                let mut free = among.iter().filter(is_free);
                found[place] = free
                    .find(|part| fits(&self.states[**part].answers, answer))
                    .copied();
            }
        };
        // What is certain first, for all: no answer takes away what is another's.
        take(now, true, &is_same);
        take(now, false, &is_same);
        take(typed_before, true, &|_, answer| is_typed(answer));
        take(&gone, false, &|before, answer| {
            !is_typed(answer) && is_same(before, answer)
        });
        take(now, true, &|before, answer| {
            before.is_empty() || is_typed(answer) && is_typed(before)
        });
        found
    }

    /// The parts for these answers, new ones among them that are in no place yet; an error where they would be too many.
    pub(super) fn make_parts(&mut self, at: usize, answers: &[Answer]) -> Result<Vec<usize>, AnswerError> {
        let Some(def) = self.below_def(at) else {
            return Ok(Vec::new());
        };
        if answers.len() > MAX_REPEATS {
            return Err(AnswerError::TooMany);
        }
        let found = self.parts_for(at, answers);
        let new = found.iter().filter(|part| part.is_none()).count();
        let size = self.definition.items[def].size;
        if self.states.len() + new * size > MAX_INSTANCES {
            return Err(AnswerError::TooMany);
        }
        let made = found
            .into_iter()
            .map(|part| part.unwrap_or_else(|| self.create_part(def, at)));
        Ok(made.collect())
    }

    /// One that is in no place yet.
    fn create_part(&mut self, def: usize, at: usize) -> usize {
        let new = self.create(def, Some(at));
        self.states[new].gone = true;
        for below in new..self.states.len() {
            self.begin(below);
        }
        new
    }

    /// Puts parts in the place of others, one for each of the answers, which the question is about to have.
    pub(super) fn exchange_parts(&mut self, at: usize, parts: &[usize], answers: &[Answer], pass: &mut Pass) {
        let before = self.parts(at).to_vec();
        if before != parts {
            pass.change(at).children |= before.len() != parts.len();
            self.line_up(at, parts);
            for part in before {
                for below in self.below(part) {
                    self.wake_readers(below, pass);
                }
            }
            for part in parts {
                for below in self.below(*part) {
                    self.wake_all(below, pass);
                    self.wake_readers(below, pass);
                }
            }
        }
        for (place, part) in parts.iter().enumerate() {
            let answer = &answers[place.min(answers.len())..answers.len().min(place + 1)];
            if self.states[*part].answers != answer {
                pass.touch_answers(*part, &self.states[*part].answers, false);
                self.states[*part].answers = answer.to_vec();
                self.wake_enabled(*part, pass);
            }
        }
    }

    /// Says of every part which answer it stands below, after answers were put in without [`Self::exchange_parts`]. Returns
    /// those that have no answer to stand below.
    pub(super) fn name_parts(&mut self, at: usize) -> Vec<usize> {
        let answers = self.states[at].answers.clone();
        let parts = self.parts(at).to_vec();
        let (kept, lost) = parts.split_at(parts.len().min(answers.len().max(1)));
        if !lost.is_empty() {
            self.line_up(at, kept);
        }
        for (part, answer) in kept.iter().zip(answers) {
            self.states[*part].answers = vec![answer];
        }
        lost.to_vec()
    }

    /// These parts, in this order, and no others.
    fn line_up(&mut self, at: usize, parts: &[usize]) {
        let before = self.parts(at).to_vec();
        let first = self.states[at].children.len() - before.len();
        self.states[at].children.truncate(first);
        self.states[at].children.extend(parts);
        for part in before {
            self.states[part].gone = true;
        }
        for part in parts {
            self.states[*part].gone = false;
        }
        self.number_from(Some(at), first);
        if let Some(def) = self.below_def(at) {
            self.relist(def);
        }
    }
}

/// Whether two answers, or none, are the same one, however a list words it.
pub(super) fn is_same(left: &[Answer], right: &[Answer]) -> bool {
    match (left, right) {
        ([Answer::Coding(left)], [Answer::Coding(right)]) => left.is(right),
        (left, right) => left == right,
    }
}
