//! Expressions of a form, read once: what each reads of the form's answers, and the variables that it needs.
//!
//! A language that is not FHIRPath, and a text that cannot be read, are told to the user and left out; what that means
//! for the item is up to whoever asked for the expression.

use std::collections::BTreeSet;

use fhirpath::Expression;
use serde_json::Value;
use words::Sentence;

use super::read::BREAKS_A_RULE;

use super::json::{self, Object};
use super::{Item, Places};
use crate::arena::Arena;

pub(crate) struct Formula {
    pub expression: Expression,
    /// The items whose answers it reads, or on whose being there it depends; not listed where `everything` is set.
    pub reads: Vec<usize>,
    /// It may read any item.
    pub everything: bool,
    /// The linkIds of what it reads, and of what that stands in; none where they are not listed.
    pub among: Vec<String>,
    /// It depends on the time.
    pub clock: bool,
    /// The variables it needs, each after those that it needs itself.
    pub variables: Vec<VariableId>,
}

/// A named value that expressions at and below an item can use.
pub(crate) struct Variable {
    pub name: String,
    /// `None` where it cannot be worked out here.
    pub formula: Option<Formula>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct VariableId {
    /// The item that defines it; `None` for the form as a whole.
    pub holder: Option<usize>,
    pub place: usize,
}

/// A rule of the form's own about an item or the whole.
pub(crate) struct Constraint {
    pub key: String,
    pub is_warning: bool,
    /// What to tell the user.
    /// As it is written: by this a rule is known that has been overridden.
    pub human: String,
    /// In the user's language, where the form has it.
    pub translated: Option<String>,
    /// `None` where it cannot be read.
    pub formula: Option<Formula>,
}

impl Constraint {
    /// What it says, for the user.
    pub fn words(&self) -> Sentence {
        match &self.translated {
            Some(translated) => Sentence::own(translated),
            None if self.human == BREAKS_A_RULE => Sentence::new(BREAKS_A_RULE),
            None => Sentence::own(&self.human),
        }
    }
}

/// Options that are offered only while an expression holds.
pub(crate) struct Toggle {
    /// Places among the item's options.
    pub options: Vec<usize>,
    pub formula: Formula,
}

/// Why an expression is left out.
pub(crate) enum Unread {
    Language(String),
    Text(String),
}

impl Unread {
    /// For whoever wrote the form.
    pub fn reason(&self) -> &str {
        match self {
            Self::Language(name) | Self::Text(name) => name,
        }
    }
}

/// Whether an `Expression` is FHIRPath, as a lone text is.
pub(crate) fn is_fhirpath(value: &Value) -> bool {
    matches!(
        value.get("language").and_then(Value::as_str),
        None | Some("text/fhirpath")
    )
}

/// The most linkIds that are kept beside an expression.
const MOST_LISTED: usize = 2_000;

/// Reads an `Expression`, or a lone text, which is FHIRPath.
pub(crate) fn read(value: &Value) -> Result<Formula, Unread> {
    let (language, text) = match value {
        Value::Object(object) => (
            json::text(object, "language"),
            json::text(object, "expression").unwrap_or_default(),
        ),
        Value::String(text) => (None, text.as_str()),
        _ => (None, ""),
    };
    match language {
        None | Some("text/fhirpath") => {}
        Some(other) => return Err(Unread::Language(other.to_owned())),
    }
    let expression = Expression::parse(text).map_err(|error| Unread::Text(error.to_string()))?;
    Ok(Formula {
        expression,
        reads: Vec::new(),
        everything: false,
        among: Vec::new(),
        clock: false,
        variables: Vec::new(),
    })
}

/// The variables of an item or the form: their name is the expression's.
pub(crate) fn variables(raw: &Object, mut note: impl FnMut(&str, &Unread)) -> Vec<Variable> {
    let named = json::extensions(raw, "variable").chain(json::extensions(raw, "sdc-questionnaire-variable"));
    let mut found = Vec::new();
    for value in named.filter_map(json::value) {
        let name = value.get("name").and_then(Value::as_str).unwrap_or_default();
        if name.is_empty() {
            continue;
        }
        let formula = read(value);
        if let Err(unread) = &formula {
            note(name, unread);
        }
        found.push(Variable {
            name: name.to_owned(),
            formula: formula.ok(),
        });
    }
    found
}

/// All that an expression can refer to.
pub(crate) struct Scope<'d> {
    pub items: &'d Arena<Item>,
    pub places: &'d Places,
    pub variables: &'d [Variable],
}

/// What an expression needs; put into it when all are known.
#[derive(Default)]
pub(crate) struct Needs {
    /// Places of items, each with a zero: as an ordered set that is there anyway.
    reads: BTreeSet<(usize, usize)>,
    everything: bool,
    among: Vec<String>,
    clock: bool,
    variables: Vec<VariableId>,
}

impl Formula {
    pub fn fill(&mut self, needs: Needs) {
        self.everything = needs.everything;
        self.clock = needs.clock;
        self.variables = needs.variables;
        if !self.everything {
            self.reads = needs.reads.into_iter().map(|(at, _)| at).collect();
            self.among = needs.among;
        }
    }
}

impl Scope<'_> {
    /// What an expression that stands at `at` needs; `None` is the form as a whole.
    pub fn needs(&self, formula: &Formula, at: Option<usize>) -> Needs {
        let mut needs = Needs::default();
        self.add(&formula.expression, at, None, &mut Vec::new(), &mut needs);
        if !needs.everything {
            let mut with_holders = needs.reads.clone();
            for (read, _) in &needs.reads {
                let mut above = self.items[*read].parent;
                while let Some(holder) = above.filter(|holder| with_holders.insert((*holder, 0))) {
                    above = self.items[holder].parent;
                }
            }
            // Of more than these, going through all is as quick.
            let listed = if with_holders.len() <= MOST_LISTED {
                with_holders
            } else {
                BTreeSet::new()
            };
            needs.among = listed
                .iter()
                .map(|(at, _)| self.items[*at].link_id.clone())
                .collect();
        }
        needs
    }

    fn add(
        &self,
        expression: &Expression,
        at: Option<usize>,
        before: Option<VariableId>,
        open: &mut Vec<VariableId>,
        needs: &mut Needs,
    ) {
        let found = expression.dependencies();
        needs.clock |= found.reads_clock();
        needs.everything |= found.reads_everything();
        let subtree = |at: usize| (at..self.items[at].end).map(|at| (at, 0));
        for link_id in found.link_ids() {
            for at in self.places.get(link_id).into_iter().flatten() {
                needs.reads.insert((*at, 0));
                if found.reads_below(link_id) {
                    needs.reads.extend(subtree(*at));
                }
            }
        }
        if !found.lists_all() && !needs.everything {
            let read = self.places.iter().filter(|(link_id, _)| found.reads(link_id));
            needs
                .reads
                .extend(read.flat_map(|(_, places)| places).map(|at| (*at, 0)));
        }
        match at {
            Some(at) if found.reads_below_focus() => needs.reads.extend(subtree(at)),
            Some(at) if found.reads_focus() => {
                needs.reads.insert((at, 0));
            }
            None if found.reads_below_focus() => needs.everything = true,
            _ => {}
        }
        for name in found.variables() {
            let Some(id) = self.variable(name, at, before) else {
                continue;
            };
            if needs.variables.contains(&id) || open.contains(&id) {
                continue;
            }
            if let Some(Variable {
                formula: Some(formula),
                ..
            }) = self.get(id)
            {
                open.push(id);
                self.add(&formula.expression, id.holder, Some(id), open, needs);
                open.pop();
            }
            needs.variables.push(id);
        }
    }

    /// The variable of this name that is seen from `at`: the nearest, and for a variable's own expression only those
    /// that stand before it.
    fn variable(&self, name: &str, at: Option<usize>, before: Option<VariableId>) -> Option<VariableId> {
        let mut holder = at;
        loop {
            let here = match holder {
                Some(at) => &self.items[at].variables,
                None => self.variables,
            };
            let limit = before
                .filter(|before| before.holder == holder)
                .map_or(here.len(), |before| before.place);
            if let Some(place) = here[..limit].iter().rposition(|variable| variable.name == name) {
                return Some(VariableId { holder, place });
            }
            holder = self.items[holder?].parent;
        }
    }

    fn get(&self, id: VariableId) -> Option<&Variable> {
        match id.holder {
            Some(at) => self.items.get(at)?.variables.get(id.place),
            None => self.variables.get(id.place),
        }
    }
}
