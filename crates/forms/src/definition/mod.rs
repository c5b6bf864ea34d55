//! What a questionnaire asks, read once and never changed: the form's definition beside its state in `form`.
//!
//! [`read`] turns the JSON into a flat list of [`Item`]s in document order, each with its parent and children, and a
//! list of what it asks for and this crate does not do ([`NotSupported`]).

pub(crate) mod json;
mod link;
mod options;
mod read;
mod total;

use rust_decimal::Decimal;

use crate::{Answer, Coding};

pub(crate) use options::score;
pub(crate) use read::read;

/// The deepest nesting of items that is opened.
pub(crate) const MAX_DEPTH: usize = 60;
/// The most items that are opened.
pub(crate) const MAX_ITEMS: usize = 50_000;

/// What an item is: FHIR's item types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    Group,
    #[default]
    Display,
    Boolean,
    Decimal,
    Integer,
    Date,
    DateTime,
    Time,
    String,
    Text,
    Url,
    Choice,
    OpenChoice,
    Quantity,
    /// A type that cannot be filled in here; answers that it came with are carried through.
    Unsupported,
}

impl Kind {
    /// Whether an item of this kind can hold an answer.
    pub fn is_question(self) -> bool {
        !matches!(self, Self::Group | Self::Display)
    }
}

/// How the form would like an item to be drawn: the codes of FHIR's `itemControl` that are known here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Control {
    /// The form does not say.
    #[default]
    Any,
    RadioButton,
    CheckBox,
    DropDown,
    Autocomplete,
    Slider,
    Spinner,
}

/// One of the answers that a question offers.
#[derive(Clone, Debug, PartialEq)]
pub struct ChoiceOption {
    /// What to give to [`Form::answer`](crate::Form::answer) when it is chosen.
    pub answer: Answer,
    /// The words for it.
    pub display: String,
    /// "A", "1)" and the like, in front of the words.
    pub prefix: Option<String>,
    /// What it counts in a total: `ordinalValue` or `itemWeight`.
    pub score: Option<Decimal>,
    /// Nothing else may be chosen beside it.
    pub exclusive: bool,
}

impl ChoiceOption {
    /// Whether `answer` is this option.
    pub fn is(&self, answer: &Answer) -> bool {
        match (&self.answer, answer) {
            (Answer::Coding(option), Answer::Coding(given)) => option.is(given),
            (option, given) => option == given,
        }
    }
}

/// Something that this form asks for and that is not done here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotSupported {
    /// Which item; `None` when it is the form as a whole.
    pub link_id: Option<String>,
    /// The FHIR name of what is asked for, for whoever wrote the form.
    pub feature: String,
    /// What it means for the person who fills it in.
    pub meaning: String,
}

/// The questionnaire as a whole.
pub(crate) struct Definition {
    pub url: Option<String>,
    pub version: Option<String>,
    pub title: Option<String>,
    /// In document order: every parent before its children.
    pub items: Vec<Item>,
    pub not_supported: Vec<NotSupported>,
}

impl Definition {
    pub fn note(&mut self, at: usize, feature: &str, meaning: &str) {
        let link_id = self.items.get(at).map(|item| item.link_id.clone());
        let (feature, meaning) = (feature.to_owned(), meaning.to_owned());
        self.not_supported.push(NotSupported {
            link_id,
            feature,
            meaning,
        });
    }
}

#[derive(Default)]
pub(crate) struct Item {
    pub link_id: String,
    pub text: String,
    pub prefix: Option<String>,
    pub kind: Kind,
    pub control: Control,
    /// The answers stand side by side rather than below each other.
    pub horizontal: bool,
    pub options: Vec<ChoiceOption>,
    /// Answers are limited to `options` (a choice whose list is not here is not).
    pub closed: bool,
    pub help: Option<String>,
    pub entry_format: Option<String>,
    pub category: Option<String>,
    pub units: Vec<Coding>,
    pub required: bool,
    pub repeats: bool,
    pub read_only: bool,
    /// Never drawn: hidden by the form, within a hidden item, or shown as the help of its parent.
    pub hidden: bool,
    pub min_length: Option<usize>,
    pub max_length: Option<usize>,
    pub min_value: Option<Answer>,
    pub max_value: Option<Answer>,
    pub max_decimal_places: Option<usize>,
    pub min_occurs: Option<usize>,
    pub max_occurs: Option<usize>,
    /// Whether it applies cannot be told here: nothing below it is insisted on.
    pub uncertain: bool,
    pub initial: Vec<Answer>,
    pub conditions: Vec<Condition>,
    /// All conditions must hold, rather than any.
    pub all: bool,
    pub calculation: Option<Calculation>,
    /// Which one it is among the items that share its link id, where several do.
    pub twin: Option<usize>,
    pub parent: Option<usize>,
    pub children: Vec<usize>,
}

/// One `enableWhen`.
pub(crate) struct Condition {
    /// The item asked about; `None` when the form has none of that name: it counts as unanswered.
    pub source: Option<usize>,
    pub test: Test,
}

pub(crate) enum Test {
    Exists(bool),
    Equal(Answer),
    NotEqual(Answer),
    Greater(Answer),
    Less(Answer),
    GreaterOrEqual(Answer),
    LessOrEqual(Answer),
}

/// How a calculated item comes by its answer. FHIRPath expressions become a variant beside `Total`.
pub(crate) enum Calculation {
    /// The sum of the scores of what is chosen at these items.
    Total(Vec<usize>),
}
