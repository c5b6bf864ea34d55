//! The layout of the database, and how it got there.
//!
//! ```text
//! mobile-assessments, version 1
//!   meta      text -> bytes   device, settings, kdf-cost, failed-attempts, failures-to-show/user, evicted,
//!                             back/user
//!   accounts  login -> bytes  replica::AccountRow
//!   records   user/kind/record -> bytes  vault::Sealed
//!   outbox    as records -> bytes        what has become of the record
//! ```
//!
//! Keys are strings, values are `Uint8Array`. A later version adds stores to [`stores`] and never leaves one out: on an
//! upgrade, rexie deletes every store that is not named. Rows change their shape in `replica`, which reads old shapes;
//! the database itself is never deleted and never recreated.

use replica::Table;
use rexie::ObjectStore;

pub const NAME: &str = "mobile-assessments";
pub const VERSION: u32 = 1;

/// Every store of [`VERSION`].
pub fn stores() -> Vec<ObjectStore> {
    Table::ALL
        .iter()
        .map(|table| ObjectStore::new(table.name()))
        .collect()
}
