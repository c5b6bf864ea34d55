//! Draws a [`forms::Form`]: one file per control, on native elements. The form holds every answer; a control reads its
//! item and writes its item, and keeps no copy.
//!
//! Neighbours: `crates/forms` decides what is asked, enabled and wrong; a page (`pages/assessment.rs`) opens the form,
//! mounts a section and saves. `public/styles/form.css` says how it looks.
//!
//! For the page:
//!
//! ```ignore
//! // Within the page's owner. `on_answer` is called for every answer; `Answered` says before and after, as FHIR.
//! let form = FormHandle::new(forms::Form::resume(&questionnaire, &response, &set_aside)?, move |answered| save(answered));
//! form.read(|form| form.response(Status::InProgress));      // not tracked
//! form.watch(|form| form.progress(section));                // tracked: runs again after every answer
//! form.share();                                             // for a save that may outlive the page
//! form.insist.set(true);                                    // also say which required answers are missing
//! form.lock(true);                                          // Pending, Complete: answers as text, nothing to change
//! view! { <FormSection form section /> }                    // the section's heading is the page's
//! device::go_to(&form::element_id(problem.item));           // the item's place on the page, once its section is mounted
//! ```

use crate::browser::{clock::utc_offset_now, device};
use crate::language;

mod attachment;
mod autocomplete;
mod beside;
mod boolean;
mod choice;
mod date;
mod display;
mod drop_down;
mod fixed;
mod frame;
mod handle;
mod item;
mod limits;
mod note;
mod number;
mod partial_date;
mod repeat;
mod rich;
mod section;
mod signature;
mod slider;
mod table;
mod take;
mod text;
mod tick;
mod total;
mod typed;
mod unit;

pub use attachment::picture_address;
pub use beside::Beside;
pub use fixed::{all_words, words as answer_words};
pub use handle::{Answered, FormHandle};
pub use item::{About, element_id, item_at, named_by_answer, problem_words};
pub use note::{SectionNote, note_id};
pub use section::FormSection;

/// A moment as FHIR writes it, in the tablet's own time.
pub fn moment(at: protocol::Timestamp) -> String {
    let moment = forms::DateTime::from_unix_milliseconds(at.0, utc_offset_now());
    moment.map(|moment| moment.to_string()).unwrap_or_default()
}

/// What this tablet knows when a form is opened: the time, by its own clock, and the language that is spoken.
pub fn setting() -> forms::Setting {
    let now = forms::DateTime::from_unix_milliseconds(device::now().0, utc_offset_now());
    let setting = forms::Setting::new().in_language(language::current().tag());
    match now {
        Some(now) => setting.at(now),
        None => setting,
    }
}
