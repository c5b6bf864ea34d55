//! `POST /api/sync`: sealed records up; receipts, assignments, clients and forms down; one request.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::json::{of, part, tag, unknown};
use crate::{Base64, ClientId, DeviceId, Document, RecordId, RequestId, Settings, Timestamp, UserId};

/// The session is named by the header `Authorization: Bearer <token>`.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SyncRequest {
    pub version: u16,
    pub request_id: RequestId,
    /// The session's own tablet; records of another are refused.
    pub device_id: DeviceId,
    /// The tablet's build, for the helpdesk.
    pub app_version: String,
    /// What the last reply called `cursor`; absent at the first sync of this user on this tablet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<i64>,
    pub records: Vec<Upload>,
    /// How many records wait on this tablet, this request's included.
    pub waiting: u32,
    /// Offline attempts that failed since the last sync. Reported and shown; they decide nothing.
    #[serde(default)]
    pub failed_offline: FailedAttempts,
}

/// A sealed record as it lies on the tablet. `record_id` and `rev` repeat the sealed header and must equal it.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Upload {
    pub record_id: RecordId,
    pub rev: u32,
    pub sealed: Base64,
}

#[derive(Clone, Default, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FailedAttempts {
    /// Attempts with a login that this tablet knows.
    pub known: Vec<FailedAttempt>,
    /// Attempts with any other login: a count, capped by the tablet.
    pub unknown: u32,
    /// When the first of those was. A count that comes again with the same time is the same count, or has grown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown_since: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FailedAttempt {
    pub user_id: UserId,
    pub at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "Value")]
pub struct SyncReply {
    pub request_id: RequestId,
    #[serde(flatten)]
    pub verdict: SyncVerdict,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "result", rename_all = "snake_case", try_from = "Value")]
pub enum SyncVerdict {
    Ok(Box<SyncOk>),
    /// The password was reset or changed: the tablet removes the slot and locks.
    EpochChanged,
    /// The account has no active access any more: the tablet removes the slot and locks.
    NoAccess,
    /// The token has expired or was ended: slot and session stay, "Sign in to send".
    SignInAgain,
    /// The tablet's build is too old to be understood.
    UpdateNeeded,
}

impl TryFrom<Value> for SyncReply {
    type Error = serde_json::Error;

    fn try_from(mut reply: Value) -> Result<Self, Self::Error> {
        Ok(Self {
            request_id: part(&mut reply, "request_id")?,
            verdict: reply.try_into()?,
        })
    }
}

impl TryFrom<Value> for SyncVerdict {
    type Error = serde_json::Error;

    fn try_from(reply: Value) -> Result<Self, Self::Error> {
        match tag(&reply, "result")? {
            "ok" => of(reply).map(Self::Ok),
            "epoch_changed" => Ok(Self::EpochChanged),
            "no_access" => Ok(Self::NoAccess),
            "sign_in_again" => Ok(Self::SignInAgain),
            "update_needed" => Ok(Self::UpdateNeeded),
            other => Err(unknown(other)),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SyncOk {
    pub epoch: u32,
    /// One for each upload, in its order.
    pub receipts: Vec<Receipt>,
    /// To be sent with the next request.
    pub cursor: i64,
    /// Clients assigned to this user that are new or changed since the cursor.
    pub clients: Vec<Client>,
    /// Clients no longer assigned to this user.
    pub unassigned: Vec<ClientId>,
    /// Of each form that is new or changed since the cursor, its newest version: new assessments begin with it.
    pub forms: Vec<FormDefinition>,
    /// The older versions that `documents` were filled in with, so that they can be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_forms: Vec<FormDefinition>,
    /// Completed documents of this user's clients that are new since the cursor, whoever wrote them. To be read and copied,
    /// never to be changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
    /// There are more documents than one reply holds: ask again at once, with this reply's cursor.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
    pub settings: Settings,
    /// When the main application answered.
    pub at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "Value")]
pub struct Receipt {
    pub record_id: RecordId,
    pub rev: u32,
    #[serde(flatten)]
    pub verdict: ReceiptVerdict,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "receipt", rename_all = "snake_case", try_from = "Value")]
pub enum ReceiptVerdict {
    /// Kept for good. `sha256` is that of the sealed bytes that were stored: the tablet compares it with its own.
    Stored { sha256: Base64, at: Timestamp },
    /// Not kept. The record stays on the tablet, and the outbox shows `message`.
    Refused { code: String, message: String },
}

impl TryFrom<Value> for Receipt {
    type Error = serde_json::Error;

    fn try_from(mut receipt: Value) -> Result<Self, Self::Error> {
        Ok(Self {
            record_id: part(&mut receipt, "record_id")?,
            rev: part(&mut receipt, "rev")?,
            verdict: receipt.try_into()?,
        })
    }
}

impl TryFrom<Value> for ReceiptVerdict {
    type Error = serde_json::Error;

    fn try_from(mut receipt: Value) -> Result<Self, Self::Error> {
        match tag(&receipt, "receipt")? {
            "stored" => Ok(Self::Stored {
                sha256: part(&mut receipt, "sha256")?,
                at: part(&mut receipt, "at")?,
            }),
            "refused" => Ok(Self::Refused {
                code: part(&mut receipt, "code")?,
                message: part(&mut receipt, "message")?,
            }),
            other => Err(unknown(other)),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Client {
    pub id: ClientId,
    pub full_name: String,
    /// ISO 8601 calendar date.
    pub birth_date: String,
    pub address: String,
    pub phone: String,
    /// When the next assessment is due, an ISO 8601 calendar date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
}

/// A form as the main application publishes it; `(url, version)` names one text for ever.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FormDefinition {
    /// Canonical URL of the FHIR Questionnaire.
    pub url: String,
    pub version: String,
    pub title: String,
    /// The FHIR R4 Questionnaire, carried through unchanged.
    pub questionnaire: Value,
}

impl FormDefinition {
    /// The form's name, as documents carry it.
    pub fn reference(&self) -> crate::FormRef {
        crate::FormRef {
            url: self.url.clone(),
            version: self.version.clone(),
            title: self.title.clone(),
            titles: self.titles().unwrap_or_default(),
        }
    }

    /// What the Questionnaire says of its title in other languages, by the extension
    /// <http://hl7.org/fhir/StructureDefinition/translation>.
    fn titles(&self) -> Option<Value> {
        const TRANSLATION: &str = "http://hl7.org/fhir/StructureDefinition/translation";
        let said = self.questionnaire.pointer("/_title/extension")?.as_array()?;
        let translations = said.iter().filter(|extension| extension["url"] == TRANSLATION);
        let read = |translation: &Value| {
            let parts = translation["extension"].as_array()?;
            let part = |url: &str| parts.iter().find(|part| part["url"] == url);
            let language = part("lang")?["valueCode"].as_str()?;
            let content = part("content")?;
            let title = content["valueString"]
                .as_str()
                .or(content["valueMarkdown"].as_str())?;
            Some((language.to_owned(), title.into()))
        };
        let titles: Map<String, Value> = translations.filter_map(read).collect();
        (!titles.is_empty()).then_some(Value::Object(titles))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_form_is_called_as_its_questionnaire_says_in_each_language() {
        let translation = |lang: &str, content: &str| {
            json!({ "url": "http://hl7.org/fhir/StructureDefinition/translation", "extension": [
                { "url": "lang", "valueCode": lang }, { "url": "content", "valueString": content }] })
        };
        let form = FormDefinition {
            url: "u".into(),
            version: "1".into(),
            title: "Home care intake".into(),
            questionnaire: json!({ "_title": { "extension": [
                { "url": "http://example.org/other" },
                translation("es-MX", "Ingreso"),
                translation("fr", "Admission à domicile"),
            ] } }),
        };
        let form = form.reference();
        for (language, title) in [
            ("fr", "Admission à domicile"),
            ("es", "Ingreso"),
            ("es-US", "Ingreso"),
            ("en", "Home care intake"),
            ("", "Home care intake"),
        ] {
            assert_eq!(form.title_in(language), title, "{language:?}");
        }
        // What was stored before there were titles in other languages is read as before.
        let before: crate::FormRef =
            serde_json::from_value(json!({ "url": "u", "version": "1", "title": "Intake" })).unwrap();
        assert_eq!(before.title_in("es"), "Intake");
    }

    #[test]
    fn the_verdicts_are_read_as_they_are_written() {
        let id = "00000000-0000-4000-8000-000000000001";
        for reply in ["epoch_changed", "no_access", "sign_in_again", "update_needed"] {
            let text = format!(r#"{{"request_id":"{id}","result":"{reply}"}}"#);
            let read: SyncReply = crate::json::read(text.as_bytes()).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), text);
        }
        for verdict in [
            r#""receipt":"stored","sha256":"AAAA","at":7"#,
            r#""receipt":"refused","code":"c","message":"m""#,
        ] {
            let text = format!(r#"{{"record_id":"{id}","rev":3,{verdict}}}"#);
            let read: Receipt = crate::json::read(text.as_bytes()).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), text);
        }
    }

    #[test]
    fn a_receipt_without_a_part_or_of_another_kind_is_refused() {
        let id = "00000000-0000-4000-8000-000000000001";
        for receipt in [
            r#""rev":3,"receipt":"stored","at":7"#,
            r#""rev":3,"receipt":"stored","sha256":"AAAA""#,
            r#""rev":3,"receipt":"kept""#,
            r#""rev":3"#,
            r#""receipt":"refused","code":"c","message":"m""#,
        ] {
            let text = format!(r#"{{"record_id":"{id}",{receipt}}}"#);
            assert!(crate::json::read::<Receipt>(text.as_bytes()).is_err(), "{text}");
        }
        assert!(crate::json::read::<Receipt>(b"[]").is_err());
    }
}
