//! What the form works out itself: answers, where there is something to begin with, words, and lists of answers.

use words::msg;

use super::{AnswerError, Form, Pass, check, evaluate};
use crate::{Answer, ChoiceOption};

/// How much of what a total adds up is there: a total of six answers out of nine is not yet the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    pub answered: usize,
    /// Questions that apply now.
    pub of: usize,
}

/// What a calculation is called where it fails.
pub(super) const FEATURE: &str = "sdc-questionnaire-calculatedExpression";

impl Form {
    /// The calculated answer of this item, its sources being settled; `None` where it cannot be worked out, which
    /// leaves the answer to the user. A total has no answer before anything that it adds up is answered.
    pub(super) fn evaluate_calculated(&mut self, at: usize) -> Option<Vec<Answer>> {
        let def = self.states[at].def;
        let item = &self.definition.items[def];
        let formula = item.calculation.as_ref()?;
        if self.tally(at).is_some_and(|tally| tally.answered == 0) {
            return Some(Vec::new());
        }
        match self.evaluate(formula, Some(at)) {
            Ok(result) => Some(check::tidy(evaluate::answers(item, self.options(at), &result))),
            Err(error) => {
                let error = error.to_string();
                let meaning = msg!("The form means to work this out and cannot. Enter it yourself.");
                self.note_failure(def, FEATURE, &error, meaning);
                None
            }
        }
    }

    pub(super) fn tally(&self, at: usize) -> Option<Tally> {
        let sources = &self.definition.items[self.states[at].def].total_of;
        if sources.is_empty() {
            return None;
        }
        let mut tally = Tally { answered: 0, of: 0 };
        for source in sources.iter().flat_map(|source| self.nearest(at, *source)) {
            if self.states[source].enabled {
                tally.of += 1;
                tally.answered += usize::from(self.counts(source));
            }
        }
        Some(tally)
    }

    /// Whether something is answered here that a total can count: of choices with scores, one that has one.
    fn counts(&self, at: usize) -> bool {
        let options = self.options(at);
        let scored = options.iter().any(|option| option.score.is_some());
        self.effective(at).any(|answer| {
            !scored
                || options
                    .iter()
                    .find(|option| option.is(answer))
                    .is_none_or(|option| option.score.is_some())
        })
    }

    /// `initialExpression`, where these instances have no answer yet: each sees what the ones before it brought.
    pub(super) fn fill_in(&mut self, instances: &[usize], pass: &mut Pass) {
        for at in instances {
            let def = self.states[*at].def;
            let item = &self.definition.items[def];
            let Some(formula) = item.begins_with.as_ref() else {
                continue;
            };
            if !self.states[*at].answers.is_empty() || !item.kind.is_question() {
                continue;
            }
            match self.evaluate(formula, Some(*at)) {
                Ok(result) => {
                    let answers = check::tidy(evaluate::answers(item, self.options(*at), &result));
                    if let Err(error) = self.put_beforehand(*at, answers, pass) {
                        self.note_not_filled_in(def, &error.to_string());
                    }
                }
                Err(error) => {
                    let error = error.to_string();
                    self.note_not_filled_in(def, &error);
                }
            }
        }
    }

    /// The same for all instances from this one on.
    pub(super) fn fill_in_from(&mut self, first: usize, pass: &mut Pass) {
        let created: Vec<usize> = (first..self.states.len()).collect();
        self.fill_in(&created, pass);
    }

    fn put_beforehand(
        &mut self,
        at: usize,
        answers: Vec<Answer>,
        pass: &mut Pass,
    ) -> Result<(), AnswerError> {
        let known = self.states.len();
        let parts = self.make_parts(at, &answers)?;
        self.exchange_parts(at, &parts, &answers, pass);
        self.put(at, answers, pass);
        self.run(pass);
        self.fill_in_from(known, pass);
        Ok(())
    }

    fn note_not_filled_in(&mut self, def: usize, error: &str) {
        let meaning = msg!("The form means to fill this in beforehand. Enter it yourself.");
        self.note_failure(def, "sdc-questionnaire-initialExpression", error, meaning);
    }

    /// The text of an item, where an expression words it.
    pub(super) fn evaluate_wording(&mut self, at: usize) -> Option<String> {
        let def = self.states[at].def;
        let formula = self.definition.items[def].wording.as_ref()?;
        match self.evaluate(formula, Some(at)) {
            Ok(result) => {
                let words = result.first()?.system();
                words
                    .as_str()
                    .map(str::to_owned)
                    .filter(|words| !words.trim().is_empty())
            }
            Err(error) => {
                let error = error.to_string();
                let meaning = msg!("The form means to adapt this text. It is shown as it is written.");
                self.note_failure(def, "cqf-expression", &error, meaning);
                None
            }
        }
    }

    /// The options of an item, where expressions work them out or leave some of them out.
    pub(super) fn evaluate_options(&mut self, at: usize) -> Option<Vec<ChoiceOption>> {
        let def = self.states[at].def;
        let item = &self.definition.items[def];
        let mut failures = Vec::new();
        let mut offered = None;
        if let Some(formula) = &item.offers {
            match self.evaluate(formula, Some(at)) {
                Ok(result) => offered = Some(evaluate::options(item, &result)),
                Err(error) => failures.push((
                    "sdc-questionnaire-answerExpression",
                    error.to_string(),
                    msg!("The form means to work out the list of answers. Type the answer instead."),
                )),
            }
        }
        if !item.toggles.is_empty() {
            // An option that no toggle names is always offered; one that several name, where one of them holds.
            let (mut named, mut on) = (vec![false; item.options.len()], vec![false; item.options.len()]);
            for toggle in &item.toggles {
                let holds = match self.evaluate(&toggle.formula, Some(at)) {
                    Ok(result) => result.as_condition() == Some(true),
                    Err(error) => {
                        failures.push((
                            "sdc-questionnaire-answerOptionsToggleExpression",
                            error.to_string(),
                            msg!("All answers are offered, also those that the form means to leave out at times."),
                        ));
                        true
                    }
                };
                for place in &toggle.options {
                    named[*place] = true;
                    on[*place] |= holds;
                }
            }
            let stays = |place: &usize| !named[*place] || on[*place];
            let options = item.options.iter().enumerate();
            let left = options
                .filter(|(place, _)| stays(place))
                .map(|(_, option)| option.clone());
            offered = Some(left.collect());
        }
        for (feature, error, meaning) in failures {
            self.note_failure(def, feature, &error, meaning);
        }
        offered
    }
}
