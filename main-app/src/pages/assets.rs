//! The few files that the pages need, built in. The words of the style sheet are the PWA's own.

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

use crate::MainApp;

pub fn routes() -> Router<MainApp> {
    Router::new()
        .route(
            "/main/assets/tokens.css",
            get(|| async { css(include_str!("../../../public/styles/tokens.css")) }),
        )
        .route(
            "/main/assets/main.css",
            get(|| async { css(include_str!("../../assets/main.css")) }),
        )
        .route(
            "/main/assets/rehearsal.css",
            get(|| async { css(include_str!("../../assets/rehearsal.css")) }),
        )
        .route(
            "/main/assets/rehearsal.js",
            get(|| async {
                file(
                    "text/javascript; charset=utf-8",
                    include_str!("../../assets/rehearsal.js"),
                )
            }),
        )
        .route(
            "/main/assets/icon.svg",
            get(|| async { file("image/svg+xml", include_str!("../../../public/icons/icon.svg")) }),
        )
}

fn css(text: &'static str) -> impl IntoResponse {
    file("text/css; charset=utf-8", text)
}

fn file(media: &'static str, text: &'static str) -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, media), (header::CACHE_CONTROL, "no-cache")],
        text,
    )
}
