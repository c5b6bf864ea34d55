//! The built PWA, from its folder: files as they are, and the start page for every address of the app's own.
//!
//! Names of built files are not hashes of their content, so every file is revalidated (`no-cache`); the app's own copy
//! is kept by its service worker.

use std::convert::Infallible;
use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tower::ServiceExt as _;
use tower_http::services::{ServeDir, ServeFile};

use crate::MainApp;
use crate::web::headers::PWA_POLICY;

pub async fn serve(State(app): State<MainApp>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (
            StatusCode::METHOD_NOT_ALLOWED,
            "This address does not answer this method.\n",
        )
            .into_response();
    }
    let Some(dist) = app.dist.as_deref() else {
        return not_found();
    };
    let mut response = match file(dist, request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    if response.status() == StatusCode::NOT_FOUND {
        return not_found();
    }
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(PWA_POLICY),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

async fn file(dist: &Path, request: Request) -> Result<Response, Infallible> {
    let start_page: PathBuf = dist.join("index.html");
    let response = if is_navigation(request.uri().path()) {
        ServeFile::new(start_page)
            .precompressed_br()
            .oneshot(request)
            .await?
    } else {
        ServeDir::new(dist)
            .append_index_html_on_directories(false)
            .precompressed_br()
            .oneshot(request)
            .await?
    };
    Ok(response.map(Body::new))
}

/// An address without a file extension is one of the app's own.
fn is_navigation(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    !last.contains('.') && !last.contains('%')
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "There is nothing at this address.\n").into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_without_an_extension_get_the_start_page() {
        for (path, expected) in [
            ("/", true),
            ("/caseload", true),
            ("/assessment/00000000-0000-4000-8000-000000000001", true),
            ("/missing.js", false),
            ("/icons/missing.png", false),
            ("/missing%2Ejs", false),
            ("/v1.2/page", true),
        ] {
            assert_eq!(is_navigation(path), expected, "{path}");
        }
    }
}
