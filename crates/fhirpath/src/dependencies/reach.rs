//! Follows which items of the response each part of an expression can come to.
//!
//! A part that yields values of its own (a literal, an answer's value) reaches nothing. A part that yields places in
//! the response carries a [`Reach`] for each kind, until something is made of them: then they are read.

use super::Dependencies;
use crate::ast::{Call, Chain, Expr, Literal, Member, Operator, Path, Step};
use crate::functions::Function as F;

/// Places in the response that a part of an expression yields. An empty list: none that could change.
type Reaches<'e> = Vec<Reach<'e>>;

#[derive(Clone, Debug, PartialEq)]
struct Reach<'e> {
    kind: Kind,
    of: Items<'e>,
    /// Equal ones were left out, so that all that is in them counts.
    merged: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    /// Items, or anything at all below them.
    Item,
    /// The answers of items.
    Answer,
}

#[derive(Clone, Debug, PartialEq)]
enum Items<'e> {
    /// The response itself.
    Response,
    /// Any item of the response.
    All,
    /// Those with one of these linkIds.
    Named(Vec<&'e str>),
    /// Those below items with one of these linkIds, and these themselves.
    Below(Vec<&'e str>),
    /// Those that a condition on the linkId lets through; it is noted already.
    Matching,
    /// The item that the evaluation begins at.
    Focus,
    /// What is below it.
    BelowFocus,
}

pub(super) fn analyse(root: &Expr) -> Dependencies<'_> {
    let mut walk = Walk {
        found: Dependencies::default(),
        locals: Vec::new(),
    };
    let focus = vec![Reach {
        kind: Kind::Item,
        of: Items::Focus,
        merged: false,
    }];
    let result = walk.expression(root, &focus);
    walk.read_whole(&result);
    walk.found
}

struct Walk<'e> {
    found: Dependencies<'e>,
    /// What `defineVariable` has named.
    locals: Vec<(&'e str, Reaches<'e>)>,
}

impl<'e> Walk<'e> {
    /// Something depends on whether these places are there, or on the answers in them.
    fn read(&mut self, places: &Reaches<'e>) {
        for place in places {
            match (&place.of, place.kind) {
                (Items::Named(ids), _) if place.merged => self.found.trees.extend(ids),
                (Items::Named(ids), _) => self.found.items.extend(ids),
                (Items::Below(ids), _) => self.found.trees.extend(ids),
                (Items::Matching, _) if place.merged => self.found.everything = true,
                (Items::Matching, _) => {}
                (Items::Focus, Kind::Answer) => self.found.focus = true,
                (Items::Focus, Kind::Item) => {}
                (Items::BelowFocus, _) => self.found.below_focus = true,
                (Items::Response | Items::All, _) => self.found.everything = true,
            }
        }
    }

    /// Something depends on all that is in these places.
    fn read_whole(&mut self, places: &Reaches<'e>) {
        for place in places {
            match &place.of {
                Items::Named(ids) | Items::Below(ids) => self.found.trees.extend(ids),
                Items::Focus | Items::BelowFocus => self.found.below_focus = true,
                Items::Response | Items::All | Items::Matching => self.found.everything = true,
            }
        }
    }

    fn expression(&mut self, expression: &'e Expr, this: &Reaches<'e>) -> Reaches<'e> {
        match expression {
            Expr::Empty | Expr::Literal(_) | Expr::Texts(_) | Expr::Total => Vec::new(),
            Expr::Index => {
                // The place of an item depends on all that stand before it.
                self.found.everything |= this.iter().any(|place| place.kind == Kind::Item);
                Vec::new()
            }
            Expr::This => this.clone(),
            Expr::Variable(name) => self.variable(name),
            Expr::Sign { operand, .. } => self.value(operand, this),
            Expr::Type { operand, is, .. } => {
                let places = self.expression(operand, this);
                if *is {
                    self.read(&places);
                    return Vec::new();
                }
                places
            }
            Expr::Chain(chain) => self.chain(chain, this),
            Expr::Path(path) => self.path(path, this),
        }
    }

    /// An expression of which only the value matters, as a condition or an operand.
    fn value(&mut self, expression: &'e Expr, this: &Reaches<'e>) -> Reaches<'e> {
        let places = self.expression(expression, this);
        self.read_whole(&places);
        Vec::new()
    }

    fn variable(&mut self, name: &'e str) -> Reaches<'e> {
        if let Some((_, places)) = self.locals.iter().find(|(known, _)| *known == name) {
            return places.clone();
        }
        let of = match name {
            "resource" | "rootResource" => Items::Response,
            "context" => Items::Focus,
            "questionnaire" | "qitem" | "ucum" | "sct" | "loinc" => return Vec::new(),
            _ => {
                self.found.variables.insert(name);
                return Vec::new();
            }
        };
        vec![Reach {
            kind: Kind::Item,
            of,
            merged: false,
        }]
    }

    fn chain(&mut self, chain: &'e Chain, this: &Reaches<'e>) -> Reaches<'e> {
        let operands = || std::iter::once(&chain.first).chain(chain.rest.iter().map(|(_, operand)| operand));
        if chain
            .rest
            .iter()
            .all(|(operator, _)| *operator == Operator::Union)
        {
            let mut all = Vec::new();
            for operand in operands() {
                let places = self.expression(operand, this);
                join(&mut all, merged(places));
            }
            return all;
        }
        let logic = |(operator, _): &(Operator, Expr)| {
            matches!(
                operator,
                Operator::And | Operator::Or | Operator::Xor | Operator::Implies
            )
        };
        for operand in operands() {
            match chain.rest.iter().all(logic) {
                // As a condition, a place says only whether it is there.
                true => {
                    let places = self.expression(operand, this);
                    self.read(&places);
                }
                false => drop(self.value(operand, this)),
            }
        }
        Vec::new()
    }

    fn path(&mut self, path: &'e Path, this: &Reaches<'e>) -> Reaches<'e> {
        let locals = self.locals.len();
        let mut places = self.expression(&path.head, this);
        for step in &path.steps {
            places = match step {
                Step::Member(member) => self.member(places, member),
                Step::Call(call) => self.call(places, call, this),
                Step::Index(index) => {
                    self.value(index, this);
                    places
                }
            };
        }
        self.locals.truncate(locals);
        places
    }

    fn member(&mut self, places: Reaches<'e>, member: &'e Member) -> Reaches<'e> {
        let mut found = Vec::new();
        for place in places {
            match (&*member.name, &place.of, place.kind) {
                ("item", ..) => join(&mut found, vec![below(place)]),
                ("answer", of, Kind::Item) if *of != Items::Response => {
                    join(
                        &mut found,
                        vec![Reach {
                            kind: Kind::Answer,
                            ..place
                        }],
                    );
                }
                // An answer has no answers.
                ("answer", _, Kind::Answer) => {}
                // The name of the resource's type, at the beginning of a path.
                (_, Items::Focus, Kind::Item) if member.may_be_type => join(&mut found, vec![place]),
                // What else there is in an item, or in the response, never changes.
                (_, Items::Focus | Items::Response, Kind::Item) => {}
                _ => self.read(&vec![place]),
            }
        }
        found
    }

    fn call(&mut self, input: Reaches<'e>, call: &'e Call, this: &Reaches<'e>) -> Reaches<'e> {
        let first = call.arguments.first();
        match call.function {
            F::Where => match first {
                Some(criterion) => self.filter(input, criterion),
                None => input,
            },
            F::Exists => {
                let found = match first {
                    Some(criterion) => self.filter(input, criterion),
                    None => input,
                };
                self.read(&found);
                Vec::new()
            }
            F::All => {
                self.read(&input);
                let condition = first.map_or(Vec::new(), |criterion| self.expression(criterion, &input));
                self.read(&condition);
                Vec::new()
            }
            F::Select => first.map_or(Vec::new(), |projection| self.expression(projection, &input)),
            F::Repeat | F::RepeatAll => {
                // Wherever the projection leads, it leads below.
                let mut places = input.clone();
                for place in input {
                    let of = below(place);
                    join(
                        &mut places,
                        vec![
                            Reach {
                                kind: Kind::Answer,
                                ..of.clone()
                            },
                            of,
                        ],
                    );
                }
                let found = first.map_or(Vec::new(), |projection| self.expression(projection, &places));
                if call.function == F::Repeat {
                    merged(found)
                } else {
                    found
                }
            }
            F::Children | F::Descendants => input.into_iter().map(below).collect(),
            F::First | F::Last | F::Tail | F::Single | F::OfType | F::As | F::Skip | F::Take => {
                self.arguments(call, this);
                input
            }
            F::Trace => {
                let projection = call.arguments.get(1);
                projection.map(|projection| self.value(projection, &input));
                input
            }
            F::Distinct => merged(input),
            F::Union | F::Combine | F::Coalesce => {
                let mut found = if call.function == F::Coalesce {
                    Vec::new()
                } else {
                    input
                };
                for argument in &call.arguments {
                    let places = self.expression(argument, this);
                    if call.function == F::Coalesce {
                        self.read(&places);
                    }
                    join(&mut found, places);
                }
                if call.function == F::Union {
                    merged(found)
                } else {
                    found
                }
            }
            F::Iif => {
                let mut found = Vec::new();
                for (index, argument) in call.arguments.iter().enumerate() {
                    let places = self.expression(argument, &input);
                    match index {
                        0 => self.read(&places),
                        _ => join(&mut found, places),
                    }
                }
                found
            }
            F::Sort => {
                self.read(&input);
                for argument in &call.arguments {
                    self.value(argument, &input);
                }
                if call.arguments.is_empty() {
                    self.read_whole(&input);
                }
                input
            }
            F::Aggregate => {
                self.read(&input);
                first.map(|aggregator| self.value(aggregator, &input));
                call.arguments.get(1).map(|start| self.value(start, this));
                Vec::new()
            }
            F::DefineVariable => {
                if let Some(name) = first.and_then(Expr::as_string) {
                    let places = match call.arguments.get(1) {
                        Some(value) => self.expression(value, &input),
                        None => input.clone(),
                    };
                    self.locals.push((name, places));
                }
                input
            }
            F::Now | F::Today | F::TimeOfDay => {
                self.found.clock = true;
                Vec::new()
            }
            F::Empty | F::Count | F::Not | F::HasValue | F::Weight | F::Ordinal | F::Extension => {
                self.read(&input);
                self.arguments(call, this);
                Vec::new()
            }
            _ => {
                self.read_whole(&input);
                self.arguments(call, this);
                Vec::new()
            }
        }
    }

    fn arguments(&mut self, call: &'e Call, this: &Reaches<'e>) {
        for argument in &call.arguments {
            self.value(argument, this);
        }
    }

    /// What a criterion leaves of the places. A criterion on the linkId says which items are read at all.
    fn filter(&mut self, input: Reaches<'e>, criterion: &'e Expr) -> Reaches<'e> {
        let parts = parts(criterion);
        let ids = parts.iter().find_map(|part| link_ids(part));
        let conditions: Vec<&Expr> = parts.into_iter().filter(|part| on_link_id(part)).collect();
        let mut found = Vec::new();
        for mut place in input {
            match (&ids, &place.of) {
                _ if place.kind == Kind::Answer => {}
                (Some(ids), _) => place.of = Items::Named(ids.clone()),
                (None, Items::Named(_) | Items::Focus) => {}
                (None, _) if conditions.is_empty() => {}
                (None, _) => {
                    self.found.conditions.push(conditions.clone());
                    place.of = Items::Matching;
                }
            }
            join(&mut found, vec![place]);
        }
        if ids.is_some() {
            self.read(&found);
        }
        let condition = self.expression(criterion, &found);
        self.read(&condition);
        found
    }
}

/// What stands directly below places, or further down.
fn below(place: Reach<'_>) -> Reach<'_> {
    let of = match place.of {
        Items::Response | Items::All | Items::Matching => Items::All,
        Items::Named(ids) | Items::Below(ids) => Items::Below(ids),
        Items::Focus | Items::BelowFocus => Items::BelowFocus,
    };
    Reach {
        kind: Kind::Item,
        of,
        ..place
    }
}

fn merged(mut places: Reaches<'_>) -> Reaches<'_> {
    places.iter_mut().for_each(|place| place.merged = true);
    places
}

fn join<'e>(places: &mut Reaches<'e>, more: Reaches<'e>) {
    for place in more {
        if !places.contains(&place) {
            places.push(place);
        }
    }
}

/// The operands of a chain of `and`, or the criterion as the only one.
fn parts(criterion: &Expr) -> Vec<&Expr> {
    let Expr::Chain(chain) = criterion else {
        return vec![criterion];
    };
    if !chain.rest.iter().all(|(operator, _)| *operator == Operator::And) {
        return vec![criterion];
    }
    std::iter::once(&chain.first)
        .chain(chain.rest.iter().map(|(_, operand)| operand))
        .collect()
}

/// The linkIds that a criterion asks for: `linkId = 'a'`, `linkId in ('a' | 'b')`, or several with `or`.
pub(crate) fn link_ids(criterion: &Expr) -> Option<Vec<&str>> {
    let Expr::Chain(chain) = criterion else {
        return None;
    };
    if chain.rest.iter().all(|(operator, _)| *operator == Operator::Or) {
        let mut all = link_ids(&chain.first)?;
        for (_, operand) in &chain.rest {
            all.extend(link_ids(operand)?);
        }
        return Some(all);
    }
    let [(operator, right)] = &*chain.rest else {
        return None;
    };
    let (link_id, texts) = match operator {
        Operator::Equal if is_link_id(&chain.first) => (&chain.first, right),
        Operator::Equal => (right, &chain.first),
        Operator::In => (&chain.first, right),
        Operator::Contains => (right, &chain.first),
        _ => return None,
    };
    if !is_link_id(link_id) {
        return None;
    }
    match texts {
        Expr::Literal(Literal::String(text)) => Some(vec![text]),
        Expr::Texts(texts) if *operator != Operator::Equal => Some(texts.iter().collect()),
        _ => None,
    }
}

/// `linkId`, and nothing after it.
fn is_link_id(expression: &Expr) -> bool {
    let Expr::Path(path) = expression else {
        return false;
    };
    matches!((&path.head, &*path.steps), (Expr::This, [Step::Member(member)]) if &*member.name == "linkId")
}

/// Whether an expression looks at the linkId, at literals, and at nothing else.
fn on_link_id(expression: &Expr) -> bool {
    match expression {
        Expr::Empty | Expr::Literal(_) | Expr::Texts(_) => true,
        Expr::Chain(chain) => {
            on_link_id(&chain.first) && chain.rest.iter().all(|(_, operand)| on_link_id(operand))
        }
        Expr::Path(path) => {
            let step = |step: &Step| match step {
                Step::Member(_) => false,
                Step::Index(index) => on_link_id(index),
                // Arguments that are evaluated for each value, and what comes from elsewhere, are not followed.
                Step::Call(call) => {
                    let plain = matches!(
                        call.function,
                        F::StartsWith
                            | F::EndsWith
                            | F::Contains
                            | F::Matches
                            | F::MatchesFull
                            | F::Exists
                            | F::Empty
                            | F::Not
                            | F::Substring
                            | F::Length
                            | F::IndexOf
                            | F::Lower
                            | F::Upper
                            | F::Replace
                            | F::ReplaceMatches
                            | F::ToInteger
                            | F::ConvertsToInteger
                            | F::Trim
                    );
                    plain && call.arguments.iter().all(on_link_id)
                }
            };
            match (&path.head, path.steps.split_first()) {
                (Expr::This, Some((Step::Member(member), rest))) => {
                    &*member.name == "linkId" && rest.iter().all(step)
                }
                (Expr::This, _) | (_, None) => false,
                (head, _) => on_link_id(head) && path.steps.iter().all(step),
            }
        }
        _ => false,
    }
}
