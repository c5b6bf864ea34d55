//! Reading cookies, and the one that a tablet has.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use protocol::DeviceId;

use crate::MainApp;

/// The cookie of a tablet: its id and nothing else. It opens nothing. It tells a tablet whose storage was emptied from a
/// new one, and so has to outlive that storage.
pub const TABLET: &str = "tablet";

/// 400 days, the longest that browsers keep a cookie; each sign-in and each sync begin them anew.
const KEPT_SECONDS: u32 = 400 * 24 * 60 * 60;

/// The value of a cookie. One that comes twice may have been planted: it counts as none.
pub fn single<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(found, _)| *found == name)
        .map(|(_, value)| value);
    match (values.next(), values.next()) {
        (Some(value), None) => Some(value),
        _ => None,
    }
}

/// What a cookie is called here. Those of a rehearsal have names of their own: a cookie belongs to a host, whatever its port.
pub fn named(app: &MainApp, name: &str) -> String {
    let prefix = if app.is_rehearsed() { "rehearsal_" } else { "" };
    format!("{prefix}{name}")
}

/// The tablet that a request comes from, by its cookie.
pub fn tablet(app: &MainApp, headers: &HeaderMap) -> Option<DeviceId> {
    single(headers, &named(app, TABLET))?.parse().ok()
}

/// `Set-Cookie` for a tablet. `Secure` where the request came over TLS, which its `Origin` tells behind a proxy too.
pub fn set_tablet(app: &MainApp, request: &HeaderMap, device: DeviceId) -> Option<(HeaderName, HeaderValue)> {
    let over_tls = request
        .get(header::ORIGIN)
        .is_some_and(|origin| origin.as_bytes().starts_with(b"https://"));
    let secure = if over_tls { "; Secure" } else { "" };
    let name = named(app, TABLET);
    let text =
        format!("{name}={device}; Path=/api; Max-Age={KEPT_SECONDS}; HttpOnly; SameSite=Strict{secure}");
    Some((header::SET_COOKIE, HeaderValue::from_str(&text).ok()?))
}
