#![doc = include_str!("../README.md")]

mod answer;
mod arena;
mod definition;
mod form;
mod graph;
mod markup;
mod number;
mod setting;
mod temporal;

pub use answer::{Answer, Coding, Quantity};
pub use definition::{ChoiceOption, Control, Hints, Kind, NotSupported, Picture};
pub use form::{
    AnswerError, Band, Change, Changes, Children, Form, ItemId, ItemView, LastTime, Misfit, NotTaken, Origin,
    Place, Plan, Problem, Progress, Rule, Section, SectionId, Severity, Status, TAKEN, Taking, Tally, Told,
    Waiver,
};
pub use markup::{Mark, Markup};
pub use rust_decimal::Decimal;
pub use setting::Setting;
pub use temporal::{Date, DateTime, Time};

/// Why a form cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    #[error("this is not a FHIR Questionnaire")]
    NotAQuestionnaire,
    #[error("this is not a FHIR QuestionnaireResponse")]
    NotAResponse,
    #[error("the form asks nothing")]
    NoItems,
    #[error("the form is nested too deeply")]
    TooDeep,
    #[error("the form has too many questions")]
    TooManyItems,
    #[error("too many items of the form have the same name, {0:?}")]
    SameLinkId(String),
}
