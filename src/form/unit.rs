//! The unit beside a number: the only one that there is, one of a list or, where the form takes others, one in the user's own
//! words. A [`number`](super::number) has one.

use crate::prelude::*;
use forms::{Answer, ItemId, ItemView, Kind};

use super::{
    FormHandle,
    frame::{Question, no_longer},
};

/// Which unit the number is in, and is to be in.
#[derive(Clone, Copy)]
pub(super) struct Unit {
    form: FormHandle,
    id: ItemId,
    /// Somebody types in the number's field.
    typing: RwSignal<bool>,
    /// Somebody types the unit's name: where that begins like one of the list, the field for it stays.
    naming: RwSignal<bool>,
    /// It was chosen before there is a number, or belonged to the one that is being written anew.
    ahead: RwSignal<Option<String>>,
}

impl Unit {
    pub fn of(question: &Question) -> Self {
        let unit = Self {
            form: question.sheet.form,
            id: question.id,
            typing: question.typing,
            naming: RwSignal::new(false),
            ahead: RwSignal::new(None),
        };
        unit.follow_the_number();
        unit
    }

    /// A number that is typed gets the unit that was chosen for it. One that comes from elsewhere, as by "Undo" or from
    /// last time, is in its own.
    fn follow_the_number(self) {
        let last = StoredValue::new(None::<String>);
        effect(move || {
            let now = self.form.item(self.id, |item| given(&item));
            let before = last.get_value();
            last.set_value(now.clone());
            let typing = self.typing.get_untracked();
            match (before, now) {
                (_, Some(_)) if !typing => self.ahead.set(None),
                (_, Some(_)) => {
                    if let Some(unit) = self.ahead.get_untracked() {
                        self.choose(&unit, false);
                    }
                }
                (Some(unit), None) if typing => self.ahead.set(Some(unit)),
                (_, None) => {}
            }
        });
    }

    fn choose(self, unit: &str, settled: bool) {
        let answers: Vec<Answer> = self.form.peek(self.id, |item| {
            let answers = item.answers.iter();
            answers.map(|answer| item.in_unit(answer, unit)).collect()
        });
        let is_number = answers.iter().any(|answer| matches!(answer, Answer::Quantity(_)));
        self.ahead.set((!is_number).then(|| unit.to_owned()));
        self.form.answer(self.id, answers, settled);
    }

    /// The answers in the unit that was chosen for them.
    pub fn put_to(self, answers: Vec<Answer>) -> Vec<Answer> {
        let Some(unit) = self.ahead.get_untracked() else {
            return answers;
        };
        let turn = |item: ItemView<'_>| answers.iter().map(|answer| item.in_unit(answer, &unit)).collect();
        self.form.peek(self.id, turn)
    }

    /// What stands beside the number, and what below it.
    pub fn draw(self, question: &Question) -> (AnyView, Option<AnyView>) {
        let (units, open) = self.form.peek(self.id, |item| {
            let units: Vec<String> = item.units.iter().map(|unit| unit.text().to_owned()).collect();
            (units, item.open_units && item.kind == Kind::Quantity)
        });
        let usual = units.first().cloned().unwrap_or_default();
        let (form, id) = (self.form, self.id);
        let unit = memo(move || {
            let given = || form.item(id, |item| given(&item));
            self.ahead.get().or_else(given).unwrap_or_else(|| usual.clone())
        });
        let listed = units.clone();
        let own = memo(move || open && (self.naming.get() || unit.with(|unit| !listed.contains(unit))));
        let below = open.then(|| own_words(self, question, unit, own));
        let beside = match units.as_slice() {
            [] => ().into_any(),
            [unit] if !open => view! { <span class="unit">{unit.clone()}</span> },
            _ => list(self, question, units, unit, open.then_some(own)),
        };
        (beside, below)
    }
}

/// The units to choose from. `own`: another may be given, and is.
fn list(
    unit: Unit,
    question: &Question,
    units: Vec<String>,
    now: Memo<String>,
    own: Option<Memo<bool>>,
) -> AnyView {
    let is_own = move || own.is_some_and(|own| own.get());
    let options = units.into_iter().map(|name| {
        let this = name.clone();
        let chosen = move || !is_own() && now.with(|now| *now == this);
        view! { <option prop:selected=chosen>{name}</option> }
    });
    view! {
        <select
            class="input input-unit"
            aria-label=tr!("Unit: {question}", question = question.name())
            on:change:target=move |event| {
                let name = event.target().value();
                // Another one has no name yet: that is not called wrong before its field is left.
                unit.typing.set(name.is_empty());
                unit.choose(&name, !name.is_empty());
            }
        >
            {options.collect_view()}
            {own.map(|_| view! { <option value="" prop:selected=is_own>{tr!("Another unit")}</option> })}
        </select>
    }
}

/// The field for the name of a unit that is not in the list.
fn own_words(unit: Unit, question: &Question, now: Memo<String>, own: Memo<bool>) -> AnyView {
    let Unit {
        form,
        id,
        naming,
        typing,
        ..
    } = unit;
    let field = question.part("unit");
    let words = question.name().to_owned();
    let name = move |text: String| {
        naming.set(true);
        typing.set(true);
        unit.choose(&text, false);
    };
    let left = move || {
        no_longer(naming);
        no_longer(typing);
    };
    let leave = move || {
        left();
        form.settle(id);
    };
    view! {
        <div class="own-words" hidden=move || !own.get()>
            <label for=field.clone()>{tr!("The unit, in your own words")} <span class="unseen">": " {words}</span></label>
            <input
                id=field
                class="input input-own-unit"
                type="text"
                autocomplete="off"
                autocapitalize="off"
                aria-describedby=question.described_by()
                prop:value=now
                on:input:target=move |event| name(event.target().value())
                on:change=act(leave)
                on:blur=act(left)
            />
        </div>
    }
}

/// The unit of the number that is there: without a name where nobody has given it one.
fn given(item: &ItemView<'_>) -> Option<String> {
    match item.answers.first() {
        Some(Answer::Quantity(quantity)) => Some(quantity.unit.clone().unwrap_or_default()),
        _ => None,
    }
}
