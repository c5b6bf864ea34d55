//! Taking over what was answered in an earlier assessment: each answer one by one, told and drawn like any other.

use forms::{Answer, ItemId, Origin, Plan, Taking};
use leptos::prelude::*;

use super::FormHandle;

impl FormHandle {
    /// Answers a question as it was answered before. False where the form does not take it.
    pub fn take(&self, item: ItemId, answers: Vec<Answer>, origin: &Origin) -> bool {
        let taken = self.take_one(item, answers, origin);
        self.review();
        taken
    }

    fn take_one(&self, item: ItemId, answers: Vec<Answer>, origin: &Origin) -> bool {
        if self.locked.get_untracked() {
            return false;
        }
        let before = self.read(|form| form.answers_as_fhir(item));
        match self.change(|form| form.take(item, answers, origin)) {
            Ok(_) => {
                self.tell(item, before, true);
                self.draw();
                true
            }
            Err(error) => {
                leptos::logging::warn!("an answer was not taken over: {error}");
                false
            }
        }
    }

    /// The same for a whole section; how many answers it came to.
    pub fn take_all(&self, plan: &Plan, origin: &Origin) -> usize {
        let mut taken = 0;
        for taking in &plan.take {
            match taking {
                Taking::Add(group) => {
                    if let Some(group) = self.read(|form| form.placed(group)) {
                        self.add(group);
                    }
                }
                Taking::Answer(told) => {
                    let item =
                        self.read(|form| form.placed(&told.place).filter(|item| form.item(*item).enabled));
                    taken += usize::from(
                        item.is_some_and(|item| self.take_one(item, told.answers.clone(), origin)),
                    );
                }
            }
        }
        self.review();
        taken
    }
}
