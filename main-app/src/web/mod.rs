//! The edge to HTTP: bodies in, errors out, headers, static files.

pub mod address;
pub mod cookie;
mod forwarded;
pub mod headers;
pub mod host;
pub mod json;
pub mod pwa;
pub mod router;
