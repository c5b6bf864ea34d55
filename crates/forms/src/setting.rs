//! What a form is opened in: the time, the language, who it is about, and the lists that travel beside it.

use serde_json::Value;

use crate::DateTime;

/// What the world around knows when a form is opened. All of it is optional: a form that asks for more says so in
/// [`Form::not_supported`](crate::Form::not_supported).
///
/// ```
/// use forms::{DateTime, Form, Setting};
/// use serde_json::json;
///
/// let questionnaire = json!({ "resourceType": "Questionnaire", "item": [{
///     "linkId": "born", "type": "date", "extension": [{
///         "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-initialExpression",
///         "valueExpression": { "language": "text/fhirpath", "expression": "%patient.birthDate" } }] }] });
/// let setting = Setting::new()
///     .at(DateTime::parse("2026-11-23T08:00:00+01:00").ok_or("no moment")?)
///     .with("patient", json!({ "resourceType": "Patient", "birthDate": "1938-04-12" }));
/// let form = Form::open_in(&questionnaire, setting)?;
/// assert_eq!(form.item(form.find("born").ok_or("no item")?).text_answer(), "1938-04-12");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct Setting {
    pub(crate) now: Option<DateTime>,
    pub(crate) language: Option<String>,
    pub(crate) launch: Vec<(String, Value)>,
    pub(crate) library: Vec<Value>,
}

impl Setting {
    pub fn new() -> Self {
        Self::default()
    }

    /// The moment that `now()` and `today()` tell, in the offset that they tell it in.
    pub fn at(mut self, now: DateTime) -> Self {
        self.now = Some(now);
        self
    }

    /// The language that translated texts are shown in, such as "de" or "pt-BR".
    pub fn in_language(mut self, language: impl Into<String>) -> Self {
        self.language = Some(language.into());
        self
    }

    /// A resource of SDC's launch context, by its name without `%`: "patient", "user", "encounter".
    pub fn with(mut self, name: impl Into<String>, resource: Value) -> Self {
        self.launch.push((name.into(), resource));
        self
    }

    /// A ValueSet or CodeSystem that is not contained in the questionnaire.
    pub fn with_terminology(mut self, resource: Value) -> Self {
        self.library.push(resource);
        self
    }
}
