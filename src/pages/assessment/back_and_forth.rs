//! Undo and redo: two buttons, the keys that everybody knows, and the way to the question that has changed.

use crate::prelude::*;
use forms::{Form, ItemId};
use leptos::ev;

use super::Desktop;
use crate::browser::device;
use crate::components::{Icon, Symbol};

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Back,
    Forth,
}

impl Turn {
    /// The key that means it. In a field that is typed in, the field's own undo goes first.
    fn of(key: &str, command: bool, shift: bool, typing: bool) -> Option<Self> {
        let key = key.to_ascii_lowercase();
        match (command && !typing, key.as_str(), shift) {
            (true, "z", false) => Some(Self::Back),
            (true, "z", true) | (true, "y", false) => Some(Self::Forth),
            _ => None,
        }
    }

    fn about(self, form: &Form) -> Option<ItemId> {
        match self {
            Self::Back => form.undoes(),
            Self::Forth => form.redoes(),
        }
    }
}

#[component]
pub fn BackAndForth() -> impl IntoView {
    let here = expect_context::<Desktop>();
    let turn = Callback::new(move |way| {
        let item = match way {
            Turn::Back => here.form.undo(),
            Turn::Forth => here.form.redo(),
        };
        if let Some((item, element)) = item {
            here.go_to_element(item, element);
        }
    });
    let keys = window_event_listener(ev::keydown, move |event| {
        let command = event.ctrl_key() || event.meta_key();
        let way = Turn::of(
            &event.key(),
            command,
            event.shift_key(),
            device::is_typed_in(&event),
        );
        if let Some(way) = way {
            event.prevent_default();
            turn.run(way);
        }
    });
    on_cleanup(move || keys.remove());
    let button = move |way: Turn, label: &'static str, symbol: Symbol, keys: &'static str| {
        let off = memo(move || here.form.watch(|form| way.about(form).is_none()));
        view! {
            <button
                type="button"
                class="button button-quiet button-symbol"
                aria-label=label
                title=label
                aria-keyshortcuts=keys
                disabled=off
                on:click=act(move || turn.run(way))
            >
                <Icon symbol />
            </button>
        }
    };
    view! {
        <div class="back-and-forth" hidden=move || here.form.locked.get()>
            {button(Turn::Back, tr!("Undo"), Symbol::Undo, "Control+Z")}
            {button(Turn::Forth, tr!("Redo"), Symbol::Redo, "Control+Shift+Z")}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_are_those_that_everybody_knows_and_a_fields_own_undo_goes_first() {
        for (key, command, shift, typing, way) in [
            ("z", true, false, false, Some(Turn::Back)),
            ("Z", true, true, false, Some(Turn::Forth)),
            ("y", true, false, false, Some(Turn::Forth)),
            ("z", false, false, false, None),
            ("z", true, false, true, None),
            ("x", true, false, false, None),
        ] {
            assert_eq!(Turn::of(key, command, shift, typing), way, "{key}");
        }
    }
}
