//! The tablet's clock: for what is shown and recorded. No decision reads it.

use protocol::Timestamp;

pub trait Clock {
    fn now(&self) -> Timestamp;
}
