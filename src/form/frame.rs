//! What stands around every control: the question above it, the error between, the help below.

use crate::prelude::*;
use forms::{Answer, Control, ItemId, ItemView, Kind, Markup, Picture, Rule};

use super::{
    FormHandle, beside,
    item::{self, Sheet},
    rich, table,
};
use crate::components::{FieldError, OuterLink};
use crate::language::sentence;

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
    /// What the question is called; said, but not drawn, where the form gives it no text.
    name: String,
    has_text: bool,
    prefix: Option<String>,
    help: Option<String>,
    /// The words, where they are marked up.
    markup: Vec<Markup>,
    flyover: Option<String>,
    links: Vec<String>,
    picture: Option<Picture>,
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
            name: item.name.to_owned(),
            has_text: !item.text.is_empty(),
            prefix: item.prefix.map(str::to_owned),
            help: help(&item),
            markup: item
                .hints
                .filter(|_| !item.varies)
                .map(|hints| hints.markup.clone())
                .unwrap_or_default(),
            flyover: item.hints.and_then(|hints| hints.flyover.clone()),
            links: item
                .hints
                .map(|hints| hints.support_links.clone())
                .unwrap_or_default(),
            picture: item.hints.and_then(|hints| hints.picture.clone()),
        })
    }

    /// Adds to what helps with the answer.
    pub fn explain(&mut self, words: &str) {
        self.help = Some(match self.help.take() {
            Some(help) => format!("{help} {words}"),
            None => words.to_owned(),
        });
    }

    /// Gives the form what is typed, as it is typed.
    pub fn take_in(&self) -> impl Fn(Vec<Answer>) + Copy + Send + use<> {
        let (form, id, typing) = (self.sheet.form, self.id, self.typing);
        move |answers| {
            typing.set(true);
            form.answer(id, answers, false);
        }
    }

    /// The field that was typed in is left.
    pub fn leave(&self) -> impl Fn() + Copy + Send + use<> {
        let (form, id, typing) = (self.sheet.form, self.id, self.typing);
        move || {
            no_longer(typing);
            form.settle(id);
        }
    }

    /// The id of this part of the question: "input", "help", "error".
    pub fn part(&self, part: &str) -> String {
        Self::part_of(self.id, part)
    }

    /// The same for whoever holds no question.
    pub fn part_of(id: ItemId, part: &str) -> String {
        format!("{}-{part}", item::element_id(id))
    }

    /// What describes the control: error and help, as far as they are there.
    pub fn described_by(&self) -> Signal<Option<String>> {
        let (error, error_id) = (self.error, self.part("error"));
        let help_id = self.help.is_some().then(|| self.part("help"));
        derived(move || {
            let error_id = error.with(Option::is_some).then_some(error_id.as_str());
            let ids: Vec<&str> = error_id.into_iter().chain(help_id.as_deref()).collect();
            (!ids.is_empty()).then(|| ids.join(" "))
        })
    }

    pub fn invalid(&self) -> Signal<Option<&'static str>> {
        let error = self.error;
        derived(move || error.with(Option::is_some).then_some("true"))
    }

    /// One input with its label; `control` has the id `part("input")`.
    pub fn field(self, control: AnyView) -> AnyView {
        view! {
            <div class="question" id=item::element_id(self.id) tabindex="-1" data-linkid=self.link_id.clone()>
                <label class="question-text" for=self.part("input")>
                    {self.words()}
                </label>
                {self.around(control)}
            </div>
        }
    }

    /// A control that holds the question's words itself.
    pub fn own_words(self, control: AnyView) -> AnyView {
        view! {
            <div class="question" id=item::element_id(self.id) tabindex="-1" data-linkid=self.link_id.clone()>
                {self.around(control)}
            </div>
        }
    }

    /// What stands above and below each control, in its order.
    fn around(&self, control: AnyView) -> AnyView {
        view! {
            {self.left_off()}
            {self.prompts()}
            {self.error_place()}
            {picture(self.picture.as_ref())}
            {control}
            {self.help_place()}
            {beside::question(self.id)}
            {item::children(self.sheet, self.id)}
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
                {self.around(control)}
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
            {match (self.markup.is_empty(), self.has_text) {
                (false, _) => rich::inline(&self.markup),
                (true, true) => view! { {self.name.clone()} },
                (true, false) => view! { <span class="unseen">{self.name.clone()}</span> },
            }}
            {self.mark()}
        }
    }

    /// Whether an answer is needed, where most others are not, and the other way round.
    pub fn mark(&self) -> AnyView {
        let mark = match (self.required, self.sheet.most_required) {
            _ if !self.asked => None,
            (false, true) => Some(tr!("optional")),
            (true, false) => Some(tr!("required")),
            _ => None,
        };
        view! { {mark.map(|mark| view! { " " <span class="question-mark">"(" {mark} ")"</span> })} }
    }

    pub fn help_place(&self) -> AnyView {
        let id = self.part("help");
        let help = self.help.clone();
        let text = self.name.clone();
        let more = self.flyover.clone().map(|meaning| {
            view! {
                <details class="meaning">
                    <summary>{tr!("What does this mean?")} <span class="unseen">" " {text}</span></summary>
                    <p>{meaning}</p>
                </details>
            }
        });
        let links = self.links.iter().filter_map(|link| {
            let host = link.strip_prefix("https://")?.split(['/', '?', '#']).next()?;
            let label = tr!("More about this at {host}", host);
            Some(view! {
                <p class="question-link">
                    <OuterLink href=link.clone() label beside=true />
                </p>
            })
        });
        view! {
            {help.map(|help| view! { <p class="question-help" id=id>{help}</p> })}
            {more}
            {links.collect_view()}
        }
    }

    /// What the form says between the question and its answer.
    fn prompts(&self) -> AnyView {
        let prompts = self.sheet.form.read(|form| {
            let children = form.item(self.id).children.iter();
            children
                .filter(|child| is_prompt(&form.item(*child)))
                .collect::<Vec<ItemId>>()
        });
        let prompts = prompts.into_iter().map(|id| item::draw(self.sheet, id));
        prompts.collect_view().into_any()
    }

    /// The words alone, as blocks where they are marked up.
    pub fn paragraphs(&self) -> AnyView {
        match self.markup.is_empty() {
            true => view! { {self.has_text.then(|| view! { <p>{self.name.clone()}</p> })} },
            false => view! { <div class="rich">{rich::blocks(&self.markup)}</div> },
        }
    }

    pub fn picture_place(&self) -> AnyView {
        picture(self.picture.as_ref())
    }

    pub fn error_place(&self) -> AnyView {
        view! { <FieldError id=self.part("error") text=self.error announced=false /> }
    }

    /// That somebody left off here the last time.
    fn left_off(&self) -> Option<AnyView> {
        let here = self.sheet.form.left_off.get_untracked() == Some(self.id);
        here.then(|| view! { <p class="left-off">{tr!("You were here")}</p> })
    }

    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Nobody types in the field any more. It may have been left by being taken off the page, with its signals.
pub(super) fn no_longer(typing: RwSignal<bool>) {
    typing.try_set(false).unwrap_or_default();
}

/// Whether it stands between its question and the answer.
pub(super) fn is_prompt(item: &ItemView<'_>) -> bool {
    item.kind == Kind::Display && item.control == Control::Prompt
}

/// A picture that the form brings along.
pub(super) fn picture(picture: Option<&Picture>) -> AnyView {
    let picture = picture.cloned();
    view! {
        {picture
            .map(|Picture { source, title }| {
                view! { <img class="form-picture" src=source alt=title /> }
            })}
    }
}

fn help(item: &ItemView<'_>) -> Option<String> {
    // The fields of a date say themselves how it is entered.
    match (item.help, item.entry_format.filter(|_| item.kind != Kind::Date)) {
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
                .map(|problem| sentence(&problem.sentence))
        })
    })
}
