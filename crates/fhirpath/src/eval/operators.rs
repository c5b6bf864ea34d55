//! The operators between two operands, from left to right along a chain.

use std::cmp::Ordering;

use super::conditions::is_logic;
use super::equality::ordered;
use super::seen::Seen;
use super::{Evaluator, Outcome, Scope, arithmetic, single};
use crate::ast::{Chain, Expr, Operator, Texts};
use crate::error::Failure;
use crate::types;
use crate::value::{Collection, Value};

impl<'a> Evaluator<'a, '_> {
    pub(super) fn chain(&mut self, chain: &'a Chain, scope: Scope<'a, '_>) -> Outcome<'a> {
        if is_logic(chain) {
            return Ok(self.logic(chain, scope)?.map(Value::Boolean).into());
        }
        let mut left = self.expression(&chain.first, scope)?;
        if chain.rest.len() > 1 && chain.is_union() {
            // All at once: one after the other, each would look through all that came before it again.
            let mut seen = Seen::default();
            for value in left {
                seen.insert(self, value)?;
            }
            for (_, operand) in &chain.rest {
                for value in self.expression(operand, scope)? {
                    seen.insert(self, value)?;
                }
            }
            return Ok(seen.into_collection());
        }
        for (operator, operand) in &chain.rest {
            left = match (operator, operand) {
                // The list stays where it is.
                (Operator::In, Expr::Texts(texts)) => self.among(&left, texts)?.map(Value::Boolean).into(),
                _ => {
                    let right = self.expression(operand, scope)?;
                    self.apply(*operator, left, right)?
                }
            };
        }
        Ok(left)
    }

    fn apply(&mut self, operator: Operator, left: Collection<'a>, right: Collection<'a>) -> Outcome<'a> {
        let truth = |answer: Option<bool>| answer.map(Value::Boolean).into();
        Ok(match operator {
            Operator::Equal => truth(self.equal(&left, &right)?),
            Operator::NotEqual => truth(self.equal(&left, &right)?.map(|equal| !equal)),
            Operator::Equivalent => truth(Some(self.equivalent(&left, &right)?)),
            Operator::NotEquivalent => truth(Some(!self.equivalent(&left, &right)?)),
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
                truth(compared(operator, &left, &right)?)
            }
            Operator::Union => self.union(left, right)?,
            Operator::In => truth(self.membership("in", &left, &right)?),
            Operator::Contains => truth(self.membership("contains", &right, &left)?),
            Operator::Concatenate => {
                let text = arithmetic::concatenated(&left, &right)?;
                self.spend_text(text.len())?;
                Value::from(text).into()
            }
            _ => {
                let symbol = operator.symbol();
                let (Some(left), Some(right)) = (single(&left, symbol)?, single(&right, symbol)?) else {
                    return Ok(Collection::new());
                };
                let result = arithmetic::calculated(operator, left, right)?;
                if let Some(Value::String(text)) = &result {
                    self.spend_text(text.len())?;
                }
                result.into()
            }
        })
    }

    /// Both collections in order, without duplicates.
    pub(super) fn union(&mut self, left: Collection<'a>, right: Collection<'a>) -> Outcome<'a> {
        match (left.len(), right.len()) {
            (0 | 1, 0) => return Ok(left),
            (0, 1) => return Ok(right),
            _ => {}
        }
        let mut seen = Seen::default();
        for value in left.into_iter().chain(right) {
            seen.insert(self, value)?;
        }
        Ok(seen.into_collection())
    }

    /// `item in ('a' | 'b')`
    fn among(&mut self, item: &Collection<'a>, texts: &'a Texts) -> Result<Option<bool>, Failure> {
        let Some(item) = single(item, "in")? else {
            return Ok(None);
        };
        // Plain texts, such as linkIds, are looked up as they stand.
        if let Value::String(text) = item.system()
            && !types::looks_temporal(&text)
        {
            self.spend(1)?;
            return Ok(Some(texts.contains(&text)));
        }
        for text in texts.iter() {
            if self.values_equal(item, &Value::from(text))? == Some(true) {
                return Ok(Some(true));
            }
        }
        Ok(Some(false))
    }

    fn membership(
        &mut self,
        operation: &'static str,
        item: &Collection<'a>,
        values: &Collection<'a>,
    ) -> Result<Option<bool>, Failure> {
        let Some(item) = single(item, operation)? else {
            return Ok(None);
        };
        for value in values {
            if self.values_equal(item, value)? == Some(true) {
                return Ok(Some(true));
            }
        }
        Ok(Some(false))
    }
}

fn compared(
    operator: Operator,
    left: &Collection<'_>,
    right: &Collection<'_>,
) -> Result<Option<bool>, Failure> {
    let symbol = operator.symbol();
    let (Some(left), Some(right)) = (single(left, symbol)?, single(right, symbol)?) else {
        return Ok(None);
    };
    let ordering = ordered(symbol, left, right)?;
    Ok(ordering.map(|ordering| match operator {
        Operator::Less => ordering == Ordering::Less,
        Operator::LessOrEqual => ordering != Ordering::Greater,
        Operator::Greater => ordering == Ordering::Greater,
        _ => ordering != Ordering::Less,
    }))
}
