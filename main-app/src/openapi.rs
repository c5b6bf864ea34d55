//! `docs/openapi.json`: what tablets and operators ask, generated from the code that answers.

use axum::Json;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use crate::MainApp;
use crate::{auth, health, settings, sync, tablet};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Mobile Assessments: the main application",
        description = "What a tablet asks of its main application. docs/protocol.md tells it as a story."
    ),
    tags(
        (name = "tablet", description = "What the PWA calls"),
        (name = "operator", description = "What an operator calls")
    ),
    components(schemas(protocol::Document)),
    modifiers(&Finish)
)]
struct Head;

struct Finish;

impl utoipa::Modify for Finish {
    fn modify(&self, document: &mut Document) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("The session token of a successful sign-in"))
            .build();
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("session", SecurityScheme::Http(scheme));
        // The version of the exchange, not of the program; and no licence where the package names none.
        document.info.version = protocol::VERSION.to_string();
        document.info.license = None;
    }
}

/// The routes that are documented, with their documentation.
pub fn routes() -> OpenApiRouter<MainApp> {
    use axum::extract::DefaultBodyLimit;
    OpenApiRouter::with_openapi(Head::openapi())
        .routes(routes!(auth::sign_in).layer(DefaultBodyLimit::max(protocol::SIGN_IN_BODY_LIMIT)))
        .routes(routes!(sync::sync).layer(DefaultBodyLimit::max(protocol::SYNC_BODY_LIMIT)))
        .routes(routes!(settings::settings))
        .routes(routes!(tablet::remembered))
        .routes(routes!(served))
        .routes(routes!(health::health))
}

/// The description of these addresses.
pub fn document() -> Document {
    routes().into_openapi()
}

/// This description.
#[utoipa::path(
    get,
    path = "/api/openapi.json",
    tag = "operator",
    responses((status = 200, description = "This document", content_type = "application/json"))
)]
async fn served() -> Json<Document> {
    Json(document())
}
