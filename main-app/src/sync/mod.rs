//! `POST /api/sync`: sealed records up; receipts, clients and forms down; one request, one transaction.
//!
//! Records are opened before the transaction begins ([`record`]); in it, what was opened is held against what is kept
//! ([`receive`]), and what is new since the tablet's cursor is read, so that receipts and news tell of one moment. Completed
//! documents of colleagues ([`share`]) are opened after it.

mod receive;
mod record;
mod share;

use accounts::SessionStanding;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::{ErrorBody, RecordId, RequestId, SyncOk, SyncReply, SyncRequest, SyncVerdict, Timestamp};
use serde::Deserialize;
use share::Shared;

use crate::MainApp;
use crate::fault::Fault;
use crate::secret;
use crate::store::accounts::AccountRow;
use crate::store::devices::Report;
use crate::store::tablet_sessions::TabletSession;
use crate::store::{self, Connection};
use crate::version::{self, Spoken};
use crate::web::cookie;
use crate::web::json::{ApiError, Body};

const APP_VERSION_MAX_CHARS: usize = 100;
/// No tablet has more failed attempts to tell of than this; what is above is not kept.
const FAILED_ATTEMPTS_MAX: usize = 1_000;

/// Sends what waits on a tablet, and brings what is new for its user.
///
/// Records are those of the session's tablet, of whichever of its users. Each is taken or refused by itself; a repeat of
/// one that was taken is acknowledged again.
#[utoipa::path(
    post,
    path = "/api/sync",
    tag = "tablet",
    security(("session" = [])),
    request_body = SyncRequest,
    responses(
        (status = 200, description = "The verdict", body = SyncReply),
        (status = 400, description = "Malformed, or a version newer than is spoken here", body = ErrorBody),
        (status = 401, description = "No session token, or none of that shape", body = ErrorBody),
        (status = 403, description = "Another tablet's session, or a page of another site", body = ErrorBody),
        (status = 413, description = "Larger than 8 MiB", body = ErrorBody),
        (status = 415, description = "Not application/json", body = ErrorBody),
        (status = 503, description = "The database does not answer; nothing was kept", body = ErrorBody),
    )
)]
pub async fn sync(State(app): State<MainApp>, headers: HeaderMap, body: Body) -> Result<Response, ApiError> {
    let Some(token_hash) = bearer(&headers) else {
        return Ok(unauthorized());
    };
    match version::of(&body)? {
        Spoken::Yes => {}
        Spoken::TooOld => {
            #[derive(Deserialize)]
            struct Head {
                request_id: RequestId,
            }
            let Head { request_id } = body.parse()?;
            return Ok(reply(request_id, SyncVerdict::UpdateNeeded));
        }
        Spoken::TooNew => {
            let message = "This version of the exchange is not spoken here.";
            return Err(ApiError::bad("version_not_supported", message));
        }
    }
    let mut request: SyncRequest = body.parse()?;
    drop(body);
    request.app_version = request
        .app_version
        .chars()
        .filter(|sign| !sign.is_control())
        .take(APP_VERSION_MAX_CHARS)
        .collect();
    request.failed_offline.known.truncate(FAILED_ATTEMPTS_MAX);
    let (request_id, device) = (request.request_id, request.device_id);
    let verdict = answer(&app, &token_hash, request).await?;
    let known = matches!(verdict, SyncVerdict::Ok(_)).then(|| cookie::set_tablet(&app, &headers, device));
    let mut response = reply(request_id, verdict);
    response.headers_mut().extend(known.flatten());
    Ok(response)
}

async fn answer(app: &MainApp, token_hash: &str, request: SyncRequest) -> Result<SyncVerdict, ApiError> {
    let mut reading = app.store.read().await?;
    let session = match session_of(&mut reading, token_hash, app.now()).await? {
        Standing::Open(session) => session,
        Standing::No(verdict) => return Ok(verdict),
    };
    if session.device_id != request.device_id {
        let message = "This session belongs to another tablet.";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "wrong_device", message));
    }
    let (request, keyed) = record::find_keys(&mut reading, &app.ring, request).await?;
    drop(reading);
    let device = session.device_id;
    let opened = tokio::task::spawn_blocking(move || record::open_all(device, keyed))
        .await
        .map_err(Fault::from)?;

    let mut tx = app.store.write().await?;
    let now = app.now();
    // The session may have ended while the records were opened.
    let (session, account) = match session_of(&mut tx, token_hash, now).await? {
        Standing::Open(session) => {
            let Some(account) = store::accounts::by_id(&mut tx, session.user_id).await? else {
                return Err(Fault::Inconsistent("a session without an account").into());
            };
            (session, account)
        }
        Standing::No(verdict) => return Ok(verdict),
    };
    let receipts = receive::receive(&mut tx, &session, opened, now).await?;
    let taken = receipts
        .iter()
        .filter(|receipt| !receive::is_refused(receipt))
        .count();
    let report = Report {
        device,
        app_version: &request.app_version,
        waiting: request
            .waiting
            .saturating_sub(u32::try_from(taken).unwrap_or(u32::MAX)),
        failed_offline: &request.failed_offline,
    };
    store::devices::report(&mut tx, &report, now).await?;
    let (mut ok, shared) = news(app, &mut tx, &account, request.cursor, receipts, now).await?;
    tx.commit().await?;
    ok.documents = tokio::task::spawn_blocking(move || shared.open())
        .await
        .map_err(Fault::from)?;
    if !ok.documents.is_empty() {
        let mut reading = app.store.read().await?;
        let named = ok.documents.iter().map(|document| &document.form);
        ok.former_forms = store::caseload::former_forms(&mut reading, named).await?;
    }
    tracing::info!(
        user = %account.user_id,
        records = ok.receipts.len(),
        refused = ok.receipts.iter().filter(|receipt| receive::is_refused(receipt)).count(),
        "sync"
    );
    Ok(SyncVerdict::Ok(Box::new(ok)))
}

async fn news(
    app: &MainApp,
    connection: &mut Connection,
    account: &AccountRow,
    cursor: Option<i64>,
    receipts: Vec<protocol::Receipt>,
    now: i64,
) -> Result<(SyncOk, Shared), Fault> {
    let user = account.user_id;
    let last = store::caseload::last_change(connection).await?;
    // A cursor beyond the last change is one of a database that was restored from a copy: everything is news.
    let since = cursor.filter(|cursor| (0..=last).contains(cursor)).unwrap_or(0);
    let unassigned = match cursor {
        Some(_) => store::caseload::unassigned_after(connection, user, since).await?,
        None => Vec::new(),
    };
    let taken: Vec<RecordId> = receipts
        .iter()
        .filter(|receipt| !receive::is_refused(receipt))
        .map(|receipt| receipt.record_id)
        .collect();
    let shared = share::gather(connection, &app.ring, user, since..=last, &taken).await?;
    let ok = SyncOk {
        epoch: account.state.epoch,
        receipts,
        cursor: shared.cursor,
        clients: store::caseload::assigned_after(connection, user, since).await?,
        unassigned,
        forms: store::caseload::forms_after(connection, since).await?,
        former_forms: Vec::new(),
        documents: Vec::new(),
        more: shared.more,
        settings: app.settings.clone(),
        at: Timestamp(now),
    };
    Ok((ok, shared))
}

enum Standing {
    Open(TabletSession),
    No(SyncVerdict),
}

/// What a token is worth now.
async fn session_of(connection: &mut Connection, token_hash: &str, now: i64) -> Result<Standing, Fault> {
    let Some(session) = store::tablet_sessions::find(connection, token_hash).await? else {
        return Ok(Standing::No(SyncVerdict::SignInAgain));
    };
    let Some(account) = store::accounts::by_id(connection, session.user_id).await? else {
        return Err(Fault::Inconsistent("a session without an account"));
    };
    let opened = accounts::Session {
        epoch: session.epoch,
        expires: session.expires_at,
        ended: session.ended_at.is_some(),
    };
    Ok(match opened.standing(&account.state, now) {
        SessionStanding::Open => Standing::Open(session),
        SessionStanding::NoAccess => Standing::No(SyncVerdict::NoAccess),
        SessionStanding::EpochChanged => Standing::No(SyncVerdict::EpochChanged),
        SessionStanding::SignInAgain => Standing::No(SyncVerdict::SignInAgain),
    })
}

/// The hash of the token in `Authorization: Bearer`.
fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && secret::is_token(token))
        .then(|| secret::sha256_hex(token.as_bytes()))
}

fn unauthorized() -> Response {
    let message = "Send the session token in the header Authorization: Bearer.";
    let mut response = ApiError::new(StatusCode::UNAUTHORIZED, "no_token", message).into_response();
    response
        .headers_mut()
        .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

fn reply(request_id: RequestId, verdict: SyncVerdict) -> Response {
    Json(SyncReply { request_id, verdict }).into_response()
}
