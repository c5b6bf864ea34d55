//! Which items of a response an expression reads, found without evaluating it: what a form needs to know to evaluate
//! again only what a new answer can change.
//!
//! `reach` walks over the expression and follows which items each part of it can come to; this is the result.

mod reach;

use serde_json::json;

use crate::ast::Expr;
use crate::context::Context;
use crate::eval;

pub(crate) use reach::link_ids;

/// Which items of a response, and what else, the result of an expression depends on.
///
/// An item counts as changed when it is added or removed, when it gets other answers, or when an item that it stands
/// in is added or removed; what else there is in a response (its status, subject, author) counts as constant. As long
/// as nothing that an expression depends on changes, its result stays the same. It may depend on less than this says,
/// never on more.
///
/// ```
/// use fhirpath::Expression;
///
/// let total = Expression::parse("%resource.item.where(linkId = 'mood').item.where(linkId.startsWith('phq')).answer.weight().sum()")?;
/// let dependencies = total.dependencies();
/// assert!(dependencies.reads("mood") && dependencies.reads("phq-1"));
/// assert!(!dependencies.reads("age"));
/// assert!(!dependencies.reads_everything() && !dependencies.reads_clock());
/// # Ok::<(), fhirpath::ParseError>(())
/// ```
#[derive(Debug, Default)]
pub struct Dependencies<'e> {
    items: Names<'e>,
    trees: Names<'e>,
    /// Conditions on the linkId alone: an item for which all of one list are true is read.
    conditions: Vec<Vec<&'e Expr>>,
    variables: Names<'e>,
    everything: bool,
    focus: bool,
    below_focus: bool,
    clock: bool,
}

/// Names in their order, each once.
#[derive(Debug, Default)]
struct Names<'e>(Vec<&'e str>);

impl<'e> Names<'e> {
    fn contains(&self, name: &str) -> bool {
        self.0.binary_search(&name).is_ok()
    }

    fn insert(&mut self, name: &'e str) {
        if let Err(place) = self.0.binary_search(&name) {
            self.0.insert(place, name);
        }
    }

    fn extend(&mut self, names: &[&'e str]) {
        names.iter().for_each(|name| self.insert(name));
    }
}

impl<'e> Dependencies<'e> {
    pub(crate) fn of(root: &'e Expr) -> Self {
        reach::analyse(root)
    }

    /// Whether the answers of items with this linkId are read, or whether there are such items.
    pub fn reads(&self, link_id: &str) -> bool {
        self.everything
            || self.items.contains(link_id)
            || self.trees.contains(link_id)
            || self.meets_condition(link_id)
    }

    /// Whether everything below items with this linkId is read too.
    pub fn reads_below(&self, link_id: &str) -> bool {
        self.everything || self.trees.contains(link_id)
    }

    /// Whether any item at all may be read: nothing is known about which.
    pub fn reads_everything(&self) -> bool {
        self.everything
    }

    /// Whether the answers of the item that the evaluation begins at are read (`answer.value`, `%context.answer`).
    pub fn reads_focus(&self) -> bool {
        self.everything || self.focus || self.below_focus
    }

    /// Whether everything below the item that the evaluation begins at is read too. Where the evaluation begins at
    /// the response, this is everything.
    pub fn reads_below_focus(&self) -> bool {
        self.everything || self.below_focus
    }

    /// Whether the result depends on the time: `now()`, `today()`, `timeOfDay()`.
    pub fn reads_clock(&self) -> bool {
        self.clock
    }

    /// The variables that are read, without those that FHIR and SDC define (`%resource`, `%context`, `%questionnaire`,
    /// `%qitem` and constants). What they depend on is to be added by whoever defines them.
    pub fn variables(&self) -> impl Iterator<Item = &'e str> {
        self.variables.0.iter().copied()
    }

    /// The linkIds that the expression names: those of [`reads`](Self::reads) that can be listed.
    pub fn link_ids(&self) -> impl Iterator<Item = &'e str> {
        let only = self.items.0.iter().filter(|id| !self.trees.contains(id));
        only.chain(&self.trees.0).copied()
    }

    /// Whether [`link_ids`](Self::link_ids) lists all that are read. Otherwise some are told only by asking
    /// [`reads`](Self::reads), as with `where(linkId.startsWith('phq'))`.
    pub fn lists_all(&self) -> bool {
        !self.everything && self.conditions.is_empty()
    }

    fn meets_condition(&self, link_id: &str) -> bool {
        if self.conditions.is_empty() {
            return false;
        }
        let item = json!({ "linkId": link_id });
        // A condition that fails for this linkId would fail the whole evaluation: it is read.
        let holds = |condition: &&Expr| {
            let answer = eval::evaluate(condition, &Context::new(&item));
            answer.map_or(true, |answer| answer.as_condition() == Some(true))
        };
        self.conditions.iter().any(|all| all.iter().all(holds))
    }
}

#[cfg(test)]
mod tests {
    use crate::Expression;

    /// In words: which of the items `a`, `b` and `x.1` are read (in capitals: with everything below), and what else.
    fn read_by(source: &str) -> String {
        let expression = Expression::parse(source).unwrap();
        let found = expression.dependencies();
        if found.reads_everything() {
            return "everything".to_owned();
        }
        let mut words = Vec::new();
        for link_id in ["a", "b", "x.1"] {
            match (found.reads(link_id), found.reads_below(link_id)) {
                (_, true) => words.push(link_id.to_uppercase()),
                (true, false) => words.push(link_id.to_owned()),
                _ => {}
            }
        }
        let flags = [
            (found.reads_below_focus(), "BELOW"),
            (found.reads_focus() && !found.reads_below_focus(), "focus"),
            (found.reads_clock(), "clock"),
        ];
        words.extend(
            flags
                .into_iter()
                .filter(|(set, _)| *set)
                .map(|(_, word)| word.to_owned()),
        );
        words.extend(found.variables().map(|name| format!("%{name}")));
        words.join(" ")
    }

    #[test]
    fn an_expression_depends_on_the_items_that_it_filters_for() {
        let table = [
            ("1 + 2", ""),
            ("%age > 18 and today() > @2020", "clock %age"),
            ("%patient.birthDate <= today() - 18 years", "clock %patient"),
            ("%resource.item.where(linkId = 'a').answer.value", "a"),
            ("%resource.item.where('a' = linkId).answer.value.exists()", "a"),
            (
                "%resource.item.where(linkId = 'a').item.where(linkId in ('b' | 'c')).answer.value.sum()",
                "a b",
            ),
            (
                "%resource.item.where(linkId = 'a' or linkId = 'b').answer.exists()",
                "a b",
            ),
            (
                "%resource.item.where(linkId = 'a' and answer.value > 3).exists()",
                "a",
            ),
            ("%resource.item.exists(linkId = 'a' and answer.value > 3)", "a"),
            (
                "%resource.descendants().where(linkId = 'a').answer.value.code = 'yes'",
                "a",
            ),
            ("%resource.repeat(item).where(linkId = 'a').answer.value", "A"),
            (
                "%resource.repeat(item | answer.item).where(linkId = 'a').answer.value",
                "A",
            ),
            ("%resource.item.where(linkId = 'a')", "A"),
            ("%resource.item.where(linkId = 'a').descendants().count()", "A"),
            ("%resource.item.where(linkId = 'a').item.answer.value.sum()", "A"),
            ("%resource.item.where(linkId = 'a').answer.children().code", "A"),
            ("%resource.item.where(linkId = 'a').answer.weight().sum()", "a"),
            (
                "%resource.item.where(linkId = 'a').answer = %resource.item.where(linkId = 'b').answer",
                "A B",
            ),
            (
                "(%resource.item.where(linkId = 'a') | %resource.item.where(linkId = 'b')).answer.value",
                "A B",
            ),
            ("%resource.item.where(linkId = 'a').select(answer.value + 1)", "a"),
            (
                "iif(%resource.item.where(linkId = 'a').answer.exists(), %resource.item.where(linkId = 'b').answer.value, 0)",
                "a b",
            ),
            (
                "%resource.item.where(linkId.startsWith('x.')).answer.value.sum()",
                "x.1",
            ),
            (
                "%resource.item.item.where(linkId.endsWith('.1') and linkId != 'a.1').answer.value.sum()",
                "x.1",
            ),
            (
                "%resource.item.item.where(linkId.endsWith('.1') and linkId != 'x.1').answer.value.sum()",
                "",
            ),
            (
                "%resource.item.item.where(linkId.length() = 1 and answer.exists() and linkId != 'a').count()",
                "b",
            ),
            (
                "%resource.item.where(linkId.matches('^[a-b]$') and answer.exists()).count()",
                "a b",
            ),
            (
                "%questionnaire.item.where(linkId = 'b').answerOption.where(valueCoding.code = \
                %resource.item.where(linkId = 'a').answer.value.code).extension.value",
                "a",
            ),
            ("%resource.status = 'completed'", ""),
            ("%g.item.where(linkId = 'a').answer.value", "%g"),
            (
                "defineVariable('v', %resource.item).select(%v.where(linkId = 'a').answer.value)",
                "a",
            ),
        ];
        for (source, expected) in table {
            assert_eq!(read_by(source), expected, "{source}");
        }
    }

    #[test]
    fn what_is_relative_to_the_item_is_said_to_be() {
        let table = [
            ("answer.value > 3", "focus"),
            ("%context.answer.exists()", "focus"),
            ("linkId = 'a'", ""),
            ("item.where(linkId = 'a').answer.value", "a"),
            ("QuestionnaireResponse.item.where(linkId = 'a').answer.value", "a"),
            ("item.answer.value.sum()", "BELOW"),
            ("$this", "BELOW"),
            ("descendants().where(linkId = 'a').answer.exists()", "a"),
        ];
        for (source, expected) in table {
            assert_eq!(read_by(source), expected, "{source}");
        }
    }

    #[test]
    fn where_no_item_is_named_everything_is_read() {
        for source in [
            "%resource.item.answer.value.sum()",
            "%resource.item.count()",
            "%resource.item[2].answer.value",
            "%resource.descendants().where(answer.exists()).count()",
            "%resource.item.where(linkId = %context.linkId).answer.value",
            "%resource.item.linkId",
            "%resource",
            "%resource.item.select(answer.value).count()",
            "%resource.item.all(answer.exists())",
            "%resource.item.where(linkId != 'a' or answer.exists()).count()",
        ] {
            assert_eq!(read_by(source), "everything", "{source}");
        }
    }
}
