//! Following a path: names, positions and function calls, one after the other.

use serde_json::Value as Json;

use super::{Evaluator, Outcome, Scope, functions, single, wrong_type};
use crate::ast::{Expr, Member, Path, Step};
use crate::functions::Function;
use crate::types;
use crate::value::{Collection, Node, Value};

impl<'a> Evaluator<'a, '_> {
    pub(super) fn path(&mut self, path: &'a Path, scope: Scope<'a, '_>) -> Outcome<'a> {
        let locals = self.locals.len();
        if let Some(found) = self.path_through_items(path, scope)? {
            self.locals.truncate(locals);
            return Ok(found);
        }
        let (mut current, steps) = match (&path.head, path.steps.split_first()) {
            // The most frequent beginning needs no copy of `$this`.
            (Expr::This, Some((Step::Member(member), rest))) => (self.members(scope.this, member)?, rest),
            _ => (self.expression(&path.head, scope)?, &*path.steps),
        };
        let mut steps = steps.iter();
        while let Some(step) = steps.next() {
            if is(step, Function::Descendants)
                && let Some(Step::Call(filter)) = steps.as_slice().first()
                && filter.function == Function::Where
                && let Some(criterion) = filter.arguments.first()
            {
                // Most of what lies below is not wanted: it is not put together first.
                steps.next();
                current = self.descendants_where(&current, Some((criterion, scope)))?;
                continue;
            }
            current = self.step(current, step, scope)?;
        }
        self.locals.truncate(locals);
        Ok(current)
    }

    pub(super) fn step(
        &mut self,
        input: Collection<'a>,
        step: &'a Step,
        scope: Scope<'a, '_>,
    ) -> Outcome<'a> {
        match step {
            Step::Member(member) => self.members(input.as_slice(), member),
            Step::Call(call) => {
                self.spend(1)?;
                functions::call(self, call, input, scope)
            }
            Step::Index(index) => {
                let index = self.expression(index, scope)?;
                let Some(index) = single(&index, "[]")? else {
                    return Ok(Collection::new());
                };
                let position = index.as_integer().ok_or_else(|| wrong_type("[]", &[index]))?;
                let position = usize::try_from(position).ok();
                Ok(position
                    .and_then(|position| input.as_slice().get(position))
                    .cloned()
                    .into())
            }
        }
    }

    fn members(&mut self, values: &[Value<'a>], member: &'a Member) -> Outcome<'a> {
        let mut found = Collection::with_capacity(values.len());
        for value in values {
            members(value, member, &mut found);
        }
        self.spend(values.len() + found.len())?;
        Ok(found)
    }

    /// Everything below the values, parents before their children.
    pub(super) fn descendants(&mut self, input: &Collection<'a>) -> Outcome<'a> {
        self.descendants_where(input, None)
    }

    /// The same, or only those for which a criterion holds.
    fn descendants_where(
        &mut self,
        input: &Collection<'a>,
        filter: Option<(&'a Expr, Scope<'a, '_>)>,
    ) -> Outcome<'a> {
        let (mut found, mut index) = (Vec::new(), 0);
        // A stack of its own: the depth of a resource is not bounded by the expression.
        let mut waiting: Vec<Node<'a>> = Vec::new();
        for value in input {
            let Value::Node(node) = value else { continue };
            node.children(&mut |child| waiting.push(child));
            waiting.reverse();
            while let Some(node) = waiting.pop() {
                let value = Value::Node(node);
                let wanted = match filter {
                    None => true,
                    Some((criterion, scope)) => {
                        self.condition(criterion, scope.item(&value, index))? == Some(true)
                    }
                };
                index += 1;
                if wanted {
                    found.push(value);
                }
                let begin = waiting.len();
                node.children(&mut |child| waiting.push(child));
                waiting[begin..].reverse();
                self.spend(1)?;
            }
        }
        Ok(found.into())
    }
}

fn is(step: &Step, function: Function) -> bool {
    matches!(step, Step::Call(call) if call.function == function)
}

/// The elements of a name below one value.
fn members<'a>(value: &Value<'a>, member: &'a Member, found: &mut Collection<'a>) {
    match value {
        Value::Node(node) => {
            if member.may_be_type && is_of_type(node.json(), &member.name) {
                return found.push(value.clone());
            }
            node.children_named(&member.name, &mut |child| found.push(child.into()));
        }
        Value::Quantity(quantity) => match member.name.as_ref() {
            "value" => found.push(quantity.value.into()),
            "unit" => found.push(quantity.unit.clone().into()),
            _ => {}
        },
        Value::Type(info) => match member.name.as_ref() {
            "namespace" => found.push(info.namespace.into()),
            "name" => found.push(info.name.into()),
            _ => {}
        },
        _ => {}
    }
}

/// Whether the first name of a path is the type of the resource itself.
fn is_of_type(json: &Json, name: &str) -> bool {
    let resource = json.get("resourceType").and_then(Json::as_str);
    resource.is_some_and(|resource| resource == name || types::is_a(resource, name))
}
