//! The main application as the tablet sees it, and the line between an answer and everything else.
//!
//! *Answered* means: a reply with status 200 from our own origin, not redirected, `application/json`, well-formed, and
//! echoing what was asked. No network, a captive portal, a proxy's 401 or HTML, 5xx, 429 and a time-out are all
//! *unanswered*: they say nothing about the password, the account or the records.

use protocol::SessionToken;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

/// How long a sign-in waits for its reply, in milliseconds.
pub const SIGN_IN_TIMEOUT_MS: u32 = 8_000;
/// How long a sync waits, in milliseconds: a batch of documents over a slow line.
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
}

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
        });
    }
    if reply.status != 200 || reply.redirected || !media_type.eq_ignore_ascii_case("application/json") {
        return Err(Unanswered::default());
    }
    protocol::json::read(&body).map_err(|_| Unanswered::default())
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
                wait_seconds: Some(3)
            })
        );
    }
}
