//! Where a request came from, and whether over TLS: told by the listener, or by a proxy that is trusted ([`super::forwarded`]).

use std::net::{IpAddr, SocketAddr};

use axum::Router;
use axum::extract::{ConnectInfo, Extension, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::forwarded::{self, Headers};
use crate::MainApp;

/// A year: browsers come over TLS from the first visit on.
const STRICT: HeaderValue = HeaderValue::from_static("max-age=31536000");
const X_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The listener itself speaks TLS.
#[derive(Clone, Copy)]
struct OverTls;

/// What is believed of a request's way.
#[derive(Clone, Copy, Default)]
struct Arrival {
    client: Option<IpAddr>,
}

/// For a router whose listener speaks TLS.
pub fn over_tls(router: Router) -> Router {
    router.layer(Extension(OverTls))
}

/// Middleware around everything: whoever comes over TLS gets cookies that go over TLS alone, and is told to come so again.
pub async fn arrive(State(app): State<MainApp>, mut request: Request, next: Next) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(address)| address.ip());
    let headers = request.headers();
    let joined = |name: &HeaderName| {
        let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
        lines.collect::<Vec<_>>().join(",")
    };
    let (forwarded, x_for, x_proto) = (joined(&header::FORWARDED), joined(&X_FOR), joined(&X_PROTO));
    let said = Headers {
        forwarded: &forwarded,
        x_for: &x_for,
        x_proto: &x_proto,
    };
    let origin = peer.map(|peer| forwarded::origin(peer, said, &app.trusted_proxies));
    let listens_over_tls = request.extensions().get::<OverTls>().is_some();
    let is_https = listens_over_tls || origin.is_some_and(|origin| origin.is_https == Some(true));
    let is_this_machine = is_this_machine(headers);
    request.extensions_mut().insert(Arrival {
        client: origin.map(|origin| origin.client),
    });
    let mut response = next.run(request).await;
    if is_https {
        secure_cookies(response.headers_mut());
        // A browser keeps it for a host whatever the port: other programs on this machine would be cut off.
        if !is_this_machine {
            response
                .headers_mut()
                .insert(header::STRICT_TRANSPORT_SECURITY, STRICT);
        }
    }
    response
}

fn is_this_machine(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let name = host.unwrap_or_default().split(':').next().unwrap_or_default();
    name == "localhost" || name.ends_with(".localhost")
}

fn secure_cookies(headers: &mut HeaderMap) {
    let header::Entry::Occupied(mut cookies) = headers.entry(header::SET_COOKIE) else {
        return;
    };
    for cookie in cookies.iter_mut() {
        let is_secure = |text: &str| {
            text.split(';')
                .any(|part| part.trim().eq_ignore_ascii_case("secure"))
        };
        if let Ok(text) = cookie.to_str()
            && !is_secure(text)
            && let Ok(secure) = HeaderValue::from_str(&format!("{text}; Secure"))
        {
            *cookie = secure;
        }
    }
}

/// The address of whoever asked; `None` where the router is called without a socket.
pub struct Peer(pub Option<IpAddr>);

impl<S: Sync> FromRequestParts<S> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let arrival = parts.extensions.get::<Arrival>().copied();
        Ok(Self(arrival.unwrap_or_default().client))
    }
}
