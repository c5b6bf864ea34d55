//! The only code that names a browser's API. Each file serves one contract of `replica` or `vault`, or one wish of the
//! pages; none of them decides anything.

pub mod address;
pub mod clock;
pub mod crypto;
pub mod device;
pub mod files;
pub mod idle;
pub mod kept;
pub mod language;
pub mod lock;
pub mod online;
pub mod parent;
pub mod remote;
pub mod schema;
pub mod start;
pub mod store;
pub mod typed;
pub mod update;
pub mod worker;

use gloo_storage::{LocalStorage, Storage as _};
use protocol::DeviceId;
use replica::{Replica, StoreFault};

pub use clock::SystemClock;
pub use crypto::WebCrypto;
pub use remote::Fetch;
pub use store::IndexedDb;

/// This tablet, with the browser's edges.
pub type Tablet = Replica<IndexedDb, Fetch, SystemClock, WebCrypto>;

/// The device id a second time, in another storage of the browser: it tells a new tablet from one whose database was
/// evicted. A cookie of the main application has it a third time.
const CANARY: &str = "device";

/// Opens the store and wakes the tablet. `before_closing`: what is done before a newer version in another tab gets the store.
pub async fn open(before_closing: impl AsyncFnOnce() + 'static) -> Result<Tablet, StoreFault> {
    let mut canary = kept::get::<DeviceId>(&LocalStorage::raw(), CANARY);
    let store = IndexedDb::open(schema::NAME, before_closing).await?;
    if canary.is_none() && replica::is_empty(&store).await? {
        canary = replica::remembered(&Fetch).await;
    }
    let tablet = Replica::start(store, Fetch, SystemClock, WebCrypto, canary).await?;
    if kept::get::<DeviceId>(&LocalStorage::raw(), CANARY) != Some(tablet.device_id()) {
        // A browser that keeps no canary loses the warning about eviction, and nothing else.
        drop(LocalStorage::set(CANARY, tablet.device_id()));
    }
    Ok(tablet)
}
