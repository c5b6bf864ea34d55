//! A labelled line of text, and rows to choose from. Label above, help below it, the error between them and the input.

use crate::prelude::*;

use super::{Icon, Symbol};

/// What is wrong with a field, and what to do. Its place is empty while there is nothing to say. With `announced` off the page
/// has one place of its own where all that is wrong is read out.
#[component]
pub fn FieldError(
    #[prop(into)] id: String,
    #[prop(into)] text: Signal<Option<String>>,
    #[prop(default = true)] announced: bool,
) -> impl IntoView {
    view! {
        <div class="error-place" id=id aria-live=announced.then_some("polite")>
            {move || {
                text.get()
                    .map(|text| {
                        view! {
                            <p class="field-error">
                                <Icon symbol=Symbol::Alert />
                                <span>{text}</span>
                            </p>
                        }
                    })
            }}
        </div>
    }
}

/// One line of text, held by `value`. Not for passwords: those are in no signal.
#[component]
pub fn Field(
    #[prop(into)] id: String,
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(default = 120)] longest: usize,
) -> impl IntoView {
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let described = {
        let (hint_id, error_id) = (hint_id.clone(), error_id.clone());
        move || match (hint.get().is_some(), error.get().is_some()) {
            (true, true) => Some(format!("{hint_id} {error_id}")),
            (true, false) => Some(hint_id.clone()),
            (false, true) => Some(error_id.clone()),
            (false, false) => None,
        }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            {move || {
                let hint_id = hint_id.clone();
                hint.get().map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })
            }}
            <FieldError id=error_id text=error />
            <input
                id=id
                class="input"
                type=kind
                autocomplete=autocomplete
                maxlength=longest.to_string()
                aria-invalid=move || error.get().map(|_| "true")
                aria-describedby=described
                prop:value=value
                on:input:target=move |event| value.set(event.target().value())
            />
        </div>
    }
}

/// A row with a tick; the whole row can be tapped.
#[component]
pub fn Choice(#[prop(into)] label: Signal<String>, checked: RwSignal<bool>) -> impl IntoView {
    view! {
        <label class="choice">
            <input
                type="checkbox"
                prop:checked=checked
                on:change:target=move |event| checked.set(event.target().checked())
            />
            <span>{label}</span>
        </label>
    }
}

/// A few words side by side, one of them chosen.
#[component]
pub fn Radio<T>(
    #[prop(into)] name: String,
    #[prop(into)] legend: String,
    /// The heading above says it already.
    #[prop(optional)]
    legend_unseen: bool,
    options: Vec<(T, &'static str)>,
    #[prop(into)] chosen: Signal<T>,
    on_choose: Callback<T>,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    view! {
        <fieldset class="field">
            <legend class=if legend_unseen { "unseen" } else { "field-label" }>{legend}</legend>
            <div class="segments">
                {options
                    .into_iter()
                    .map(|(value, label)| {
                        view! {
                            <label class="choice">
                                <input
                                    type="radio"
                                    name=name.clone()
                                    prop:checked=move || chosen.get() == value
                                    on:change=act(move || on_choose.run(value))
                                />
                                <span>{label}</span>
                            </label>
                        }
                    })
                    .collect_view()}
            </div>
        </fieldset>
    }
}
