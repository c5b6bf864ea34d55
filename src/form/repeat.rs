//! Parts that can be there several times: one more of them, away with one, and back with it; also with what goes with an answer
//! below which it is asked.

use crate::prelude::*;
use forms::{Form, ItemId, Kind};

use super::{
    FormHandle, fixed,
    item::{Sheet, go_to},
    table::Rows,
};
use crate::components::{Icon, Symbol};

/// Whether the user may make more or fewer of this part.
pub(super) fn may(sheet: Sheet, group: ItemId) -> bool {
    !sheet.locked && sheet.form.peek(group, |item| item.repeats && !item.read_only)
}

/// Below a part: one more of it where it is the last, and away with it.
pub(super) fn buttons(sheet: Sheet, id: ItemId) -> AnyView {
    if !may(sheet, id) {
        return ().into_any();
    }
    let form = sheet.form;
    let is_last = memo(move || {
        form.structure(|form| {
            let (place, count) = form.place_of(id);
            form.can_add(id) && place + 1 == count
        })
    });
    view! {
        <div class="buttons">
            {add(form, words(form, id), move || !is_last.get(), move || Some(id))} {remove(sheet, id)}
        </div>
    }
}

/// Below a table: one more row.
pub(super) fn add_below(sheet: Sheet, first: ItemId, rows: Rows) -> AnyView {
    let form = sheet.form;
    let last = memo(move || rows().last().copied());
    let full = move || {
        let last = last.get();
        last.is_none_or(|last| !form.structure(|form| form.can_add(last)))
    };
    let last = move || last.get_untracked();
    view! { <div class="buttons">{add(form, words(form, first), full, last)}</div> }
}

fn add(
    form: FormHandle,
    words: String,
    hidden: impl Fn() -> bool + Send + 'static,
    after: impl Fn() -> Option<ItemId> + Send + 'static,
) -> AnyView {
    let press = move || {
        if let Some(added) = after().and_then(|last| form.add(last)) {
            go_to(added);
        }
    };
    view! {
        <button type="button" class="button button-secondary" hidden=hidden on:click=act(press)>
            {tr!("Add another")}
            <span class="unseen">": " {words}</span>
        </button>
    }
}

/// Away with this one; the last one that is there is emptied.
pub(super) fn remove(sheet: Sheet, id: ItemId) -> AnyView {
    let form = sheet.form;
    let name = move || form.structure(|form| super::table::row_words(form, id));
    let alone = move || form.structure(|form| form.place_of(id).1 == 1);
    let press = move || {
        let alone = alone();
        let words = match alone {
            true => tr!("Emptied: {name}.", name = name()),
            false => tr!("Removed: {name}.", name = name()),
        };
        let near = form.read(|form| neighbour(&form.instances_of(id), id));
        form.remove(id);
        form.removed.set(Some(words));
        go_to(if alone { id } else { near.unwrap_or(id) });
    };
    view! {
        <button type="button" class="button button-quiet" on:click=act(press)>
            {move || if alone() { tr!("Empty") } else { tr!("Remove") }}
            <span class="unseen">": " {name}</span>
        </button>
    }
}

/// What is asked below the answers of a question, and answered.
pub(super) fn answered_below(form: &Form, question: ItemId) -> Vec<ItemId> {
    let below = form.item(question).children.iter();
    let answered = |id: &ItemId| form.item(*id).kind == Kind::Below && form.is_answered(*id);
    below.filter(answered).collect()
}

/// Says which of these went with their answer.
pub(super) fn tell_gone(form: FormHandle, parts: Vec<ItemId>) {
    let mut names = Vec::new();
    for part in parts {
        form.peek(part, |part| {
            if let Some(answer) = part.answers.first().filter(|_| !part.enabled) {
                names.push(fixed::words(&part, answer));
            }
        });
    }
    if !names.is_empty() {
        form.removed
            .set(Some(tr!("Removed: {name}.", name = names.join(", "))));
    }
}

/// Says what was just taken away, and brings it back. It goes with the next answer.
pub(super) fn notice(form: FormHandle) -> AnyView {
    let undo = move || {
        if let Some((back, _)) = form.undo() {
            go_to(back);
        }
    };
    view! {
        <div class="undo" role="status">
            {move || {
                form.removed
                    .get()
                    .map(|words| {
                        view! {
                            <span>{words}</span>
                            <button type="button" class="button button-quiet" on:click=act(undo)>
                                <Icon symbol=Symbol::Undo />
                                {tr!("Undo")}
                            </button>
                        }
                    })
            }}
        </div>
    }
}

/// The one that stands where another stood: the next, or the one before the last.
fn neighbour(all: &[ItemId], gone: ItemId) -> Option<ItemId> {
    let place = all.iter().position(|id| *id == gone)?;
    all.get(place + 1)
        .or_else(|| all.get(place.checked_sub(1)?))
        .copied()
}

fn words(form: FormHandle, group: ItemId) -> String {
    form.peek(group, |item| match item.text {
        "" => tr!("this part").to_owned(),
        text => text.to_owned(),
    })
}
