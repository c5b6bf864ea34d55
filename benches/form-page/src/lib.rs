//! A form as the app draws it, `mobile_assessments::form`, in a page of its own: no sign-in, no storage, no server. `cargo xtask
//! bench --page` builds it and measures it beside other renderers, which have nothing of that either.
//!
//! `page/page.js` is what the measuring harness meets.

use forms::{Form, SectionId, Status};
use leptos::prelude::*;
use mobile_assessments::form::{self, FormHandle, FormSection};
use serde_json::Value;
use wasm_bindgen::prelude::{JsCast, JsError, wasm_bindgen};

/// An open form, and what of it is on the page.
#[wasm_bindgen]
pub struct Page {
    owner: Owner,
    form: FormHandle,
    /// All sections below each other, or one at a time, as in the app.
    is_whole: bool,
    here: SectionId,
    mounted: Option<UnmountHandle<<AnyView as Render>::State>>,
}

#[wasm_bindgen]
impl Page {
    /// Opens a form, or resumes a response to it, and draws its first section or all of them.
    pub fn open(questionnaire: &str, response: Option<String>, is_whole: bool) -> Result<Page, JsError> {
        let questionnaire: Value = serde_json::from_str(questionnaire)?;
        let form = match response {
            Some(response) => {
                let response = serde_json::from_str(&response)?;
                Form::resume_in(&questionnaire, &response, &Value::Null, form::setting())
            }
            None => Form::open_in(&questionnaire, form::setting()),
        }?;
        let first = form.sections().first().map(|section| section.id);
        let owner = Owner::new();
        let mut page = Self {
            form: owner.with(|| FormHandle::new(form, |_| {})),
            owner,
            is_whole,
            here: first.ok_or_else(|| JsError::new("the form shows nothing"))?,
            mounted: None,
        };
        page.draw()?;
        Ok(page)
    }

    /// Turns to the section of a question, as whoever wants to answer it would.
    pub fn turn_to(&mut self, link_id: &str) -> Result<(), JsError> {
        let section = self.form.read(|form| {
            let item = form.find(link_id)?;
            form.section_of(item).filter(|_| !form.item(item).read_only)
        });
        match section {
            Some(section) if section != self.here && !self.is_whole => {
                self.here = section;
                self.draw()
            }
            _ => Ok(()),
        }
    }

    /// The answer to a question that is on another page.
    pub fn answer_to(&self, link_id: &str) -> Option<String> {
        self.form
            .read(|form| Some(form.item(form.find(link_id)?).text_answer()))
    }

    /// The response as it stands, as JSON.
    pub fn response(&self) -> String {
        self.form
            .read(|form| form.response(Status::InProgress))
            .to_string()
    }

    fn draw(&mut self) -> Result<(), JsError> {
        let root = web_sys::window()
            .and_then(|window| window.document()?.get_element_by_id("main"))
            .and_then(|root| root.dyn_into::<web_sys::HtmlElement>().ok())
            .ok_or_else(|| JsError::new("the page has no place for a form"))?;
        // What is there goes first.
        self.mounted = None;
        let form = self.form;
        let sections: Vec<(SectionId, String)> = form.read(|form| {
            let shown = form.sections().iter();
            let shown = shown.filter(|section| self.is_whole || section.id == self.here);
            shown.map(|section| (section.id, section.title.clone())).collect()
        });
        let view = move || {
            let drawn = sections
                .into_iter()
                .map(|(section, title)| view! { <h1>{title}</h1> <FormSection form section /> });
            drawn.collect_view().into_any()
        };
        self.mounted = Some(self.owner.with(|| mount_to(root, view)));
        Ok(())
    }
}
