//! Going about in an assessment: to a question on whichever page, to the next that is unanswered, to the first that
//! something is wrong with.

use crate::prelude::*;
use forms::{ItemId, SectionId};
use leptos::ev;

use super::Desktop;
use super::faulty::FORM_RULES;
use super::steps::Place;
use super::ways::{Stand, next_open, wrong};
use crate::browser::device;
use crate::components::{Icon, Symbol};
use crate::form::{About, FormHandle, element_id, item_at, note_id};

impl Desktop {
    /// To where this is asked, on whichever page; the focus goes to where it is answered. What is
    /// asked on none is told on the last.
    pub fn go_to(self, item: ItemId) {
        self.go_to_element(item, element_id(item));
    }

    /// To what is wrong. A rule of the form as a whole is told on the last page.
    pub fn go_to_problem(self, about: About) {
        match about {
            Some(item) => self.go_to(item),
            None => self.go_to_place(Place::Finish, FORM_RULES.to_owned()),
        }
    }

    /// The same, where another element than the item's own is meant.
    pub fn go_to_element(self, item: ItemId, element: String) {
        let place = self.form.read(|form| Place::of_item(form, item));
        let element = match place {
            Place::Finish => FORM_RULES.to_owned(),
            _ => element,
        };
        self.go_to_place(place, element);
    }

    /// To the free note at the end of that section.
    pub fn go_to_note(self, section: SectionId) {
        self.go_to_place(Place::Section(section), note_id(section));
    }

    fn go_to_place(self, place: Place, element: String) {
        if self.place.get_untracked() != place {
            self.address.go(&self.href(place));
        }
        show(element);
    }

    /// Notes which question has the focus, for as long as the owner lives.
    pub fn follow_focus(self) {
        device::on_focus(move |id| {
            if let Some(item) = self.form.read(|form| item_at(form, &id)) {
                self.at.set(Some(item));
            }
        });
        Effect::new(move |before: Option<Place>| {
            let place = self.place.get();
            if before.is_some_and(|before| before != place) {
                self.at.set(None);
                self.told.set(String::new());
                // It was there when the page was opened, and is of no more use now.
                self.form.left_off.set(None);
            }
            place
        });
    }

    fn stand(self) -> Stand {
        match (self.at.get_untracked(), self.place.get_untracked()) {
            (Some(item), _) => Stand::At(item),
            (None, Place::Section(section)) => Stand::Before(section),
            (None, _) => Stand::Elsewhere,
        }
    }

    fn go_to_next_open(self) {
        let stand = self.stand();
        match self.form.read(|form| next_open(form, stand)) {
            Some(item) => {
                self.go_to(item);
                self.told.set(String::new());
            }
            None => self.told.set(tr!("Every question is answered.").to_owned()),
        }
    }
}

/// Brings a question of the page into view, once the page is drawn.
pub fn show(element: String) {
    request_animation_frame(move || {
        request_animation_frame(move || {
            device::go_to_field(&element);
        });
    });
}

/// The button in the bar, and the key that does the same.
#[component]
pub fn NextUnanswered() -> impl IntoView {
    let here = expect_context::<Desktop>();
    let keys = window_event_listener(ev::keydown, move |event| {
        let asked = event.ctrl_key() && event.key() == "Enter" && !event.default_prevented();
        if asked && !here.form.locked.get_untracked() && !here.finding.get_untracked() {
            event.prevent_default();
            here.go_to_next_open();
        }
    });
    on_cleanup(move || keys.remove());
    view! {
        <button
            type="button"
            class="button button-quiet button-symbol"
            aria-label=tr!("Next unanswered")
            title=format!("{} (Ctrl+Enter)", tr!("Next unanswered"))
            aria-keyshortcuts="Control+Enter"
            hidden=move || here.form.locked.get()
            on:click=act(move || here.go_to_next_open())
        >
            <Icon symbol=Symbol::Skip />
        </button>
    }
}

/// In the list of sections: the ways that do not follow it.
#[component]
pub fn Ways() -> impl IntoView {
    let here = expect_context::<Desktop>();
    let leave = move || here.sheet.set(false);
    view! {
        <div class="ways">
            <button
                type="button"
                class="section"
                aria-haspopup="dialog"
                aria-keyshortcuts="Control+Shift+F"
                title="Ctrl+Shift+F"
                on:click=act(move || {
                    leave();
                    here.finding.set(true);
                })
            >
                <Icon symbol=Symbol::Search />
                <span class="section-title">{tr!("Find a question")}</span>
            </button>
            <button
                type="button"
                class="section"
                hidden=move || here.form.locked.get()
                on:click=act(move || {
                    leave();
                    here.go_to_next_open();
                })
            >
                <Icon symbol=Symbol::Skip />
                <span class="section-title">{tr!("Next unanswered")}</span>
            </button>
            <button
                type="button"
                class="section"
                hidden=move || here.problems.with(Vec::is_empty)
                on:click=act(move || {
                    leave();
                    go_to_first(here);
                })
            >
                <Icon symbol=Symbol::Alert />
                <span class="section-title">{tr!("First problem")}</span>
                <span class="section-count">{move || here.problems.with(Vec::len).to_string()}</span>
            </button>
        </div>
    }
}

/// What is wrong, from the first to the last. While somebody types, half an answer is not called wrong.
pub fn problems(form: FormHandle) -> Memo<Vec<About>> {
    memo(move || match (form.locked.get(), form.insist.get()) {
        (true, _) => Vec::new(),
        (false, true) => form.watch(wrong),
        (false, false) => form.wrong.get(),
    })
}

fn go_to_first(here: Desktop) {
    let first = here.problems.with_untracked(|problems| problems.first().copied());
    if let Some(first) = first {
        here.go_to_problem(first);
    }
}

/// Above the bar's buttons: that something is wrong, and the way there; and what came of a wish.
#[component]
pub fn Notices() -> impl IntoView {
    let here = expect_context::<Desktop>();
    let count = move || here.problems.with(Vec::len);
    let is_section = move || matches!(here.place.get(), Place::Section(_));
    view! {
        <p class="bar-told small" role="status">
            {here.told}
        </p>
        <button
            type="button"
            class="button button-quiet bar-problem"
            hidden=move || count() == 0 || !is_section()
            on:click=act(move || go_to_first(here))
        >
            <Icon symbol=Symbol::Alert />
            {move || tr!("1 answer to look at: go there" | "{n} answers to look at: go to the first" % count())}
        </button>
    }
}
