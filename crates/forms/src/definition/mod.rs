//! What a questionnaire asks, read once and never changed: the form's definition beside its state in `form`.
//!
//! [`read`] turns the JSON into a flat list of [`Item`]s in document order, each with its parent and children, and a
//! list of what it asks for and this crate does not do ([`NotSupported`]). Expressions are read into [`Formula`]s.

pub(crate) mod formula;
pub(crate) mod json;
mod link;
pub(crate) mod options;
mod picture;
mod published;
mod read;
mod translation;

use std::collections::HashMap;

use fhirpath::{Context, Expression, Pattern};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::{Answer, Coding, Markup, arena::Arena};

pub(crate) use formula::{Constraint, Formula, Toggle, Variable};
pub(crate) use read::read;

/// The deepest nesting of items that is opened.
pub(crate) const MAX_DEPTH: usize = 60;
/// The most items that are opened, and the most that repeating makes of them.
pub(crate) const MAX_ITEMS: usize = 50_000;
pub(crate) const MAX_INSTANCES: usize = 100_000;
/// The most times that one group is there.
pub(crate) const MAX_REPEATS: usize = 1_000;
/// The most times that a group is there before somebody asks for more.
const MAX_AT_FIRST: usize = 50;

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
    Reference,
    Attachment,
    /// No item of FHIR's, but what is asked below one answer of a question that takes several: `answer.item`.
    Below,
    /// A type that cannot be filled in here; answers that it came with are carried through.
    Unsupported,
}

impl Kind {
    /// Whether an item of this kind can hold an answer.
    pub fn is_question(self) -> bool {
        !matches!(self, Self::Group | Self::Display | Self::Below)
    }

    /// Whether it is answered from a list.
    pub fn is_choice(self) -> bool {
        matches!(self, Self::Choice | Self::OpenChoice)
    }

    /// FHIR's code for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Display => "display",
            Self::Boolean => "boolean",
            Self::Decimal => "decimal",
            Self::Integer => "integer",
            Self::Date => "date",
            Self::DateTime => "dateTime",
            Self::Time => "time",
            Self::String => "string",
            Self::Text => "text",
            Self::Url => "url",
            Self::Choice => "choice",
            Self::OpenChoice => "open-choice",
            Self::Quantity => "quantity",
            Self::Reference => "reference",
            Self::Attachment => "attachment",
            Self::Below => "below",
            Self::Unsupported => "unsupported",
        }
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
    /// Groups: rows and columns of questions.
    Grid,
    GTable,
    HTable,
    Table,
    /// Groups: a page, tabs, a heading, a footer.
    Page,
    TabContainer,
    Header,
    Footer,
    /// Texts: what they are to their question.
    Prompt,
    Help,
    Flyover,
    Unit,
    Context,
}

/// A picture that travels within the form. Nothing is ever fetched for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// A `data:` address of an image.
    pub source: String,
    /// What is to be seen, in words; empty where the form does not say.
    pub title: String,
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
    /// What it looks like (`itemAnswerMedia`).
    pub picture: Option<Box<Picture>>,
    /// What the form's columns tell of it besides (`choiceColumn`): each column's heading, and what stands in it.
    pub columns: Vec<(String, String)>,
    /// Its list has words for it in other languages too.
    pub(crate) has_other_words: bool,
}

/// The words for an answer: where it is an option of the question, as the option is shown, in whatever language that is.
pub(crate) fn words_of(options: &[ChoiceOption], answer: &Answer) -> String {
    let option = options.iter().find(|option| option.is(answer));
    option.map_or_else(|| answer.to_string(), |option| option.display.clone())
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

/// Further wishes of the form about how an item is drawn; each as it is written, and none of them binding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// A few words for the item, for tables and lists (`shortText`).
    pub short_text: Option<String>,
    /// What to call the line for an answer in the user's own words (`openLabel`).
    pub open_label: Option<String>,
    /// Where there is more about the question (`supportLink`).
    pub support_links: Vec<String>,
    /// "default-open" or "default-closed".
    pub collapsible: Option<String>,
    /// How far one step of a slider goes.
    pub slider_step: Option<Decimal>,
    /// In how many columns the options stand.
    pub columns: Option<usize>,
    /// CSS, for whoever wants to follow it (`rendering-style`).
    pub style: Option<String>,
    /// The item's text with emphasis and lists, and nothing else (`rendering-xhtml` or `rendering-markdown`).
    pub markup: Vec<Markup>,
    /// What a word of the question means, for whoever asks (`flyover`).
    pub flyover: Option<String>,
    /// What the least and the greatest value mean, at the ends of a slider (`lower`, `upper`).
    pub lower: Option<String>,
    pub upper: Option<String>,
    /// A picture that belongs to the question (`itemMedia`).
    pub picture: Option<Picture>,
    /// The attachment is a signature (`signatureRequired`, or the item control `signature` that some tools write).
    pub signature: bool,
    /// What becomes of the item when it is not enabled: "hidden" or "protected".
    pub disabled_display: Option<String>,
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

/// By link id: its items, in document order; several where the form gives several items one name.
pub(crate) type Places = HashMap<String, Vec<usize>>;

/// The questionnaire as a whole.
pub(crate) struct Definition {
    pub url: Option<String>,
    pub version: Option<String>,
    pub title: Option<String>,
    /// In document order: every parent before its children.
    pub items: Arena<Item>,
    pub places: Places,
    /// Variables of the form as a whole.
    pub variables: Vec<Variable>,
    /// Rules about the response as a whole.
    pub constraints: Vec<Constraint>,
    /// Whether some expression asks for the questionnaire itself.
    pub wants_questionnaire: bool,
    pub not_supported: Vec<NotSupported>,
}

impl Definition {
    /// What to call an item that has no text.
    pub fn name_without_text<'a>(&'a self, item: &'a Item) -> &'a str {
        let above = |item: &&'a Item| item.parent.map(|parent| &self.items[parent]);
        let mut all = std::iter::successors(Some(item), above).map(|item| item.text.as_str());
        all.find(|text| !text.is_empty()).unwrap_or(&item.link_id)
    }

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
    /// What the item is in code systems, such as LOINC: `Questionnaire.item.code`.
    pub codes: Vec<String>,
    pub text: String,
    pub prefix: Option<String>,
    pub kind: Kind,
    pub control: Control,
    /// The answers stand side by side rather than below each other.
    pub horizontal: bool,
    pub options: Vec<ChoiceOption>,
    /// What is told of each option.
    pub columns: Vec<Column>,
    /// The options are those of a value set.
    pub from_list: bool,
    pub help: Option<String>,
    pub entry_format: Option<String>,
    pub hints: Option<Box<Hints>>,
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
    pub pattern: Option<Pattern>,
    /// Of attachments: the kinds that are taken, and the most bytes.
    pub mime_types: Vec<String>,
    pub max_size: Option<Decimal>,
    /// Of references: the kinds of resources that may be meant.
    pub resource_types: Vec<String>,
    /// The list of answers is not here: the code systems that it draws on, as far as they are known.
    pub no_list: Option<Vec<String>>,
    /// The units are a list from which there is no way out.
    pub closed_units: bool,
    /// The code systems of a list of units that is not here, as far as they are known.
    pub unit_systems: Vec<String>,
    /// Units that are not in the list may be given in the user's own words.
    pub open_units: bool,
    /// The code system that such a unit is a code of.
    pub unit_system: Option<String>,
    pub min_occurs: Option<usize>,
    pub max_occurs: Option<usize>,
    /// Whether it applies cannot be told here: nothing below it is insisted on.
    pub uncertain: bool,
    /// Its condition is an expression that cannot be read.
    pub faulty: bool,
    pub initial: Vec<Answer>,
    pub conditions: Vec<Condition>,
    /// All conditions must hold, rather than any.
    pub all: bool,
    /// `enableWhenExpression`
    pub enable: Option<Formula>,
    /// `calculatedExpression`
    pub calculation: Option<Formula>,
    /// The questions whose scores a total adds up.
    pub total_of: Vec<usize>,
    /// `initialExpression`
    pub begins_with: Option<Formula>,
    /// `answerExpression`: works out the options.
    pub offers: Option<Formula>,
    /// `answerOptionsToggleExpression`
    pub toggles: Vec<Toggle>,
    /// `cqf-expression` on the text.
    pub wording: Option<Formula>,
    pub variables: Vec<Variable>,
    pub constraints: Vec<Constraint>,
    /// Which one it is among the items that share its link id, where several do.
    pub twin: Option<usize>,
    pub parent: Option<usize>,
    pub children: Vec<usize>,
    /// What is asked below each of its answers, where that is asked for each: of [`Kind::Below`].
    pub below: Option<usize>,
    /// Its place among the children of its parent, as the questionnaire's JSON lists them.
    pub written_at: usize,
    /// The item after the last one below it.
    pub end: usize,
    /// How many items one instance of it holds, itself included.
    pub size: usize,
    /// What expressions begin at while the item is not in the response.
    pub stub: Value,
}

impl Item {
    /// A group that can be there several times.
    pub fn is_repeating_group(&self) -> bool {
        self.kind == Kind::Group && self.repeats
    }

    /// It can be there several times, each with all that is in it: a group that repeats, or what is asked below an answer.
    pub fn is_several(&self) -> bool {
        self.is_repeating_group() || self.kind == Kind::Below
    }

    /// Times that it is there to begin with.
    pub fn at_first(&self) -> usize {
        let most = match self.kind {
            // As many as its question has answers.
            Kind::Below => MAX_REPEATS,
            _ => MAX_AT_FIRST,
        };
        match self.is_several() {
            true => self.min_occurs.unwrap_or(1).clamp(1, most),
            false => 1,
        }
    }
}

/// One `choiceColumn`: what it shows of an option.
pub(crate) struct Column {
    pub label: String,
    pub path: Expression,
    /// It holds the words for the option, in place of those that it comes with.
    pub for_display: bool,
}

/// The most steps that one cell may take, of which there may be thousands.
const CELL_BUDGET: u64 = 1_000;

impl Column {
    /// What stands in this column for an option with this value.
    fn cell(&self, value: &Value) -> String {
        let found = self
            .path
            .evaluate(&Context::new(value).with_budget(CELL_BUDGET))
            .unwrap_or_default();
        let texts = found.iter().map(|value| match value.to_json() {
            Value::String(text) => text,
            other => other.to_string(),
        });
        texts.collect::<Vec<String>>().join(", ")
    }

    /// Puts what the columns tell of an option with this value into it.
    pub fn tell(columns: &[Self], value: &Value, option: &mut ChoiceOption) {
        for column in columns {
            let cell = column.cell(value);
            if cell.is_empty() {
                continue;
            }
            match column.for_display {
                true => option.display = cell,
                false => option.columns.push((column.label.clone(), cell)),
            }
        }
    }
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
