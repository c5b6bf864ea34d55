//! Totals: the exact sum of the scores of what is chosen.

use rust_decimal::Decimal;

use super::Form;
use crate::{
    Answer, Kind, Quantity,
    definition::{Calculation, score},
};

/// How much of what a total adds up is there: a total of six answers out of nine is not yet the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    pub answered: usize,
    /// Questions that apply now.
    pub of: usize,
}

impl Form {
    /// The calculated answer of this item, its sources being settled: none where nothing is answered.
    pub(super) fn evaluate_calculated(&self, at: usize) -> Vec<Answer> {
        let item = &self.definition.items[at];
        let Some(Calculation::Total(sources)) = &item.calculation else {
            return Vec::new();
        };
        let mut scores = sources.iter().flat_map(|source| self.scores(*source)).peekable();
        if scores.peek().is_none() {
            return Vec::new();
        }
        let sum = scores
            .try_fold(Decimal::ZERO, |sum, score| sum.checked_add(score))
            .map(|sum| sum.normalize());
        let Some(sum) = sum else { return Vec::new() };
        let answer = match item.kind {
            // A whole number is asked for: a sum that is none is not rounded but left out.
            Kind::Integer => match sum.to_string().parse() {
                Ok(whole) => Answer::Integer(whole),
                Err(_) => return Vec::new(),
            },
            Kind::Quantity => {
                let quantity = Quantity::new(sum);
                Answer::Quantity(Box::new(match item.units.first() {
                    Some(unit) => quantity.in_unit(unit),
                    None => quantity,
                }))
            }
            _ => Answer::Decimal(sum),
        };
        vec![answer]
    }

    pub(super) fn tally(&self, at: usize) -> Option<Tally> {
        let Some(Calculation::Total(sources)) = &self.definition.items[at].calculation else {
            return None;
        };
        let apply = || sources.iter().filter(|source| self.states[**source].enabled);
        Some(Tally {
            answered: apply()
                .filter(|source| self.effective(**source).next().is_some())
                .count(),
            of: apply().count(),
        })
    }

    fn scores(&self, at: usize) -> impl Iterator<Item = Decimal> {
        let options = &self.definition.items[at].options;
        self.effective(at).filter_map(move |answer| {
            let own = match answer {
                Answer::Coding(coding) => score(&coding.other),
                _ => None,
            };
            own.or_else(|| options.iter().find(|option| option.is(answer))?.score)
        })
    }
}
