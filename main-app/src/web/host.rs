//! Which host a request is for, and whether it comes from our own pages.
//!
//! With a main origin of its own, `/main` is answered on that host alone and everything else on every other. Both
//! hosts are served by one listener and told apart by the `Host` header.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use crate::web::json::ApiError;
use crate::{MainApp, Origin};

/// Middleware around everything.
pub async fn separate(State(app): State<MainApp>, request: Request, next: Next) -> Response {
    let Some(main_origin) = &app.main_origin else {
        return next.run(request).await;
    };
    let path = request.uri().path();
    let on_main_host = host(request.headers(), request.uri()).is_some_and(|host| main_origin.is_host(host));
    let for_main = path == "/main" || path.starts_with("/main/");
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    match (on_main_host, for_main) {
        _ if path == "/health" => next.run(request).await,
        (true, true) | (false, false) => next.run(request).await,
        (true, false) if path == "/" && is_read => Redirect::temporary("/main/").into_response(),
        (false, true) if is_read => {
            let is_plain = path.bytes().all(|byte| byte.is_ascii_graphic());
            let page = if is_plain { path } else { "/main/" };
            Redirect::temporary(&format!("{main_origin}{page}")).into_response()
        }
        (true, false) | (false, true) => ApiError::not_found().into_response(),
    }
}

/// Whether a changing request comes from a page of this very host (or of the main origin, where there is one).
/// Browsers send `Origin` with every POST, so on the pages a missing one is refused too.
pub fn is_own_origin(headers: &HeaderMap, uri: &Uri, main_origin: Option<&Origin>) -> bool {
    let Some(origin) = single(headers, &header::ORIGIN) else {
        return false;
    };
    let Ok(origin) = origin.parse::<Origin>() else {
        return false;
    };
    match main_origin {
        Some(main) => origin == *main,
        None => host(headers, uri).is_some_and(|host| origin.is_host(host)),
    }
}

/// Under `/api` a program may leave `Origin` out; one of another host is refused.
pub async fn own_origin_or_none(request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    let has_origin = request.headers().contains_key(header::ORIGIN);
    if changes && has_origin && !is_own_origin(request.headers(), request.uri(), None) {
        let status = axum::http::StatusCode::FORBIDDEN;
        let message = "Requests from pages of other sites are refused.";
        return ApiError::new(status, "foreign_origin", message).into_response();
    }
    next.run(request).await
}

fn host<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Option<&'a str> {
    single(headers, &header::HOST).or_else(|| uri.authority().map(|authority| authority.as_str()))
}

fn single<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}
