//! What refers to other items, and so can be read only when all are known: conditions and calculations.

use words::msg;

use super::formula::Scope;
use super::json::{self, Object};
use super::read::Reader;
use super::{Condition, Formula, Item, Kind, MAX_INSTANCES, Test};
use crate::{Answer, FormError};

/// More items of one name are no mistake but nonsense.
const MAX_TWINS: usize = 100;

impl Reader<'_> {
    /// What refers to other items: conditions and calculations.
    pub(super) fn link(&mut self) -> Result<(), FormError> {
        for at in 0..self.items.len() {
            if self.items[at].kind == Kind::Below {
                continue;
            }
            let link_id = self.items[at].link_id.clone();
            let twins = self.places.entry(link_id).or_default();
            twins.push(at);
            let (first, before) = (twins[0], twins.len() - 1);
            if before > MAX_TWINS {
                return Err(FormError::SameLinkId(self.items[at].link_id.clone()));
            }
            if before > 0 {
                self.items[first].twin = Some(0);
                self.items[at].twin = Some(before);
                self.note_twin(at);
            }
        }
        self.single_twins();
        for at in 0..self.items.len() {
            let raw = self.raw[at];
            if self.items[at].kind == Kind::Below {
                continue;
            }
            self.items[at].all = json::text(raw, "enableBehavior") == Some("all");
            for raw in json::objects(raw, "enableWhen") {
                self.condition(at, raw);
            }
        }
        self.link_formulas();
        self.measure()
    }

    /// How large an instance of each item is; groups that are there several times to begin with multiply.
    fn measure(&mut self) -> Result<(), FormError> {
        let mut whole = 0_usize;
        for at in (0..self.items.len()).rev() {
            let mut size = 1_usize;
            for child in &self.items[at].children {
                let child = &self.items[*child];
                size = size.saturating_add(child.at_first().saturating_mul(child.size));
            }
            self.items[at].size = size;
            if self.items[at].parent.is_none() {
                whole = whole.saturating_add(self.items[at].at_first().saturating_mul(size));
            }
        }
        match whole > MAX_INSTANCES {
            true => Err(FormError::TooManyItems),
            false => Ok(()),
        }
    }

    /// What each expression reads, by item.
    fn link_formulas(&mut self) {
        for at in 0..self.items.len() {
            let scope = Scope {
                items: &self.items,
                places: &self.places,
                variables: &self.variables,
            };
            let needs: Vec<_> = formulas(&self.items[at])
                .map(|formula| scope.needs(formula, Some(at)))
                .collect();
            let item = &mut self.items[at];
            formulas_mut(item)
                .zip(needs)
                .for_each(|(formula, needs)| formula.fill(needs));
            if formulas(item).next().is_some() || !item.variables.is_empty() {
                item.stub = json::lone("linkId", item.link_id.as_str());
            }
            self.items[at].total_of = self.total_of(at);
        }
        let scope = Scope {
            items: &self.items,
            places: &self.places,
            variables: &self.variables,
        };
        let needs: Vec<_> = self
            .constraints
            .iter()
            .filter_map(|rule| rule.formula.as_ref())
            .map(|formula| scope.needs(formula, None))
            .collect();
        let formulas = self
            .constraints
            .iter_mut()
            .filter_map(|rule| rule.formula.as_mut());
        formulas
            .zip(needs)
            .for_each(|(formula, needs)| formula.fill(needs));
    }

    /// The questions that a total adds up: those that its expression names, where it makes a sum of them that nobody
    /// writes by hand.
    fn total_of(&self, at: usize) -> Vec<usize> {
        let item = &self.items[at];
        let counts = matches!(item.kind, Kind::Integer | Kind::Decimal | Kind::Quantity);
        let Some(calculation) = item.calculation.as_ref().filter(|_| counts && item.read_only) else {
            return Vec::new();
        };
        let adds = ["sum", "weight", "ordinal"]
            .iter()
            .any(|name| calculation.expression.calls(name));
        let named = calculation.reads.iter().copied();
        if adds && !calculation.everything {
            named
                .filter(|source| self.items[*source].kind.is_question())
                .collect()
        } else {
            Vec::new()
        }
    }

    fn note_twin(&mut self, at: usize) {
        let link_id = self.items[at].link_id.clone();
        let meaning = msg!(
            "Another question of the form has the same name. Conditions that name it mean the first one."
        );
        self.note(Some(&link_id), "linkId", meaning);
    }

    /// Of two groups of one name, a response does not tell which of them is there twice.
    fn single_twins(&mut self) {
        for at in 0..self.items.len() {
            let item = &mut self.items[at];
            if item.twin.is_some() && item.is_repeating_group() {
                item.repeats = false;
                let link_id = item.link_id.clone();
                let meaning = msg!("This part can be filled in once, though the form allows several.");
                self.note(Some(&link_id), "repeating group", meaning);
            }
        }
    }

    fn condition(&mut self, at: usize, raw: &Object) {
        let link_id = self.items[at].link_id.clone();
        let Some(test) = test(raw) else {
            let meaning = msg!("A condition for showing this cannot be read. It is shown without it.");
            self.note(Some(&link_id), "enableWhen", meaning);
            return;
        };
        let source = json::text(raw, "question")
            .and_then(|question| self.places.get(question))
            .map(|places| places[0]);
        if source.is_none() {
            let meaning =
                msg!("This depends on a question that the form does not have, which counts as unanswered.");
            self.note(Some(&link_id), "enableWhen", meaning);
        }
        self.items[at].conditions.push(Condition { source, test });
    }
}

fn formulas(item: &Item) -> impl Iterator<Item = &Formula> {
    let own = [
        &item.enable,
        &item.calculation,
        &item.begins_with,
        &item.offers,
        &item.wording,
    ];
    own.into_iter()
        .flatten()
        .chain(item.toggles.iter().map(|toggle| &toggle.formula))
        .chain(item.constraints.iter().filter_map(|rule| rule.formula.as_ref()))
}

/// The same in the same order.
fn formulas_mut(item: &mut Item) -> impl Iterator<Item = &mut Formula> {
    let own = [
        &mut item.enable,
        &mut item.calculation,
        &mut item.begins_with,
        &mut item.offers,
        &mut item.wording,
    ];
    own.into_iter()
        .flatten()
        .chain(item.toggles.iter_mut().map(|toggle| &mut toggle.formula))
        .chain(
            item.constraints
                .iter_mut()
                .filter_map(|rule| rule.formula.as_mut()),
        )
}

fn test(raw: &Object) -> Option<Test> {
    let operator = json::text(raw, "operator")?;
    let answer = Answer::from_fhir(Kind::Display, "answer", raw)?;
    Some(match (operator, answer) {
        ("exists", Answer::Boolean(exists)) => Test::Exists(exists),
        ("=", answer) => Test::Equal(answer),
        ("!=", answer) => Test::NotEqual(answer),
        (">", answer) => Test::Greater(answer),
        ("<", answer) => Test::Less(answer),
        (">=", answer) => Test::GreaterOrEqual(answer),
        ("<=", answer) => Test::LessOrEqual(answer),
        _ => return None,
    })
}
