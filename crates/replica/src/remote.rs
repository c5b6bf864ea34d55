//! The main application as the tablet sees it, and the line between an answer and everything else.
//!
//! *Answered* means: a reply with status 200 from our own origin, not redirected, `application/json`, well-formed, and
//! echoing what was asked. No network, a captive portal, a proxy's 401 or HTML, 5xx, 429 and a time-out are all
//! *unanswered*: they say nothing about the password, the account or the records.

use protocol::{ErrorBody, SessionToken};
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

/// How long a sign-in waits for its reply, in milliseconds.
pub const SIGN_IN_TIMEOUT_MS: u32 = 8_000;
/// How long a sync waits, in milliseconds, besides the time that a slow line needs for what is sent.
pub const SYNC_TIMEOUT_MS: u32 = 60_000;

/// Whatever came back, unjudged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpReply {
    pub status: u16,
    pub redirected: bool,
    pub content_type: String,
    /// `Retry-After` in seconds, where there is one.
    pub retry_after: Option<u32>,
    pub body: Vec<u8>,
}

/// Nothing came back in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoReply;

/// The main application did not answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unanswered {
    /// It is there and asks to wait this long, in seconds.
    pub wait_seconds: Option<u32>,
    /// It is there and serves nobody on this tablet, which was reported lost. That is no answer, and changes nothing here.
    pub tablet_revoked: bool,
}

/// The code of the 403 for every sign-in from a tablet that was reported lost.
const TABLET_REVOKED: &str = "tablet_revoked";

/// HTTP to the main application: same origin, no cookies needed, no redirect followed, nothing cached.
#[expect(
    async_fn_in_trait,
    reason = "the browser is one thread, so no future has to be Send"
)]
pub trait Remote {
    async fn get(&self, path: &str, timeout_ms: u32) -> Result<HttpReply, NoReply>;
    /// Sends `body` as `application/json`.
    async fn post(
        &self,
        path: &str,
        bearer: Option<&SessionToken>,
        body: Zeroizing<Vec<u8>>,
        timeout_ms: u32,
    ) -> Result<HttpReply, NoReply>;
}

/// The reply as an answer. What it echoes is for the caller to compare.
pub fn answer<T: DeserializeOwned>(reply: Result<HttpReply, NoReply>) -> Result<T, Unanswered> {
    let reply = reply.map_err(|NoReply| Unanswered::default())?;
    let media_type = reply.content_type.split(';').next().unwrap_or_default().trim();
    let body = Zeroizing::new(reply.body);
    if reply.status == 429 {
        return Err(Unanswered {
            wait_seconds: Some(reply.retry_after.unwrap_or(1)),
            ..Unanswered::default()
        });
    }
    if reply.redirected || !media_type.eq_ignore_ascii_case("application/json") {
        return Err(Unanswered::default());
    }
    if reply.status != 200 {
        return Err(Unanswered {
            tablet_revoked: reply.status == 403 && has_code(&body, TABLET_REVOKED),
            ..Unanswered::default()
        });
    }
    protocol::json::read(&body).map_err(|_| Unanswered::default())
}

fn has_code(body: &[u8], code: &str) -> bool {
    protocol::json::read::<ErrorBody>(body).is_ok_and(|error| error.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::SignInReply;

    fn reply(status: u16, content_type: &str, body: &str) -> HttpReply {
        HttpReply {
            status,
            redirected: false,
            content_type: content_type.into(),
            retry_after: None,
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn only_a_whole_json_reply_is_an_answer() {
        let no = r#"{"attempt_id":"00000000-0000-4000-8000-000000000001","result":"locked"}"#;
        let answered = |reply: HttpReply| answer::<SignInReply>(Ok(reply)).is_ok();
        assert!(answered(reply(200, "application/json", no)));
        assert!(answered(reply(200, "Application/JSON; charset=utf-8", no)));
        for (what, reply) in [
            (
                "a captive portal's page",
                reply(200, "text/html", "<html>Sign in to the hotel</html>"),
            ),
            (
                "a captive portal that says JSON",
                reply(200, "application/json", "{}"),
            ),
            ("another media type", reply(200, "text/plain", no)),
            ("511", reply(511, "application/json", no)),
            ("a redirect", reply(302, "application/json", no)),
            (
                "a redirect that was followed",
                HttpReply {
                    redirected: true,
                    ..reply(200, "application/json", no)
                },
            ),
            ("half a reply", reply(200, "application/json", &no[..40])),
        ] {
            assert!(!answered(reply), "{what}");
        }
        for status in [201, 204, 400, 401, 403, 404, 407, 409, 429, 500, 502, 503] {
            assert!(
                !answered(reply(status, "application/json", no)),
                "status {status}"
            );
        }
        assert!(answer::<SignInReply>(Err(NoReply)).is_err());
    }

    #[test]
    fn a_throttled_attempt_says_how_long_to_wait() {
        let throttled = HttpReply {
            retry_after: Some(3),
            ..reply(429, "application/json", "{}")
        };
        assert_eq!(
            answer::<SignInReply>(Ok(throttled)).err(),
            Some(Unanswered {
                wait_seconds: Some(3),
                ..Unanswered::default()
            })
        );
    }

    #[test]
    fn only_the_main_application_itself_says_that_the_tablet_is_revoked() {
        let revoked = r#"{"code":"tablet_revoked","message":"This tablet was reported lost."}"#;
        let json = "application/json";
        let redirected = HttpReply {
            redirected: true,
            ..reply(403, json, revoked)
        };
        for (what, reply, expected) in [
            ("its own 403", reply(403, json, revoked), true),
            (
                "another code",
                reply(403, json, r#"{"code":"foreign_origin","message":""}"#),
                false,
            ),
            ("another status", reply(401, json, revoked), false),
            ("another media type", reply(403, "text/html", revoked), false),
            ("after a redirect", redirected, false),
            ("half a reply", reply(403, json, &revoked[..20]), false),
        ] {
            let unanswered = answer::<SignInReply>(Ok(reply)).err();
            assert_eq!(unanswered.map(|no| no.tablet_revoked), Some(expected), "{what}");
        }
    }
}
