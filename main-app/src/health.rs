//! `GET /health`: whether the service and its database answer.

use axum::Json;
use axum::extract::State;
use protocol::ErrorBody;
use serde::Serialize;

use crate::MainApp;
use crate::store;
use crate::web::json::ApiError;

#[derive(Serialize, utoipa::ToSchema)]
pub struct Health {
    /// "ok".
    status: &'static str,
}

/// Whether the service and its database answer.
#[utoipa::path(
    get,
    path = "/health",
    tag = "operator",
    responses(
        (status = 200, description = "Both answer", body = Health),
        (status = 503, description = "The database does not", body = ErrorBody),
    )
)]
pub async fn health(State(app): State<MainApp>) -> Result<Json<Health>, ApiError> {
    let mut connection = app.store.read().await?;
    store::ping(&mut connection).await?;
    Ok(Json(Health { status: "ok" }))
}
