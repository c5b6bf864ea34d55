//! What lies on the tablet of the same client and form from before: the last completed assessment, for "as last time", and all of
//! them, for the trend of a total.

use std::rc::Rc;

use forms::{Form, LastTime, Origin};
use leptos::prelude::*;
use protocol::{Document, RecordId, Status};
use replica::{Caseload, Earlier, earlier};
use serde_json::Value;

use crate::browser::{Tablet, device};

/// For the parts of the page, as a context.
pub type Context = StoredValue<Rc<Before>, LocalStorage>;

pub struct Before {
    /// The last signed first.
    pub earlier: Vec<RecordId>,
    /// Of a draft alone: nothing else is answered any more.
    pub last: Option<Last>,
    /// The form of the assessment that is open.
    pub questionnaire: Value,
}

/// The last completed assessment that can be read.
pub struct Last {
    pub time: LastTime,
    pub id: RecordId,
    /// "3 Nov 2026"
    pub day: String,
    pub author_name: String,
}

/// What cannot be read is named in the caseload, and here it is as if it were not there.
pub async fn read(
    tablet: &Tablet,
    document: &Document,
    form: &Form,
    questionnaire: Value,
    caseload: &Caseload,
) -> Before {
    let is_draft = document.status == Status::Draft;
    // Everything on the tablet is opened for it: nobody waits for that who is asked nothing and shown no total.
    let earlier = match is_draft || form.items().any(|item| item.total.is_some()) {
        true => {
            let shelf = tablet.documents().await.unwrap_or_default();
            earlier(document, &shelf.documents, &caseload.received)
        }
        false => Vec::new(),
    };
    let mut last = None;
    if is_draft {
        for known in &earlier {
            last = open(tablet, known, document, &questionnaire).await;
            if last.is_some() {
                break;
            }
        }
    }
    Before {
        earlier: earlier.into_iter().map(|known| known.id).collect(),
        last,
        questionnaire,
    }
}

async fn open(tablet: &Tablet, known: &Earlier, of: &Document, questionnaire: &Value) -> Option<Last> {
    let working = tablet.open(known.id).await.ok()?;
    // What was changed from outside is nobody's answer.
    if working.broken().is_some() {
        return None;
    }
    let document = working.document;
    let own = match document.form == of.form {
        true => None,
        // An earlier version that is not here any more is read by the present one.
        false => tablet.form(&document.form).await.ok(),
    };
    let form = Form::resume_in(
        own.as_ref().unwrap_or(questionnaire),
        &document.response,
        &document.set_aside,
        crate::form::setting(),
    );
    let origin = Origin {
        from: format!("urn:uuid:{}", known.id),
        when: crate::form::moment(known.at),
    };
    let time = LastTime::of(&form.ok()?, origin);
    (!time.is_empty()).then(|| Last {
        time,
        id: known.id,
        day: device::day(known.at),
        author_name: known.author_name.clone(),
    })
}
