//! `GET /api/tablet`, and what is done when a tablet says that its storage was emptied, or is found to have lost it.
//!
//! The browser may throw away what it stores for a site, documents that wait to be sent included. The tablet's id lies in
//! three places of the browser, one of them a cookie of ours; a place that still has it gives the loss away.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use protocol::{DeviceId, ErrorBody, EvictionNoted, Remembered, Timestamp, UserId};

use crate::MainApp;
use crate::fault::Fault;
use crate::store;
use crate::store::audit::{self, Action, Entry};
use crate::store::devices::Eviction;
use crate::web::cookie;
use crate::web::json::ApiError;

/// What is remembered of the tablet that asks.
///
/// A tablet that finds its storage empty asks this before it takes itself for a new one. It is known by the cookie that a
/// successful sign-in sets.
#[utoipa::path(
    get,
    path = "/api/tablet",
    tag = "tablet",
    responses(
        (status = 200, description = "Its id and its last report; empty for one that is not known", body = Remembered),
        (status = 503, description = "The database does not answer", body = ErrorBody),
    )
)]
pub async fn remembered(
    State(app): State<MainApp>,
    headers: HeaderMap,
) -> Result<Json<Remembered>, ApiError> {
    let Some(device) = cookie::tablet(&app, &headers) else {
        return Ok(Json(Remembered::default()));
    };
    let mut connection = app.store.read().await?;
    let known = store::devices::find(&mut connection, device).await?;
    Ok(Json(known.map_or_else(Remembered::default, |known| Remembered {
        device_id: Some(device),
        last_report: known.last_report,
    })))
}

/// A tablet that has lost its storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    pub device: DeviceId,
    /// When the tablet noticed; `None` where it did not, and its cookie gave it away.
    noticed: Option<Timestamp>,
}

impl Lost {
    /// Looks at a sign-in from `device` before it is answered. A tablet that is new here and carries the cookie of another
    /// one has forgotten itself without noticing.
    pub async fn of(
        app: &MainApp,
        headers: &HeaderMap,
        device: DeviceId,
        noticed: Option<Timestamp>,
    ) -> Result<Option<Self>, Fault> {
        if noticed.is_some() {
            return Ok(Some(Self { device, noticed }));
        }
        let Some(before) = cookie::tablet(app, headers).filter(|before| *before != device) else {
            return Ok(None);
        };
        let mut connection = app.store.read().await?;
        let is_new = store::devices::find(&mut connection, device).await?.is_none();
        let was_here = store::devices::find(&mut connection, before).await?.is_some();
        Ok((is_new && was_here).then_some(Self {
            device: before,
            noticed: None,
        }))
    }

    /// Keeps it for the helpdesk and puts it into the audit, once.
    pub async fn note(self, app: &MainApp, user: UserId) -> Result<EvictionNoted, Fault> {
        let now = app.now();
        let mut tx = app.store.write().await?;
        let Eviction { report, is_news } =
            store::devices::note_eviction(&mut tx, self.device, self.noticed, now).await?;
        if is_news {
            let entry = Entry {
                at: now,
                actor: Some(user),
                action: Action::StorageEvicted,
                subject: Some(user),
                detail: serde_json::json!({
                    "waiting": report.map(|report| report.waiting),
                    "reported_at": report.map(|report| report.at),
                }),
            };
            audit::add(&mut tx, entry).await?;
            tracing::warn!(%user, "a tablet's storage was emptied");
        }
        tx.commit().await?;
        Ok(EvictionNoted { last_report: report })
    }
}
