//! `replica::Store` over IndexedDB: rexie for the schema, then one connection by idb (on which rexie is built), because only
//! there the durability of a write can be asked for, and only there a page can save what is open before it lets go.
//!
//! What this layer closes: Chromium's default durability is relaxed, so every write asks for "strict"; a transaction
//! that aborts says why (a full disk is told from a broken one); a request is never awaited together with anything that
//! is not IndexedDB; an open that another tab blocks is reported and does not hang.

use futures_channel::oneshot;
use futures_util::future::{Either, select, try_join};
use gloo_timers::future::TimeoutFuture;
use idb::{Factory, KeyRange};
use js_sys::{Array, Object, Reflect, Uint8Array};
use replica::{Batch, CommitFault, Store, StoreFault, Table};
use rexie::Rexie;
use std::pin::pin;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{IdbDatabase, IdbTransaction};

use super::schema;

/// How long opening may wait for another tab to let go of an older version, in milliseconds. Long, because a browser that was
/// killed puts its storage right first, and a slow tablet takes its time.
const OPEN_TIMEOUT_MS: u32 = 20_000;
/// How long a tab that has to let go may take to save what is open: less than the other tab waits.
const LET_GO_MS: u32 = 3_000;

pub struct IndexedDb {
    database: IdbDatabase,
}

#[wasm_bindgen]
extern "C" {
    /// `IDBDatabase` with the third argument of `transaction`, which web-sys holds back as unstable.
    #[wasm_bindgen(extends = IdbDatabase)]
    type DurableDatabase;

    #[wasm_bindgen(method, catch, js_name = transaction)]
    fn transaction_with_options(
        this: &DurableDatabase,
        stores: &Array,
        mode: &str,
        options: &Object,
    ) -> Result<IdbTransaction, JsValue>;
}

impl IndexedDb {
    /// Opens the database, and makes it at the first start. Where a newer version of the app, in another tab, asks for the
    /// database, `before_closing` may still write; then this connection closes, and whatever is asked of it later is
    /// [`StoreFault::Outdated`].
    pub async fn open(name: &str, before_closing: impl AsyncFnOnce() + 'static) -> Result<Self, StoreFault> {
        let mut builder = Rexie::builder(name).version(schema::VERSION);
        for store in schema::stores() {
            builder = builder.add_object_store(store);
        }
        let (opening, deadline) = (pin!(builder.build()), pin!(TimeoutFuture::new(OPEN_TIMEOUT_MS)));
        match select(opening, deadline).await {
            Either::Left((opened, _)) => opened.map_err(|error| broken(&error))?.close(),
            Either::Right(_) => return Err(StoreFault::Blocked),
        }
        let factory = Factory::new().map_err(|error| broken(&error))?;
        let request = factory
            .open(name, Some(schema::VERSION))
            .map_err(|error| broken(&error))?;
        let mut database = request.await.map_err(|error| broken(&error))?;
        database.on_version_change(move |event| {
            let target = event.target();
            let Some(database) = target.and_then(|target| target.dyn_into::<IdbDatabase>().ok()) else {
                return;
            };
            let (done, saved) = oneshot::channel();
            // It runs to its end: what is cut off in the middle of a save would never say how that went.
            spawn_local(async move {
                before_closing().await;
                done.send(()).ok();
            });
            spawn_local(async move {
                select(saved, pin!(TimeoutFuture::new(LET_GO_MS))).await;
                database.close();
            });
        });
        database.forget_callbacks();
        Ok(Self {
            database: database.into(),
        })
    }

    fn read(&self, table: Table) -> Result<idb::ObjectStore, StoreFault> {
        let transaction = self.database.transaction_with_str(table.name());
        let transaction = idb::Transaction::from(transaction.map_err(|error| thrown(&error))?);
        transaction
            .object_store(table.name())
            .map_err(|error| broken(&error))
    }

    fn begin_strict(&self, tables: &[Table]) -> Result<IdbTransaction, StoreFault> {
        let names: Array = tables
            .iter()
            .map(|table| JsValue::from_str(table.name()))
            .collect();
        let options = Object::new();
        Reflect::set(&options, &"durability".into(), &"strict".into()).map_err(|error| thrown(&error))?;
        let database: &DurableDatabase = self.database.unchecked_ref();
        database
            .transaction_with_options(&names, "readwrite", &options)
            .map_err(|error| thrown(&error))
    }

    /// The durability that a writing transaction really has: for the test that asks.
    #[doc(hidden)]
    pub fn durability(&self) -> Option<String> {
        let transaction = self.begin_strict(&[Table::Meta]).ok()?;
        Reflect::get(&transaction, &"durability".into()).ok()?.as_string()
    }
}

impl Store for IndexedDb {
    async fn get(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, StoreFault> {
        let request = self.read(table)?.get(JsValue::from_str(key));
        let value = request
            .map_err(|error| broken(&error))?
            .await
            .map_err(|error| broken(&error))?;
        Ok(value.as_ref().map(bytes))
    }

    async fn scan(&self, table: Table, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreFault> {
        let range = || {
            let end = JsValue::from_str(&format!("{prefix}\u{ffff}"));
            KeyRange::bound(&prefix.into(), &end, None, None).map_err(|error| broken(&error))
        };
        let store = self.read(table)?;
        // Both are asked before either is waited for, so that they see the same rows.
        let keys = store.get_all_keys(Some(range()?.into()), None);
        let values = store.get_all(Some(range()?.into()), None);
        let keys = keys.map_err(|error| broken(&error))?;
        let values = values.map_err(|error| broken(&error))?;
        let (keys, values) = try_join(keys.into_future(), values.into_future())
            .await
            .map_err(|error| broken(&error))?;
        let rows = keys.iter().zip(&values);
        Ok(rows
            .filter_map(|(key, value)| Some((key.as_string()?, bytes(value))))
            .collect())
    }

    async fn commit(&self, batch: Batch) -> Result<(), CommitFault> {
        let touched = batch
            .expect
            .iter()
            .map(|expect| expect.table)
            .chain(batch.writes.iter().map(|write| write.table));
        let mut tables = replica::sorted(touched.collect(), Table::cmp);
        tables.dedup();
        if tables.is_empty() {
            return Ok(());
        }
        let raw = self.begin_strict(&tables)?;
        let (finished, end) = oneshot::channel();
        let finished = std::rc::Rc::new(std::cell::Cell::new(Some(finished)));
        let mut transaction = idb::Transaction::from(raw.clone());
        let committed = finished.clone();
        transaction.on_complete(move |_| {
            if let Some(finished) = committed.take() {
                drop(finished.send(Ok(())));
            }
        });
        let reason = raw.clone();
        transaction.on_abort(move |_| {
            if let Some(finished) = finished.take() {
                drop(finished.send(Err(abort_reason(&reason))));
            }
        });
        let holds = match fill(&transaction, batch).await {
            Ok(holds) => holds,
            Err(fault) => {
                // The transaction may have aborted by itself; asking once more is harmless.
                drop(raw.abort());
                let reason = end.await.ok().and_then(Result::err);
                // After a write that was refused on the spot, the abort is ours and tells no reason.
                let reason = reason.filter(|_| fault != StoreFault::Full);
                return Err(reason.unwrap_or(fault).into());
            }
        };
        if !holds {
            drop(raw.abort());
            drop(end.await);
            return Err(CommitFault::Conflict);
        }
        match end.await {
            Ok(result) => Ok(result?),
            Err(_) => Err(StoreFault::Broken("the transaction ended without a word".into()).into()),
        }
    }
}

/// Checks the expectations and issues the writes. Nothing but IndexedDB is awaited here. False: an expectation failed.
async fn fill(transaction: &idb::Transaction, batch: Batch) -> Result<bool, StoreFault> {
    for expect in batch.expect {
        let store = transaction
            .object_store(expect.table.name())
            .map_err(|error| broken(&error))?;
        let key = JsValue::from_str(&expect.key);
        let found = store
            .get(key)
            .map_err(|error| broken(&error))?
            .await
            .map_err(|error| broken(&error))?;
        if found.as_ref().map(bytes) != expect.value {
            return Ok(false);
        }
    }
    for write in batch.writes {
        let store = transaction
            .object_store(write.table.name())
            .map_err(|error| broken(&error))?;
        let key = JsValue::from_str(&write.key);
        match write.value {
            Some(value) => drop(
                store
                    .put(&Uint8Array::from(&value[..]), Some(&key))
                    .map_err(|error| broken(&error))?,
            ),
            None => drop(store.delete(key).map_err(|error| broken(&error))?),
        }
    }
    Ok(true)
}

/// A row that is no `Uint8Array` reads as empty, which no row of ours is: `replica` names it as damaged.
fn bytes(value: &JsValue) -> Vec<u8> {
    value
        .dyn_ref::<Uint8Array>()
        .map(Uint8Array::to_vec)
        .unwrap_or_default()
}

fn abort_reason(transaction: &IdbTransaction) -> StoreFault {
    match transaction.error() {
        Some(error) => named(&error.name(), &error.message()),
        None => StoreFault::Broken("the transaction was aborted".into()),
    }
}

fn thrown(error: &JsValue) -> StoreFault {
    match error.dyn_ref::<web_sys::DomException>() {
        Some(error) => named(&error.name(), &error.message()),
        None => StoreFault::Broken(format!("{error:?}")),
    }
}

fn named(name: &str, message: &str) -> StoreFault {
    match name {
        "QuotaExceededError" => StoreFault::Full,
        // The connection is closed.
        "InvalidStateError" => StoreFault::Outdated,
        "VersionError" => StoreFault::Broken(
            "a newer version of the app has used it; close every tab of the app, then open it again with a network".into(),
        ),
        _ => StoreFault::Broken(format!("{name}: {message}")),
    }
}

/// idb and rexie hand the browser's reason on inside their words.
fn broken(error: &impl std::fmt::Display) -> StoreFault {
    let words = error.to_string();
    let known = ["QuotaExceededError", "InvalidStateError", "VersionError"];
    match known.into_iter().find(|name| words.contains(name)) {
        Some(name) => named(name, &words),
        None => StoreFault::Broken(words),
    }
}
