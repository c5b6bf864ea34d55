//! The one place that reads the time. Decisions take it as an argument.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Where the time comes from: the system's clock, or a test's.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> i64 + Send + Sync>);

impl Clock {
    pub fn system() -> Self {
        Self(Arc::new(system_ms))
    }

    /// A clock that stands still until its [`Hands`] are moved.
    pub fn manual(start_ms: i64) -> (Self, Hands) {
        let hands = Hands(Arc::new(AtomicI64::new(start_ms)));
        let read = hands.clone();
        (Self(Arc::new(move || read.0.load(Ordering::SeqCst))), hands)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub fn now_ms(&self) -> i64 {
        (self.0)()
    }
}

/// Moves a manual clock.
#[derive(Clone)]
pub struct Hands(Arc<AtomicI64>);

impl Hands {
    pub fn advance_ms(&self, by: i64) {
        self.0.fetch_add(by, Ordering::SeqCst);
    }

    pub fn set_ms(&self, to: i64) {
        self.0.store(to, Ordering::SeqCst);
    }
}

#[allow(clippy::disallowed_methods, reason = "this is the edge that reads the clock")]
fn system_ms() -> i64 {
    match std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
    }
}
