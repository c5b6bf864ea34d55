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

/// How far the tablet's own time is ahead of UTC, in minutes, at that date and time ("2026-11-23", "14:05").
pub fn utc_offset(date: &str, time: &str) -> i16 {
    let at = js_sys::Date::new(&format!("{date}T{time}").into());
    let behind = at.get_timezone_offset();
    // Not a number where there is no such date; within 16 hours otherwise.
    if behind.is_nan() { 0 } else { -(behind as i16) }
}

/// How far the tablet's own time is ahead of UTC now, in minutes.
pub fn utc_offset_now() -> i16 {
    let behind = js_sys::Date::new_0().get_timezone_offset();
    -(behind as i16)
}
