//! Paths through a response of which there is an index: where a form asks for items by their linkId, they are looked up,
//! and nothing else is visited. The result is that of going through all.

use super::seen::Seen;
use super::{Evaluator, Scope};
use crate::ast::{Call, Expr, Path, Step};
use crate::context::Items;
use crate::dependencies::link_ids;
use crate::error::Failure;
use crate::functions::Function;
use crate::value::{Collection, Node, Value};

/// How items are reached from where a path stands.
enum Way {
    /// `item`, so many times.
    Items(usize),
    /// `descendants()`
    Below,
    /// `repeat(item)`
    Repeat,
}

impl<'a> Evaluator<'a, '_> {
    /// The path's result, where it leads to items by their linkId and there is an index.
    pub(super) fn path_through_items(
        &mut self,
        path: &'a Path,
        scope: Scope<'a, '_>,
    ) -> Result<Option<Collection<'a>>, Failure> {
        let Some(items) = self.context.items else {
            return Ok(None);
        };
        let filters = |step: &Step| matches!(step, Step::Call(call) if call.function == Function::Where);
        if !path.steps.iter().any(filters) || !self.begins_in_response(path, scope) {
            return Ok(None);
        }
        let mut current = self.expression(&path.head, scope)?;
        let mut steps = &*path.steps;
        let mut stays = true;
        while let Some((step, rest)) = steps.split_first() {
            let looked_up = match current.as_slice() {
                [Value::Node(start)] if stays => self.look_up(items, start, steps)?,
                _ => None,
            };
            if let Some((found, taken)) = looked_up {
                (current, steps) = (found, &steps[taken..]);
                continue;
            }
            stays &= stays_below(step);
            (current, steps) = (self.step(current, step, scope)?, rest);
        }
        Ok(Some(current))
    }

    /// Whether the path begins at the response or in it. Elsewhere, as in the questionnaire, the index knows nothing.
    fn begins_in_response(&self, path: &Path, scope: Scope<'a, '_>) -> bool {
        let Some(resource) = self.context.resource else {
            return false;
        };
        let defined = |name: &str| {
            self.locals.iter().any(|(known, _)| *known == name) || self.context.variable(name).is_some()
        };
        match &path.head {
            Expr::Variable(name) => matches!(&**name, "resource" | "rootResource") && !defined(name),
            Expr::This => match scope.this {
                [Value::Node(node)] => std::ptr::eq(node.json(), resource),
                _ => false,
            },
            _ => false,
        }
    }

    /// What the first of these steps lead to, and how many of them.
    fn look_up(
        &mut self,
        items: &'a dyn Items,
        start: &Node<'a>,
        steps: &'a [Step],
    ) -> Result<Option<(Collection<'a>, usize)>, Failure> {
        let is_item = |step: &&Step| matches!(step, Step::Member(member) if &*member.name == "item");
        let times = steps.iter().take_while(is_item).count();
        let way = match steps.first() {
            _ if times > 0 => Way::Items(times),
            Some(Step::Call(call)) if call.function == Function::Descendants && items.are_all() => Way::Below,
            Some(Step::Call(call)) if repeats_item(call) => Way::Repeat,
            _ => return Ok(None),
        };
        let taken = times.max(1);
        let Some(Step::Call(filter)) = steps
            .get(taken)
            .filter(|step| matches!(step, Step::Call(call) if call.function == Function::Where))
        else {
            return Ok(None);
        };
        let link_ids = filter.arguments.first().and_then(link_ids);
        let ways = match &link_ids {
            Some(link_ids) => Some(items.named(link_ids)),
            // Nothing that is not read makes a difference, so it need not be there. Answers and their parts may be
            // asked for as well, though, where the way leads to more than items.
            None if matches!(way, Way::Below) => None,
            None => self.context.among.map(|link_ids| {
                let link_ids: Vec<&str> = link_ids.iter().map(String::as_str).collect();
                items.named(&link_ids)
            }),
        };
        let Some(mut ways) = ways else {
            return Ok(None);
        };
        self.spend(link_ids.as_ref().map_or(0, Vec::len) + ways.iter().map(Vec::len).sum::<usize>())?;
        ways.retain(|nodes| {
            let Some(at) = nodes
                .iter()
                .rposition(|node| std::ptr::eq(node.json(), start.json()))
            else {
                return false;
            };
            let below = &nodes[at + 1..];
            let by_item = || below.iter().all(|node| node.name() == "item");
            match way {
                Way::Items(times) => below.len() == times && by_item(),
                Way::Below => !below.is_empty(),
                Way::Repeat => !below.is_empty() && by_item(),
            }
        });
        if matches!(way, Way::Repeat) {
            // What is nearer comes first, and of equal ones one.
            let deepest = ways.iter().map(Vec::len).max().unwrap_or_default();
            let mut nearest = Vec::with_capacity(ways.len());
            for depth in 0..=deepest {
                nearest.extend(ways.iter().filter(|way| way.len() == depth).cloned());
            }
            ways = nearest;
        }
        let values = ways.into_iter().filter_map(|nodes| nodes.last().copied());
        let values = values.map(Value::Node);
        let found = match way {
            Way::Repeat => {
                let mut seen = Seen::default();
                for value in values {
                    seen.insert(self, value)?;
                }
                seen.into_collection()
            }
            _ => values.collect(),
        };
        // The linkIds were all that was asked.
        let taken = taken + usize::from(link_ids.is_some());
        Ok(Some((found, taken)))
    }
}

/// `repeat(item)`
fn repeats_item(call: &Call) -> bool {
    let Some(Expr::Path(path)) = call
        .arguments
        .first()
        .filter(|_| call.function == Function::Repeat)
    else {
        return false;
    };
    matches!((&path.head, &*path.steps), (Expr::This, [Step::Member(member)]) if &*member.name == "item")
}

/// Whether a step leads from elements of a response to elements of the same.
fn stays_below(step: &Step) -> bool {
    match step {
        Step::Member(_) | Step::Index(_) => true,
        Step::Call(call) => matches!(
            call.function,
            Function::Where | Function::First | Function::Last | Function::Single | Function::Descendants
        ),
    }
}
