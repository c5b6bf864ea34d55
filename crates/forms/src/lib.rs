//! A FHIR R4 `Questionnaire` becomes a form that is filled in, and a `QuestionnaireResponse` comes out.
//!
//! Pure: no clock, no network, no browser. The form is the only holder of its answers; a page reads items, gives
//! answers, and draws again what [`Form::answer`] says has changed. Instruments are FHIR JSON, read leniently: what a
//! form asks for and does not get here is listed by [`Form::not_supported`], in words for the user.
//!
//! Where to start: [`Form::open`], [`Form::answer`], [`ItemView`].
//!
//! ```
//! use forms::{Answer, Form, Status};
//! use serde_json::{Value, json};
//!
//! let questionnaire = json!({
//!     "resourceType": "Questionnaire",
//!     "url": "https://forms.example.org/Questionnaire/falls",
//!     "version": "1.0",
//!     "item": [
//!         { "linkId": "fell", "text": "Any fall since the last visit?", "type": "boolean", "required": true },
//!         { "linkId": "times", "text": "How many?", "type": "integer", "required": true,
//!           "enableWhen": [{ "question": "fell", "operator": "=", "answerBoolean": true }] },
//!     ],
//! });
//! let mut form = Form::open(&questionnaire)?;
//! let (Some(fell), Some(times)) = (form.find("fell"), form.find("times")) else { unreachable!() };
//! assert!(!form.item(times).enabled);
//!
//! let changes = form.answer(fell, vec![Answer::Boolean(true)])?;
//! assert!(changes.of(times).is_some_and(|change| change.enabled));
//!
//! // What cannot be an answer is kept and marked, and never sent.
//! let typed = form.item(times).read("two");
//! form.answer(times, typed)?;
//! assert_eq!(form.problems()[0].message, "Enter a whole number in digits, such as 12.");
//!
//! form.answer(times, vec![Answer::Integer(2)])?;
//! assert!(form.problems().is_empty());
//! assert_eq!(form.response(Status::Completed)["item"][1]["answer"], json!([{ "valueInteger": 2 }]));
//!
//! // Back to "no": the count leaves the response, and comes back when it is wanted again.
//! form.answer(fell, vec![Answer::Boolean(false)])?;
//! let (response, set_aside) = (form.response(Status::InProgress), form.set_aside());
//! assert_eq!(response["item"].as_array().map(Vec::len), Some(1));
//! let mut form = Form::resume(&questionnaire, &response, &set_aside)?;
//! form.answer(fell, vec![Answer::Boolean(true)])?;
//! assert_eq!(form.item(times).answers, [Answer::Integer(2)]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod definition;
mod form;
mod graph;
mod markup;
mod number;
mod setting;
mod temporal;

pub use answer::{Answer, Coding, Quantity};
pub use definition::{ChoiceOption, Control, Hints, Kind, NotSupported};
pub use form::{
    AnswerError, Change, Changes, Children, Form, ItemId, ItemView, Misfit, Problem, Progress, Rule, Section,
    SectionId, Severity, Status, Tally, Waiver,
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
