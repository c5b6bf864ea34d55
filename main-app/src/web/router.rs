//! Every address of the service, and the layers around them.

use axum::Router;
use axum::extract::Request;
use axum::middleware;
use axum::response::Response;
use tower_http::trace::TraceLayer;
use tracing::Span;

use crate::MainApp;
use crate::openapi;
use crate::pages;
use crate::web::json::ApiError;
use crate::web::{address, headers, host, pwa};

/// The router of a main application; it answers without a socket too.
pub fn app(app: MainApp) -> Router {
    let (documented, _) = openapi::routes().split_for_parts();
    let api = Router::new()
        .merge(documented)
        .route("/api", axum::routing::any(nothing_here))
        .route("/api/", axum::routing::any(nothing_here))
        .route("/api/{*rest}", axum::routing::any(nothing_here))
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn(host::own_origin_or_none))
        .layer(middleware::from_fn(headers::no_store));
    Router::new()
        .merge(api)
        .merge(pages::routes())
        .fallback(pwa::serve)
        .layer(middleware::from_fn_with_state(app.clone(), host::separate))
        .layer(middleware::from_fn(headers::everywhere))
        .layer(middleware::from_fn_with_state(app.clone(), address::arrive))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_request(())
                .on_response(on_response)
                .on_failure(()),
        )
        .with_state(app)
}

async fn nothing_here() -> ApiError {
    ApiError::not_found()
}

async fn wrong_method() -> ApiError {
    ApiError::method_not_allowed()
}

/// Method and path; never a query, a header or a body.
fn span(request: &Request) -> Span {
    tracing::info_span!("request", method = %request.method(), path = %request.uri().path())
}

fn on_response(response: &Response, latency: std::time::Duration, _: &Span) {
    tracing::info!(
        status = response.status().as_u16(),
        ms = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX),
        "answered"
    );
}
