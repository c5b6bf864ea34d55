//! `POST /api/sign-in`: one attempt, one verdict.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::json::{of, part, tag, unknown};
use crate::{AttemptId, DeviceId, DkId, EvictionNoted, Secret32, Timestamp, UserId};

/// One press of the button. A repeated `attempt_id` is counted and verified once.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignInRequest {
    /// [`crate::VERSION`] of the sender.
    pub version: u16,
    pub attempt_id: AttemptId,
    /// As typed; the main application trims and case-folds it.
    pub login: String,
    /// NFC-normalised, never trimmed; 1 to [`crate::PASSWORD_MAX_BYTES`] bytes.
    pub password: String,
    pub device_id: DeviceId,
    /// When this tablet found its storage emptied, although it had been here before. Sent until a sign-in is answered with
    /// `ok`; the same time twice is one report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evicted: Option<Timestamp>,
}

impl Drop for SignInRequest {
    fn drop(&mut self) {
        self.password.zeroize();
    }
}

/// The main application's answer. It counts as an answer only if `attempt_id` is the one that was asked.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "Value")]
pub struct SignInReply {
    pub attempt_id: AttemptId,
    #[serde(flatten)]
    pub verdict: SignInVerdict,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "result", rename_all = "snake_case", try_from = "Value")]
pub enum SignInVerdict {
    /// The password is right and the account is neither locked nor without access.
    Ok(Box<Granted>),
    /// The login is known, the password is not its own, and the account is not locked (S1).
    BadPassword,
    /// Locked by three wrong passwords in a row, or an expired temp password (S2).
    Locked,
    /// The login is unknown (no `user_id`), or its account has no active access (S3).
    NoAccess {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user_id: Option<UserId>,
    },
}

impl TryFrom<Value> for SignInReply {
    type Error = serde_json::Error;

    fn try_from(mut reply: Value) -> Result<Self, Self::Error> {
        Ok(Self {
            attempt_id: part(&mut reply, "attempt_id")?,
            verdict: reply.try_into()?,
        })
    }
}

impl TryFrom<Value> for SignInVerdict {
    type Error = serde_json::Error;

    fn try_from(mut reply: Value) -> Result<Self, Self::Error> {
        match tag(&reply, "result")? {
            "ok" => of(reply).map(Self::Ok),
            "bad_password" => Ok(Self::BadPassword),
            "locked" => Ok(Self::Locked),
            "no_access" => Ok(Self::NoAccess {
                user_id: part(&mut reply, "user_id")?,
            }),
            other => Err(unknown(other)),
        }
    }
}

/// What a successful sign-in hands over. Every field is needed: a reply without one is not an answer.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Granted {
    pub user_id: UserId,
    /// The canonical login.
    pub login: String,
    pub full_name: String,
    /// Grows by one at every reset and every change of password; compared for inequality only.
    pub epoch: u32,
    /// The password is a temp password: no offline sign-in until it has been changed.
    pub must_change: bool,
    pub data_key: DataKey,
    pub token: SessionToken,
    /// The main application has noted that this tablet's storage was emptied: the tablet said so, or its cookie did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evicted: Option<EvictionNoted>,
}

/// The key under which this user's records on this tablet are sealed.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DataKey {
    pub id: DkId,
    pub key: Secret32,
}

/// Bears a session to `POST /api/sync`, in the header `Authorization: Bearer`. Kept sealed on the tablet.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct SessionToken(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    fn granted() -> serde_json::Value {
        serde_json::json!({
            "attempt_id": "00000000-0000-4000-8000-000000000001",
            "result": "ok",
            "user_id": "00000000-0000-4000-8000-000000000002",
            "login": "field1",
            "full_name": "Test Field One",
            "epoch": 1,
            "must_change": false,
            "data_key": {
                "id": "00000000-0000-4000-8000-000000000003",
                "key": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            },
            "token": "t",
        })
    }

    #[test]
    fn an_ok_without_any_one_of_its_parts_is_no_reply() {
        assert!(serde_json::from_value::<SignInReply>(granted()).is_ok());
        for part in [
            "attempt_id",
            "user_id",
            "login",
            "full_name",
            "epoch",
            "must_change",
            "data_key",
            "token",
        ] {
            let mut reply = granted();
            reply.as_object_mut().unwrap().remove(part);
            assert!(
                serde_json::from_value::<SignInReply>(reply).is_err(),
                "without {part}"
            );
        }
    }

    #[test]
    fn the_verdicts_read_as_documented() {
        let id = AttemptId::from_bytes([0; 16]);
        for (verdict, text) in [
            (SignInVerdict::BadPassword, r#""result":"bad_password""#),
            (SignInVerdict::Locked, r#""result":"locked""#),
            (
                SignInVerdict::NoAccess { user_id: None },
                r#""result":"no_access""#,
            ),
        ] {
            let json = serde_json::to_string(&SignInReply {
                attempt_id: id,
                verdict,
            })
            .unwrap();
            assert!(json.contains(text), "{json}");
        }
    }

    #[test]
    fn strange_replies_are_refused() {
        for body in [
            "",
            "{}",
            "[]",
            "null",
            r#"{"result":"ok"}"#,
            "<html></html>",
            r#"{"attempt_id":1,"result":"locked"}"#,
        ] {
            assert!(serde_json::from_str::<SignInReply>(body).is_err(), "{body}");
        }
    }
}
