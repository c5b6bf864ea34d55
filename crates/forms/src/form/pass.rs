//! One walk through the graph: what an answer changes is worked out, each thing after all that it reads, and nothing
//! else is touched.

use std::collections::{BTreeSet, HashMap};

use super::{Form, ItemId, Tally, enable::Verdict};
use crate::{
    Answer,
    graph::{Dependent, Node, Unit, sort},
};

/// The items that an answer changed. Nothing else needs to be drawn again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes(Vec<Change>);

/// What changed about one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub item: ItemId,
    pub enabled: bool,
    pub answers: bool,
    pub problems: bool,
    /// A total whose [`Tally`] moved.
    pub tally: bool,
    /// Its text or its options.
    pub wording: bool,
    /// There came to be more or fewer items right below it, or beside it at the top of the form.
    pub children: bool,
}

impl Changes {
    pub fn iter(&self) -> impl Iterator<Item = &Change> {
        self.0.iter()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What changed about this item; `None` when nothing did.
    pub fn of(&self, item: ItemId) -> Option<&Change> {
        let place = self.0.binary_search_by_key(&item, |change| change.item).ok()?;
        self.0.get(place)
    }
}

impl Changes {
    /// Adds what changed later.
    pub(super) fn merge(&mut self, later: &Self) {
        for change in &later.0 {
            match self.0.binary_search_by_key(&change.item, |known| known.item) {
                Err(place) => self.0.insert(place, *change),
                Ok(place) => {
                    let known = &mut self.0[place];
                    known.enabled |= change.enabled;
                    known.answers |= change.answers;
                    known.problems |= change.problems;
                    known.tally |= change.tally;
                    known.wording |= change.wording;
                    known.children |= change.children;
                }
            }
        }
    }
}

impl IntoIterator for Changes {
    type Item = Change;
    type IntoIter = std::vec::IntoIter<Change>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// What is still to be visited and what has changed so far.
#[derive(Default)]
pub(super) struct Pass {
    /// Places in the graph's order, each with an instance.
    waiting: BTreeSet<(usize, usize)>,
    /// Kinds of [`Dependent`], each with an instance.
    dependents: BTreeSet<(usize, usize)>,
    /// By instance, its place among `changed`.
    places: HashMap<usize, usize>,
    changed: Vec<Touched>,
}

/// What has changed, and what was before: some of it comes back to where it was.
struct Touched {
    change: Change,
    enabled: Option<bool>,
    answers: Option<(Vec<Answer>, bool)>,
}

impl Pass {
    fn touch_enabled(&mut self, at: usize, before: bool) {
        self.touch(at).enabled.get_or_insert(before);
    }

    pub fn touch_answers(&mut self, at: usize, before: &[Answer], overridden: bool) {
        let touched = self.touch(at);
        touched
            .answers
            .get_or_insert_with(|| (before.to_vec(), overridden));
    }

    pub fn change(&mut self, at: usize) -> &mut Change {
        &mut self.touch(at).change
    }

    fn touch(&mut self, at: usize) -> &mut Touched {
        let new = self.changed.len();
        let place = *self.places.entry(at).or_insert(new);
        if place == new {
            self.changed.push(Touched {
                change: Change::nothing(ItemId::at(at)),
                enabled: None,
                answers: None,
            });
        }
        &mut self.changed[place]
    }

    fn depend(&mut self, dependent: Dependent, at: usize) {
        self.dependents.insert((dependent.kind(), at));
    }
}

impl Change {
    fn nothing(item: ItemId) -> Self {
        Self {
            item,
            enabled: false,
            answers: false,
            problems: false,
            tally: false,
            wording: false,
            children: false,
        }
    }
}

impl Form {
    /// Works out everything from the answers alone.
    pub(super) fn settle(&mut self) {
        self.plant();
        let mut pass = Pass::default();
        for at in 0..self.states.len() {
            self.wake_all(at, &mut pass);
        }
        pass.depend(Dependent::FormConstraints, 0);
        self.run(&mut pass);
        self.close(pass);
        for at in 0..self.states.len() {
            self.states[at].problems = self.check(at);
        }
    }

    /// Everything about one instance.
    pub(super) fn wake_all(&self, at: usize, pass: &mut Pass) {
        let def = self.states[at].def;
        self.wake_enabled(at, pass);
        self.wake_calculation(at, pass);
        let item = &self.definition.items[def];
        if item.wording.is_some() {
            pass.depend(Dependent::Wording(def), at);
        }
        if item.offers.is_some() || !item.toggles.is_empty() {
            pass.depend(Dependent::Options(def), at);
        }
        if !item.constraints.is_empty() {
            pass.depend(Dependent::Constraints(def), at);
        }
    }

    pub(super) fn wake_enabled(&self, at: usize, pass: &mut Pass) {
        self.wake(self.graph.enabled_at(self.states[at].def), at, pass);
    }

    pub(super) fn wake_calculation(&self, at: usize, pass: &mut Pass) {
        if let Some(place) = self.graph.calculated_at(self.states[at].def) {
            self.wake(place, at, pass);
        }
    }

    fn wake(&self, place: usize, at: usize, pass: &mut Pass) {
        let at = match self.graph.unit(place) {
            Some(Unit::Circle(_)) => 0,
            _ => at,
        };
        pass.waiting.insert((place, at));
    }

    /// Everything that reads the answers of this instance.
    pub(super) fn wake_readers(&self, at: usize, pass: &mut Pass) {
        let def = self.states[at].def;
        for place in self.graph.readers(def) {
            match self.graph.unit(place) {
                Some(Unit::One(node)) => {
                    let instances = &self.instances[node.item()];
                    pass.waiting.extend(instances.iter().map(|at| (place, *at)));
                }
                Some(Unit::Circle(_)) => drop(pass.waiting.insert((place, 0))),
                None => {}
            }
        }
        for dependent in self.graph.dependents(def) {
            match dependent {
                Dependent::FormConstraints => pass.depend(dependent, 0),
                Dependent::Wording(def) | Dependent::Options(def) | Dependent::Constraints(def) => {
                    for at in &self.instances[def] {
                        pass.depend(dependent, *at);
                    }
                }
            }
        }
    }

    /// Visits what waits, each node after everything that it reads, and whatever that makes wait in turn.
    pub(super) fn run(&mut self, pass: &mut Pass) {
        while let Some((place, at)) = pass.waiting.pop_first() {
            match self.graph.unit(place) {
                Some(Unit::One(Node::Enabled(_))) => {
                    let verdict = self.evaluate_enabled(at);
                    self.set_enabled(at, verdict, pass);
                }
                Some(Unit::One(Node::Calculated(_))) => self.calculate(at, pass),
                Some(Unit::Circle(nodes)) => {
                    let nodes = nodes.clone();
                    self.visit_circle(place, &nodes, pass);
                }
                None => {}
            }
        }
    }

    /// What does not apply is not worked out, and what cannot be worked out is left to the user.
    fn calculate(&mut self, at: usize, pass: &mut Pass) {
        let tally = self.tally(at);
        if self.states[at].tally != tally {
            self.states[at].tally = tally;
            pass.change(at).tally = true;
        }
        if self.states[at].overridden || !self.is_there(at) {
            return;
        }
        let answers = match self.states[at].enabled {
            true => self.evaluate_calculated(at).unwrap_or_default(),
            false => Vec::new(),
        };
        self.put(at, answers, pass);
    }

    pub(super) fn set_enabled(&mut self, at: usize, verdict: Verdict, pass: &mut Pass) {
        let Verdict {
            enabled,
            uncertain,
            faulty,
        } = verdict;
        let state = &mut self.states[at];
        let doubt = (state.uncertain, state.faulty) != (uncertain, faulty);
        if state.enabled == enabled && !doubt {
            return;
        }
        (state.uncertain, state.faulty) = (uncertain, faulty);
        let switched = state.enabled != enabled;
        state.enabled = enabled;
        pass.touch_enabled(at, enabled != switched);
        if switched {
            self.replant(at);
            self.wake_calculation(at, pass);
            self.wake_readers(at, pass);
        }
        for child in 0..self.states[at].children.len() {
            let child = self.states[at].children[child];
            self.wake_enabled(child, pass);
        }
    }

    pub(super) fn put(&mut self, at: usize, answers: Vec<Answer>, pass: &mut Pass) {
        let state = &mut self.states[at];
        if state.answers != answers {
            pass.touch_answers(at, &state.answers, state.overridden);
            state.answers = answers;
            state.answer_members.clear();
            let enabled = state.enabled;
            if enabled {
                self.replant_answers(at);
            }
            self.wake_readers(at, pass);
        }
    }

    /// Takes back what the members of a circle hold, and works each out once, in the order of the graph. So the result
    /// follows from what is outside the circle, and not from what was there before.
    fn visit_circle(&mut self, place: usize, nodes: &[Node], pass: &mut Pass) {
        let members: Vec<(Node, usize)> = nodes
            .iter()
            .flat_map(|node| self.instances[node.item()].iter().map(|at| (*node, *at)))
            .collect();
        let mut inner = Pass::default();
        let before: Vec<(bool, Vec<Answer>, Option<Tally>)> = members
            .iter()
            .map(|(_, at)| &self.states[*at])
            .map(|state| (state.enabled, state.answers.clone(), state.tally))
            .collect();
        for (node, at) in &members {
            match node {
                Node::Enabled(_) => self.set_enabled(*at, Verdict::default(), &mut inner),
                Node::Calculated(_) if !self.states[*at].overridden => {
                    self.put(*at, Vec::new(), &mut inner);
                }
                Node::Calculated(_) => {}
            }
        }
        for (node, at) in &members {
            match node {
                Node::Enabled(_) => {
                    let verdict = self.evaluate_enabled(*at);
                    self.set_enabled(*at, verdict, &mut inner);
                }
                Node::Calculated(_) => self.calculate(*at, &mut inner),
            }
        }
        for ((node, at), (enabled, answers, tally)) in members.iter().zip(before) {
            let state = &self.states[*at];
            pass.change(*at).tally |= state.tally != tally;
            match node {
                Node::Enabled(_) if state.enabled != enabled => {
                    pass.touch_enabled(*at, enabled);
                    self.wake_readers(*at, pass);
                    // Their parent was gone in between: they are looked at again.
                    for child in self.states[*at].children.clone() {
                        self.wake_enabled(child, pass);
                    }
                }
                Node::Calculated(_) if state.answers != answers => {
                    pass.touch_answers(*at, &answers, state.overridden);
                    self.wake_readers(*at, pass);
                }
                _ => {}
            }
        }
        // Its members tell each other, which has been heard.
        pass.waiting.remove(&(place, 0));
    }

    /// Works out what depends on the answers and is read by nobody, and checks what changed and the groups above it.
    pub(super) fn close(&mut self, mut pass: Pass) -> Changes {
        for (kind, at) in std::mem::take(&mut pass.dependents) {
            self.visit_dependent(kind, at, &mut pass);
        }
        // One kind of ordered set is enough for all that is put in order here.
        let mut doubtful = BTreeSet::new();
        for touched in &mut pass.changed {
            let at = touched.change.item.at_index();
            let state = &self.states[at];
            if let Some(before) = touched.enabled {
                touched.change.enabled = state.enabled != before;
            }
            if let Some((answers, overridden)) = &touched.answers {
                touched.change.answers = state.answers != *answers || state.overridden != *overridden;
            }
            doubtful.insert((at, 0));
            let mut above = Some(at);
            while let Some(group) = above {
                let item = &self.definition.items[self.states[group].def];
                if item.is_repeating_group() {
                    // The first speaks for all.
                    doubtful.extend(self.siblings(group).first().map(|first| (*first, 0)));
                } else if item.required {
                    doubtful.insert((group, 0));
                }
                above = self.states[group].parent;
            }
        }
        for (at, _) in doubtful {
            let problems = self.check(at);
            if self.states[at].problems != problems {
                self.states[at].problems = problems;
                pass.change(at).problems = true;
            }
        }
        let mut order: Vec<usize> = pass.places.keys().copied().collect();
        sort(&mut order, &|left, right| left.cmp(&right));
        let changed = order.iter().map(|at| pass.changed[pass.places[at]].change);
        let changes = Changes(
            changed
                .filter(|change| *change != Change::nothing(change.item))
                .collect(),
        );
        self.changed.merge(&changes);
        changes
    }

    fn visit_dependent(&mut self, kind: usize, at: usize, pass: &mut Pass) {
        let def = self.states[at].def;
        let kinds = [
            Dependent::Wording(def),
            Dependent::Options(def),
            Dependent::Constraints(def),
        ];
        match kinds.get(kind).copied().unwrap_or(Dependent::FormConstraints) {
            Dependent::Wording(_) => {
                let wording = self.evaluate_wording(at);
                if self.states[at].wording != wording {
                    self.states[at].wording = wording;
                    pass.change(at).wording = true;
                }
            }
            Dependent::Options(_) => {
                let options = self.evaluate_options(at);
                if self.states[at].options != options {
                    self.states[at].options = options;
                    pass.change(at).wording = true;
                    for part in self.parts(at) {
                        pass.change(*part).wording = true;
                    }
                }
            }
            Dependent::Constraints(_) => {
                let broken = self.evaluate_constraints(at);
                if self.states[at].broken != broken {
                    self.states[at].broken = broken;
                    pass.change(at);
                }
            }
            Dependent::FormConstraints => {
                let broken = self.evaluate_form_constraints();
                if let Some(first) = self.roots.first().copied().filter(|_| self.broken != broken) {
                    self.broken = broken;
                    pass.change(first).problems = true;
                }
            }
        }
    }
}
