//! Groups that repeat: instances are added and taken away, each with all that is in it, and no other is touched.

use super::{AnswerError, Changes, Form, ItemId, Pass, State, history::Step, view};
use crate::{
    FormError,
    definition::{MAX_INSTANCES, MAX_REPEATS, json::Object},
};

impl Form {
    /// Adds one more of this repeating group after the last one, and returns it.
    pub fn add(&mut self, group: ItemId) -> Result<(ItemId, Changes), AnswerError> {
        let at = self.repeating(group)?;
        let def = self.states[at].def;
        let count = self.siblings(at).len();
        let most = self.definition.items[def].max_occurs.unwrap_or(MAX_REPEATS);
        if count >= most.min(MAX_REPEATS) || self.states.len() + self.size(def) > MAX_INSTANCES {
            return Err(AnswerError::TooMany);
        }
        let mut pass = Pass::default();
        let new = self.add_blank(def, self.states[at].parent, &mut pass);
        self.history.add(Step::Detach(new), false);
        self.run(&mut pass);
        Ok((ItemId::at(new), self.close(pass)))
    }

    /// Takes this one of a repeating group away, with all that was answered in it. Where it is the only one, an empty
    /// one takes its place.
    pub fn remove(&mut self, group: ItemId) -> Result<Changes, AnswerError> {
        let at = self.repeating(group)?;
        let (def, parent) = (self.states[at].def, self.states[at].parent);
        let mut pass = Pass::default();
        let mut step = Step::Attach(at);
        if self.siblings(at).len() == 1 {
            if self.states.len() + self.size(def) > MAX_INSTANCES {
                return Err(AnswerError::TooMany);
            }
            let new = self.add_blank(def, parent, &mut pass);
            step = Step::All(vec![step, Step::Detach(new)]);
        }
        self.detach(at, &mut pass);
        self.history.add(step, false);
        self.run(&mut pass);
        Ok(self.close(pass))
    }

    /// Whether this group can be added to, and this one of it taken away.
    pub fn can_add(&self, group: ItemId) -> bool {
        self.repeating(group).is_ok_and(|at| {
            let most = self.definition.items[self.states[at].def].max_occurs;
            self.siblings(at).len() < most.unwrap_or(MAX_REPEATS).min(MAX_REPEATS)
        })
    }

    fn repeating(&self, group: ItemId) -> Result<usize, AnswerError> {
        let at = self.at(group)?;
        let item = &self.definition.items[self.states[at].def];
        if !item.is_repeating_group() {
            return Err(AnswerError::NotRepeating);
        }
        if item.read_only {
            return Err(AnswerError::ReadOnly);
        }
        Ok(at)
    }

    /// How many items one instance of this holds, itself included.
    fn size(&self, def: usize) -> usize {
        self.definition.items[def].size
    }

    /// The instances of the same group within the same parent, in order.
    pub(super) fn siblings(&self, at: usize) -> Vec<usize> {
        let def = self.states[at].def;
        let among = match self.states[at].parent {
            Some(parent) => &self.states[parent].children,
            None => &self.roots,
        };
        // They stand in one row.
        let start = among.partition_point(|other| self.states[*other].def < def);
        let rest = among[start..].iter();
        rest.take_while(|other| self.states[**other].def == def)
            .copied()
            .collect()
    }

    pub(super) fn is_there(&self, at: usize) -> bool {
        let mut here = Some(at);
        while let Some(at) = here {
            if self.states[at].gone {
                return false;
            }
            here = self.states[at].parent;
        }
        true
    }

    /// One instance of each item, and more where a group is there several times to begin with.
    pub(super) fn set_up(&mut self) -> Result<(), FormError> {
        for (def, item) in self.definition.items.iter().enumerate() {
            self.states.push(State {
                def,
                parent: item.parent,
                children: item.children.clone(),
                ..State::default()
            });
            if item.parent.is_none() {
                self.roots.push(def);
            }
            self.instances[def].push(def);
        }
        for parent in 0..self.states.len() {
            for place in 0..self.states[parent].children.len() {
                let child = self.states[parent].children[place];
                self.states[child].place = place;
            }
        }
        for place in 0..self.roots.len() {
            let root = self.roots[place];
            self.states[root].place = place;
        }
        self.cover = view::cover(self);
        // The innermost last: what is copied does not hold copies yet.
        for def in 0..self.definition.items.len() {
            let count = self.definition.items[def].at_first();
            if count > 1 {
                for at in self.instances[def].clone() {
                    self.repeat_to(at, count)?;
                }
            }
        }
        self.sections = view::sections(self);
        Ok(())
    }

    /// Adds instances beside `at` until there are so many.
    pub(super) fn repeat_to(&mut self, at: usize, count: usize) -> Result<(), FormError> {
        let (def, parent) = (self.states[at].def, self.states[at].parent);
        while self.siblings(at).len() < count {
            if count > MAX_REPEATS || self.states.len() + self.size(def) > MAX_INSTANCES {
                return Err(FormError::TooManyItems);
            }
            let new = self.create(def, parent);
            self.link_in(new);
        }
        Ok(())
    }

    fn add_blank(&mut self, def: usize, parent: Option<usize>, pass: &mut Pass) -> usize {
        let new = self.create(def, parent);
        for at in new..self.states.len() {
            self.begin(at);
        }
        self.attach(new, pass);
        self.run(pass);
        self.fill_in_from(new, pass);
        new
    }

    /// A new instance with everything below it, which is not in its place yet.
    pub(super) fn create(&mut self, def: usize, parent: Option<usize>) -> usize {
        let at = self.states.len();
        self.states.push(State {
            def,
            parent,
            gone: false,
            members: Object::new(),
            ..State::default()
        });
        let mut children = Vec::with_capacity(self.definition.items[def].children.len());
        for place in 0..self.definition.items[def].children.len() {
            let child = self.definition.items[def].children[place];
            for _ in 0..self.definition.items[child].at_first() {
                let new = self.create(child, Some(at));
                self.states[new].place = children.len();
                children.push(new);
            }
        }
        self.states[at].children = children;
        at
    }

    /// Puts an instance into its place: where it was, else after the last of its group.
    fn link_in(&mut self, at: usize) {
        let (def, parent) = (self.states[at].def, self.states[at].parent);
        let among = match parent {
            Some(parent) => &self.states[parent].children,
            None => &self.roots,
        };
        let end = among.partition_point(|other| self.states[*other].def <= def);
        let start = among.partition_point(|other| self.states[*other].def < def);
        let place = match self.states[at].gone {
            true => self.states[at].place.clamp(start, end),
            false => end,
        };
        self.states[at].gone = false;
        match parent {
            Some(parent) => self.states[parent].children.insert(place, at),
            None => self.roots.insert(place, at),
        }
        self.number_from(parent, place);
        self.relist(def);
    }

    pub(super) fn attach(&mut self, at: usize, pass: &mut Pass) {
        self.link_in(at);
        self.replant_below(self.states[at].parent);
        for below in self.below(at) {
            self.wake_all(below, pass);
            self.wake_readers(below, pass);
        }
        self.tell_of_children(at, pass);
    }

    pub(super) fn detach(&mut self, at: usize, pass: &mut Pass) {
        let (def, parent, place) = (self.states[at].def, self.states[at].parent, self.states[at].place);
        self.tell_of_children(at, pass);
        self.states[at].gone = true;
        match parent {
            Some(parent) => drop(self.states[parent].children.remove(place)),
            None => drop(self.roots.remove(place)),
        }
        self.number_from(parent, place);
        self.relist(def);
        self.replant_below(parent);
        for below in self.below(at) {
            self.wake_readers(below, pass);
        }
    }

    fn tell_of_children(&mut self, at: usize, pass: &mut Pass) {
        let parent = self.states[at].parent;
        if let Some(parent) = parent {
            pass.change(parent).children = true;
        }
        let above_all = self.is_above_all(parent);
        // How many there are is checked at the first.
        for sibling in self.siblings(at) {
            pass.change(sibling).children |= above_all;
        }
    }

    /// What stands right below this is a section of its own.
    fn is_above_all(&self, at: Option<usize>) -> bool {
        at.is_none() || at == self.cover
    }

    pub(super) fn number_from(&mut self, parent: Option<usize>, place: usize) {
        let among = match parent {
            Some(parent) => self.states[parent].children.clone(),
            None => self.roots.clone(),
        };
        for (place, at) in among.into_iter().enumerate().skip(place) {
            self.states[at].place = place;
        }
        // Of a section's group, what stands right below it is the section's content.
        let is_a_section = |at: usize| self.is_above_all(self.states[at].parent);
        if self.is_above_all(parent) || parent.is_some_and(is_a_section) {
            self.sections = view::sections(self);
        }
    }

    /// An instance and all below it, parents first.
    pub(super) fn below(&self, at: usize) -> Vec<usize> {
        self.walk(&[at]).collect()
    }

    /// The instances of an item and all below it, counted anew.
    pub(super) fn relist(&mut self, def: usize) {
        let tops: Vec<usize> = match self.definition.items[def].parent {
            Some(parent) => self.instances[parent]
                .iter()
                .flat_map(|parent| &self.states[*parent].children)
                .filter(|at| self.states[**at].def == def)
                .copied()
                .collect(),
            None => {
                let roots = self.roots.iter();
                roots.filter(|at| self.states[**at].def == def).copied().collect()
            }
        };
        for def in def..self.definition.items[def].end {
            self.instances[def].clear();
        }
        let mut waiting: Vec<usize> = tops.into_iter().rev().collect();
        while let Some(at) = waiting.pop() {
            self.instances[self.states[at].def].push(at);
            waiting.extend(self.states[at].children.iter().rev());
        }
    }
}
