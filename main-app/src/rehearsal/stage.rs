//! What the second listener answers: the sandbox of the rehearsal that is under way, in a frame of the console's and of
//! nobody else's; and the page on which the browser forgets the tablet of the rehearsal before.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use tower::ServiceExt as _;

use super::sandbox::Sandbox;
use crate::pages::session::{SESSION, VISITOR};
use crate::web::cookie::{self, TABLET};
use crate::{MainApp, Origin};

/// Where the frame begins: it empties the browser's storage of this origin once for each rehearsal, and goes on to the app.
/// Under `/main`, which the app's service worker leaves alone.
pub const FRESH: &str = "/main/fresh";
const FRESH_SCRIPT: &str = "/main/fresh.js";
const FRESH_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'";
const NOT_FRAMED: &str = "frame-ancestors 'none'";

/// The sandbox as it is answered with.
pub struct Stage {
    router: Router,
    /// The cookies of the rehearsal, taken back.
    forgotten: Vec<HeaderValue>,
    /// The frame's policy.
    framed_by: String,
}

impl Stage {
    /// `None`: an origin that cannot stand in a policy.
    pub fn of(sandbox: &Sandbox, console: &Origin) -> Option<Self> {
        let is_plain = |sign: char| sign.is_ascii_alphanumeric() || ".-:[]".contains(sign);
        if !console.authority().chars().all(is_plain) {
            return None;
        }
        let forget = |name: &str, path: &str| {
            let name = cookie::named(&sandbox.app, name);
            let text = format!("{name}=; Max-Age=0; Path={path}; HttpOnly; SameSite=Strict");
            HeaderValue::from_str(&text).ok()
        };
        Some(Self {
            router: crate::app(sandbox.app.clone()),
            forgotten: [(SESSION, "/main"), (VISITOR, "/main"), (TABLET, "/api")]
                .into_iter()
                .filter_map(|(name, path)| forget(name, path))
                .collect(),
            framed_by: format!("frame-ancestors {console}"),
        })
    }

    async fn answer(&self, request: Request) -> Response {
        let mut response = match request.uri().path() {
            FRESH => self.fresh(),
            FRESH_SCRIPT => {
                let script = include_str!("../../assets/fresh.js");
                ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], script).into_response()
            }
            _ => match self.router.clone().oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            },
        };
        // Every answer has a policy that forbids frames; where one had none, it has one now.
        let headers = response.headers_mut();
        let policy = headers
            .get(header::CONTENT_SECURITY_POLICY)
            .and_then(|policy| policy.to_str().ok())
            .unwrap_or(NOT_FRAMED)
            .replace(NOT_FRAMED, &self.framed_by);
        match HeaderValue::from_str(&policy) {
            Ok(policy) => headers.insert(header::CONTENT_SECURITY_POLICY, policy),
            Err(_) => headers.insert(
                header::CONTENT_SECURITY_POLICY,
                HeaderValue::from_static(NOT_FRAMED),
            ),
        };
        response
    }

    fn fresh(&self) -> Response {
        let mut response = Html(include_str!("../../templates/fresh.html")).into_response();
        let headers = response.headers_mut();
        for (name, value) in [
            (header::CONTENT_SECURITY_POLICY, FRESH_POLICY),
            (header::CACHE_CONTROL, "no-store"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (
                HeaderName::from_static("cross-origin-resource-policy"),
                "same-origin",
            ),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        for cookie in &self.forgotten {
            headers.append(header::SET_COOKIE, cookie.clone());
        }
        response
    }
}

/// The router of the second listener; it answers without a socket too.
pub fn router(app: MainApp) -> Router {
    Router::new().fallback(answer).with_state(app)
}

async fn answer(State(app): State<MainApp>, request: Request) -> Response {
    let stage: Option<Arc<Stage>> = app.rehearsal.as_ref().and_then(|rehearsal| rehearsal.stage());
    match stage {
        Some(stage) => stage.answer(request).await,
        None => (StatusCode::NOT_FOUND, "No rehearsal is under way.\n").into_response(),
    }
}
