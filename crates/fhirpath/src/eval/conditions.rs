//! Conditions: the criteria of `where` and its like, and the operands of `and` and `or`.
//!
//! Forms ask the same few conditions of every item (`linkId = 'x'`, `answer.exists()`), so these are answered without
//! building collections. The answers are those that the general way gives.

use serde_json::Value as Json;

use super::{Evaluator, Scope, condition};
use crate::ast::{Chain, Expr, Literal, Member, Operator, Path, Step};
use crate::error::Failure;
use crate::functions::Function;
use crate::types;
use crate::value::{Node, Value};

impl<'a> Evaluator<'a, '_> {
    /// The value as a condition: one value that is no Boolean counts as `true`, none is unknown.
    pub(super) fn condition(
        &mut self,
        expression: &'a Expr,
        scope: Scope<'a, '_>,
    ) -> Result<Option<bool>, Failure> {
        match expression {
            Expr::Chain(chain) if is_logic(chain) => return self.logic(chain, scope),
            Expr::Chain(chain) => {
                if let Some(answer) = equals_text(chain, scope) {
                    self.spend(1)?;
                    return Ok(Some(answer));
                }
            }
            Expr::Path(path) => {
                if let Some(answer) = member_exists(path, scope).or_else(|| text_has(path, scope)) {
                    self.spend(1)?;
                    return Ok(Some(answer));
                }
            }
            _ => {}
        }
        let result = self.expression(expression, scope)?;
        condition(&result, "a condition")
    }

    /// A chain of `and`, of `or` and `xor`, or of `implies`. What the left side decides alone is not asked of the
    /// right side.
    pub(super) fn logic(&mut self, chain: &'a Chain, scope: Scope<'a, '_>) -> Result<Option<bool>, Failure> {
        let mut left = self.condition(&chain.first, scope)?;
        for (operator, operand) in &chain.rest {
            left = match (operator, left) {
                (Operator::And, Some(false)) => Some(false),
                (Operator::Or, Some(true)) | (Operator::Implies, Some(false)) => Some(true),
                _ => {
                    let right = self.condition(operand, scope)?;
                    combined(*operator, left, right)
                }
            };
        }
        Ok(left)
    }
}

/// Operators of one precedence stand in one chain, so the first tells of all.
pub(super) fn is_logic(chain: &Chain) -> bool {
    let first = chain.rest.first().map(|(operator, _)| *operator);
    matches!(
        first,
        Some(Operator::And | Operator::Or | Operator::Xor | Operator::Implies)
    )
}

/// Three-valued logic: `None` is "unknown".
fn combined(operator: Operator, left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match operator {
        Operator::And => match (left, right) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        },
        Operator::Or => match (left, right) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        },
        Operator::Xor => Some(left? != right?),
        _ => match (left, right) {
            (Some(false), _) | (_, Some(true)) => Some(true),
            (Some(true), right) => right,
            _ => None,
        },
    }
}

/// `name = 'text'` and `name != 'text'` of an object that has one text of this name.
fn equals_text(chain: &Chain, scope: Scope<'_, '_>) -> Option<bool> {
    let (Expr::Path(path), [(operator, Expr::Literal(Literal::String(wanted)))]) =
        (&chain.first, &*chain.rest)
    else {
        return None;
    };
    let [Step::Member(member)] = &*path.steps else {
        return None;
    };
    let node = this_node(path, member, scope)?;
    let found = node.json().get(&*member.name)?.as_str()?;
    if types::looks_temporal(found) && types::looks_temporal(wanted) {
        return None;
    }
    match operator {
        Operator::Equal => Some(found == wanted.as_ref()),
        Operator::NotEqual => Some(found != wanted.as_ref()),
        _ => None,
    }
}

/// `name.exists()` and `name.empty()`.
fn member_exists(path: &Path, scope: Scope<'_, '_>) -> Option<bool> {
    let [Step::Member(member), Step::Call(call)] = &*path.steps else {
        return None;
    };
    let wanted = match call.function {
        Function::Exists if call.arguments.is_empty() => true,
        Function::Empty => false,
        _ => return None,
    };
    if let (Expr::This, [Value::Node(node)]) = (&path.head, scope.this)
        && node.is_leaf()
    {
        return Some(!wanted);
    }
    let node = this_node(path, member, scope)?;
    let mut found = false;
    node.children_named(&member.name, &mut |_| found = true);
    Some(found == wanted)
}

/// `name.startsWith('text')` and its like, of an object that has one text of this name.
fn text_has(path: &Path, scope: Scope<'_, '_>) -> Option<bool> {
    let [Step::Member(member), Step::Call(call)] = &*path.steps else {
        return None;
    };
    let [Expr::Literal(Literal::String(wanted))] = &*call.arguments else {
        return None;
    };
    let node = this_node(path, member, scope)?;
    let found = node.json().get(&*member.name)?.as_str()?;
    match call.function {
        Function::StartsWith => Some(found.starts_with(&**wanted)),
        Function::EndsWith => Some(found.ends_with(&**wanted)),
        Function::Contains => Some(found.contains(&**wanted)),
        _ => None,
    }
}

/// The element that a name alone is asked of.
fn this_node<'a>(path: &Path, member: &Member, scope: Scope<'a, '_>) -> Option<Node<'a>> {
    match (&path.head, scope.this) {
        (Expr::This, [Value::Node(node)])
            if !member.may_be_type && matches!(node.json(), Json::Object(_)) =>
        {
            Some(*node)
        }
        _ => None,
    }
}
