//! What stands around every control: the question above it, the error between, the help below.

use crate::prelude::*;
use forms::{ItemId, ItemView, Rule};

use super::{
    FormHandle, beside,
    item::{self, Sheet},
    table,
};
use crate::components::FieldError;

/// What a control needs to know about its question; none of it changes while the form is open.
#[derive(Clone)]
pub(super) struct Question {
    pub sheet: Sheet,
    pub id: ItemId,
    pub link_id: String,
    pub required: bool,
    /// The user can answer it here.
    asked: bool,
    /// What is wrong with the answer, once it is to be said.
    pub error: Memo<Option<String>>,
    /// Set while somebody types: half an answer is not called wrong.
    pub typing: RwSignal<bool>,
    text: String,
    prefix: Option<String>,
    help: Option<String>,
}

impl Question {
    pub fn of(sheet: Sheet, id: ItemId) -> Self {
        let typing = RwSignal::new(false);
        sheet.form.peek(id, |item| Self {
            sheet,
            id,
            link_id: item.link_id.to_owned(),
            required: item.required,
            asked: item.kind.is_question() && !item.read_only && !sheet.locked,
            error: error(sheet.form, id, typing),
            typing,
            text: item.text.to_owned(),
            prefix: item.prefix.map(str::to_owned),
            help: help(&item),
        })
    }

    /// Adds to what helps with the answer.
    pub fn explain(&mut self, words: &str) {
        self.help = Some(match self.help.take() {
            Some(help) => format!("{help} {words}"),
            None => words.to_owned(),
        });
    }

    /// The id of this part of the question: "input", "help", "error".
    pub fn part(&self, part: &str) -> String {
        format!("{}-{part}", item::element_id(self.id))
    }

    /// What describes the control: error and help, as far as they are there.
    pub fn described_by(&self) -> Signal<Option<String>> {
        let (error, error_id) = (self.error, self.part("error"));
        let help_id = self.help.is_some().then(|| self.part("help"));
        Signal::derive(move || {
            let error_id = error.with(Option::is_some).then_some(error_id.as_str());
            let ids: Vec<&str> = error_id.into_iter().chain(help_id.as_deref()).collect();
            (!ids.is_empty()).then(|| ids.join(" "))
        })
    }

    pub fn invalid(&self) -> Signal<Option<&'static str>> {
        let error = self.error;
        Signal::derive(move || error.with(Option::is_some).then_some("true"))
    }

    /// One input with its label; `control` has the id `part("input")`.
    pub fn field(self, control: AnyView) -> AnyView {
        view! {
            <div class="question" id=item::element_id(self.id) tabindex="-1" data-linkid=self.link_id.clone()>
                <label class="question-text" for=self.part("input")>
                    {self.words()}
                </label>
                {self.error_place()}
                {control}
                {self.help_place()}
                {beside::question(self.id)}
                {item::children(self.sheet, self.id)}
            </div>
        }
    }

    /// Several inputs that are one answer. `role` is what they are together.
    pub fn fieldset(self, role: &'static str, control: AnyView) -> AnyView {
        let required = (role == "radiogroup" && self.required).then_some("true");
        let invalid = self.invalid();
        let invalid = move || if role == "radiogroup" { invalid.get() } else { None };
        view! {
            <fieldset
                class="question"
                role=role
                id=item::element_id(self.id)
                tabindex="-1"
                data-linkid=self.link_id.clone()
                aria-describedby=self.described_by()
                aria-required=required
                aria-invalid=invalid
            >
                <legend class="question-text">{self.words()}</legend>
                {self.error_place()}
                {control}
                {self.help_place()}
                {beside::question(self.id)}
                {item::children(self.sheet, self.id)}
            </fieldset>
        }
    }

    /// The question's words without any control.
    pub fn words(&self) -> AnyView {
        let form = self.sheet.form;
        let row = self.sheet.row.map(|row| {
            let words = move || form.structure(|form| table::row_words(form, row));
            view! { <span class="unseen">{words} ": "</span> }
        });
        view! {
            {row}
            {self.prefix.clone().map(|prefix| view! { <span class="question-prefix">{prefix}</span> " " })}
            {self.text.clone()}
            {self.mark()}
        }
    }

    /// Whether an answer is needed, where most others are not, and the other way round.
    pub fn mark(&self) -> AnyView {
        let mark = match (self.required, self.sheet.most_required) {
            _ if !self.asked => None,
            (false, true) => Some("optional"),
            (true, false) => Some("required"),
            _ => None,
        };
        view! { {mark.map(|mark| view! { " " <span class="question-mark">"(" {mark} ")"</span> })} }
    }

    pub fn help_place(&self) -> AnyView {
        let id = self.part("help");
        let help = self.help.clone();
        view! { {help.map(|help| view! { <p class="question-help" id=id>{help}</p> })} }
    }

    pub fn error_place(&self) -> AnyView {
        view! { <FieldError id=self.part("error") text=self.error /> }
    }

    pub fn text(&self) -> &str {
        &self.text
    }
}

fn help(item: &ItemView<'_>) -> Option<String> {
    match (item.help, item.entry_format) {
        (Some(help), Some(format)) => Some(format!("{help} ({format})")),
        (Some(words), None) | (None, Some(words)) => Some(words.to_owned()),
        (None, None) => None,
    }
}

/// The item's first problem. That an answer is missing is said when the page insists; while somebody types, only what
/// was said before is still said.
fn error(form: FormHandle, id: ItemId, typing: RwSignal<bool>) -> Memo<Option<String>> {
    Memo::new(move |before: Option<&Option<String>>| {
        let insist = form.insist.get();
        let quiet = typing.get() && !before.is_some_and(Option::is_some);
        form.item(id, |item| {
            let mut told = item
                .problems
                .iter()
                .filter(|problem| insist || problem.rule != Rule::Required);
            told.next()
                .filter(|_| !quiet)
                .map(|problem| problem.message.clone())
        })
    })
}
