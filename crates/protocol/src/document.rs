//! An assessment document: the plaintext of a sealed record of the kind "document".
//!
//! The answers are a FHIR `QuestionnaireResponse` that nothing in this crate looks into: `forms` does.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::json::{part, tag, unknown};
use crate::{Base64, ClientId, RecordId, Timestamp, UserId};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Document {
    /// Made by the tablet; the sealed record carries the same.
    pub id: RecordId,
    pub client_id: ClientId,
    /// As it was when the document was begun, so that it can be named when the client is no longer assigned.
    pub client_name: String,
    pub form: FormRef,
    pub author: UserId,
    pub author_name: String,
    pub status: Status,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
    /// Present exactly when the status is Complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
    /// The FHIR R4 QuestionnaireResponse.
    pub response: serde_json::Value,
    /// What the form engine keeps beside the response, in its own shape: answers of questions that are not enabled
    /// now, so that toggling back brings them back.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub set_aside: serde_json::Value,
    /// Every modification, oldest first. Entries are added and never touched again.
    pub history: Vec<Modification>,
    /// The SHA-256 that chains the history from its first entry to its last (`docs/protocol.md`, "History"). Absent in a
    /// document of before there were chains: it begins with the next change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history_head: Option<Base64>,
    /// The answer that is being typed: it becomes an entry of the history when its field is left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub typing: Option<Modification>,
}

/// Which form, exactly: a draft keeps the version that it was begun with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FormRef {
    pub url: String,
    pub version: String,
    pub title: String,
    /// The title in other languages, each by its BCP 47 tag.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub titles: Value,
}

impl FormRef {
    pub fn new(url: impl Into<String>, version: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            version: version.into(),
            title: title.into(),
            titles: Value::Null,
        }
    }

    /// The title in that language, or in another kind of it ("es" for "es-US" and the other way round); else as it is written.
    pub fn title_in(&self, language: &str) -> &str {
        let base = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let kin = || {
            let mut titles = self.titles.as_object()?.iter();
            titles.find_map(|(tag, title)| (base(tag) == base(language)).then_some(title))
        };
        let title = self.titles.get(language).or_else(kin);
        title.and_then(Value::as_str).unwrap_or(&self.title)
    }
}

/// Draft and Pending may go back and forth at the author's hand; Complete is for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Draft,
    /// Every required question is answered and no error is open.
    Pending,
    /// Signed by its author; never altered again.
    Complete,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Signature {
    pub by: UserId,
    pub name: String,
    pub at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "Value")]
pub struct Modification {
    pub by: UserId,
    pub at: Timestamp,
    #[serde(flatten)]
    pub change: Change,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "change", rename_all = "snake_case", try_from = "Value")]
pub enum Change {
    Created,
    /// The first entry of a copy: of which document, and whose that is.
    Copied {
        from: RecordId,
        author_name: String,
    },
    /// Two tabs have changed one document; this one goes on as a second draft.
    Parted {
        from: RecordId,
    },
    /// An answer, as FHIR `answer` arrays before and after; what is typed until a field is left is one modification.
    Answered {
        link_id: String,
        before: serde_json::Value,
        after: serde_json::Value,
    },
    /// A rule of the form that cannot be met was set aside, with a reason.
    Waived {
        link_id: String,
        rule: String,
        reason: String,
    },
    Status {
        from: Status,
        to: Status,
        /// Why, where a document was taken back to Draft.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
}

impl TryFrom<Value> for Modification {
    type Error = serde_json::Error;

    fn try_from(mut modification: Value) -> Result<Self, Self::Error> {
        Ok(Self {
            by: part(&mut modification, "by")?,
            at: part(&mut modification, "at")?,
            change: modification.try_into()?,
        })
    }
}

impl TryFrom<Value> for Change {
    type Error = serde_json::Error;

    fn try_from(mut change: Value) -> Result<Self, Self::Error> {
        match tag(&change, "change")? {
            "created" => Ok(Self::Created),
            "copied" => Ok(Self::Copied {
                from: part(&mut change, "from")?,
                author_name: part(&mut change, "author_name")?,
            }),
            "parted" => Ok(Self::Parted {
                from: part(&mut change, "from")?,
            }),
            "answered" => Ok(Self::Answered {
                link_id: part(&mut change, "link_id")?,
                before: part(&mut change, "before")?,
                after: part(&mut change, "after")?,
            }),
            "waived" => Ok(Self::Waived {
                link_id: part(&mut change, "link_id")?,
                rule: part(&mut change, "rule")?,
                reason: part(&mut change, "reason")?,
            }),
            "status" => Ok(Self::Status {
                from: part(&mut change, "from")?,
                to: part(&mut change, "to")?,
                reason: part(&mut change, "reason")?,
            }),
            other => Err(unknown(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_modification_is_read_as_it_is_written() {
        let by = "00000000-0000-4000-8000-000000000001";
        for change in [
            r#""change":"created""#,
            r#""change":"answered","link_id":"1","before":[],"after":[{"valueBoolean":true}]"#,
            r#""change":"status","from":"draft","to":"pending""#,
            r#""change":"status","from":"pending","to":"draft","reason":"one more question""#,
            r#""change":"copied","from":"00000000-0000-4000-8000-000000000002","author_name":"Test Field Two""#,
            r#""change":"waived","link_id":"1","rule":"Not below 3.","reason":"the form is wrong here""#,
            r#""change":"parted","from":"00000000-0000-4000-8000-000000000002""#,
        ] {
            let text = format!(r#"{{"by":"{by}","at":7,{change}}}"#);
            let read: Modification = crate::json::read(text.as_bytes()).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), text);
        }
        let unknown = format!(r#"{{"by":"{by}","at":7,"change":"erased"}}"#);
        assert!(crate::json::read::<Modification>(unknown.as_bytes()).is_err());
    }
}
