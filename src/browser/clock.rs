//! `replica::Clock` by the browser's clock.

use protocol::Timestamp;
use replica::Clock;

#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        // Whole milliseconds well inside an i64 for 285,000 years.
        Timestamp(js_sys::Date::now() as i64)
    }
}
