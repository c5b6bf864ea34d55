//! Who is looking at a page: the session's cookie, what it is worth now, and the token that its forms carry.
//!
//! A visitor who has not signed in has a cookie of another name, so that the sign-in form is bound to a browser too.
//! Both hold 256 random bits and nothing else; the database keeps the hash of the session's. A form's token is an HMAC
//! of the cookie, so that whoever cannot read the cookie cannot make the token.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use base64ct::{Base64UrlUnpadded, Encoding as _};
use hmac::Mac as _;

use crate::MainApp;
use crate::fault::Fault;
use crate::pages::error::PageError;
use crate::secret;
use crate::store;
use crate::store::accounts::{AccountRow, Role};
use crate::web;

/// The cookie of a session.
pub const SESSION: &str = "main_session";
/// The cookie of a visitor who has not signed in.
pub const VISITOR: &str = "main_form";

const IDLE_MS: i64 = 30 * 60 * 1_000;
const LONGEST_MS: i64 = 12 * 60 * 60 * 1_000;
/// The time of the last visit is written down no more often than this.
const NOTE_EVERY_MS: i64 = 60 * 1_000;

/// Somebody who has signed in, and may still have to change a temp password.
pub struct Visit {
    pub account: AccountRow,
    pub form_token: String,
    pub id_hash: String,
    /// Rehearsals are on.
    pub rehearses: bool,
}

/// Somebody who has signed in with a permanent password.
pub struct SignedIn(pub Visit);

/// Somebody who has signed in with a temp password and has to change it before anything else.
pub struct MustChange(pub Visit);

/// Somebody of the helpdesk.
pub struct Clerk(pub Visit);

/// Somebody who administers the accounts of their own agency.
pub struct Supervisor(pub Visit);

impl Visit {
    /// The session of a request, if it has one that is worth anything now.
    pub async fn of(app: &MainApp, headers: &HeaderMap) -> Result<Option<Self>, Fault> {
        let Some(value) = cookie(app, headers, SESSION) else {
            return Ok(None);
        };
        let id_hash = secret::sha256_hex(value.as_bytes());
        let now = app.now();
        let mut connection = app.store.read().await?;
        let Some(session) = store::page_sessions::find(&mut connection, &id_hash).await? else {
            return Ok(None);
        };
        let Some(account) = store::accounts::by_id(&mut connection, session.user_id).await? else {
            return Err(Fault::Inconsistent("a session without an account"));
        };
        drop(connection);
        let is_over = now.saturating_sub(session.seen_at) >= IDLE_MS
            || now.saturating_sub(session.created_at) >= LONGEST_MS
            || session.epoch != account.state.epoch
            || !account.state.access.is_active(now);
        if is_over {
            return Ok(None);
        }
        if now.saturating_sub(session.seen_at) >= NOTE_EVERY_MS {
            let mut tx = app.store.write().await?;
            store::page_sessions::touch(&mut tx, &id_hash, now).await?;
            tx.commit().await?;
        }
        Ok(Some(Self {
            account,
            form_token: form_token(app, SESSION, value),
            id_hash,
            rehearses: app.rehearsal.is_some(),
        }))
    }
}

impl FromRequestParts<MainApp> for Visit {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &MainApp) -> Result<Self, PageError> {
        let path = parts.uri.path();
        let signs_in_at = if path.starts_with("/main/helpdesk") {
            "/main/?to=helpdesk"
        } else if path.starts_with("/main/admin") {
            "/main/?to=admin"
        } else if path.starts_with("/main/rehearsal") {
            "/main/?to=rehearsal"
        } else {
            "/main/"
        };
        Self::of(app, &parts.headers)
            .await?
            .ok_or(PageError::Elsewhere(signs_in_at))
    }
}

impl FromRequestParts<MainApp> for SignedIn {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &MainApp) -> Result<Self, PageError> {
        let visit = Visit::from_request_parts(parts, app).await?;
        if visit.account.state.must_change() {
            return Err(PageError::Elsewhere("/main/password"));
        }
        Ok(Self(visit))
    }
}

impl FromRequestParts<MainApp> for MustChange {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &MainApp) -> Result<Self, PageError> {
        let visit = Visit::from_request_parts(parts, app).await?;
        if !visit.account.state.must_change() {
            return Err(PageError::Elsewhere("/main/"));
        }
        Ok(Self(visit))
    }
}

impl FromRequestParts<MainApp> for Clerk {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &MainApp) -> Result<Self, PageError> {
        let SignedIn(visit) = SignedIn::from_request_parts(parts, app).await?;
        if !visit.account.has(Role::Helpdesk) {
            return Err(PageError::Role);
        }
        Ok(Self(visit))
    }
}

impl FromRequestParts<MainApp> for Supervisor {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &MainApp) -> Result<Self, PageError> {
        let SignedIn(visit) = SignedIn::from_request_parts(parts, app).await?;
        if !visit.account.has(Role::Supervisor) {
            return Err(PageError::Role);
        }
        Ok(Self(visit))
    }
}

/// The value of a cookie of ours.
pub fn cookie<'a>(app: &MainApp, headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    web::cookie::single(headers, &web::cookie::named(app, name)).filter(|value| secret::is_token(value))
}

/// Gives a cookie along with a response. It lasts as long as the browser is open.
pub fn set_cookie(app: &MainApp, response: &mut Response, name: &str, value: &str) -> Result<(), Fault> {
    append(
        app,
        response,
        &format!("{}={value}", web::cookie::named(app, name)),
    )
}

/// Takes a cookie back.
pub fn remove_cookie(app: &MainApp, response: &mut Response, name: &str) -> Result<(), Fault> {
    append(
        app,
        response,
        &format!("{}=; Max-Age=0", web::cookie::named(app, name)),
    )
}

fn append(app: &MainApp, response: &mut Response, pair: &str) -> Result<(), Fault> {
    let secure = if app.main_origin.as_ref().is_some_and(crate::Origin::is_https) {
        "; Secure"
    } else {
        ""
    };
    let text = format!("{pair}; Path=/main; HttpOnly; SameSite=Strict{secure}");
    let value =
        HeaderValue::from_str(&text).map_err(|_| Fault::Inconsistent("a cookie that is no header"))?;
    response.headers_mut().append(header::SET_COOKIE, value);
    Ok(())
}

/// The token of the forms that are drawn for the holder of a cookie.
pub fn form_token(app: &MainApp, name: &str, value: &str) -> String {
    Base64UrlUnpadded::encode_string(&token_mac(app, name, value).finalize().into_bytes())
}

/// Whether a form's token belongs to the cookie of that name, compared in constant time.
pub fn is_form_token(app: &MainApp, name: &str, value: &str, token: &str) -> bool {
    let mut bytes = [0; 32];
    Base64UrlUnpadded::decode(token, &mut bytes)
        .is_ok_and(|sent| token_mac(app, name, value).verify_slice(sent).is_ok())
}

fn token_mac(app: &MainApp, name: &str, value: &str) -> hmac::Hmac<sha2::Sha256> {
    secret::hmac(&app.form_key, [name, "\0", value].concat().as_bytes())
}
