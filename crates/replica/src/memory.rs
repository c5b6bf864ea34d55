//! [`Store`] in memory: for tests, and the oracle that IndexedDB is held against.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::{Batch, CommitFault, Store, StoreFault, Table};

type Rows = BTreeMap<(Table, String), Vec<u8>>;

/// Clones share their rows, as tabs of one browser do.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    rows: Rc<RefCell<Rows>>,
}

impl Memory {
    /// Every row, for tests that look for what must not be there.
    pub fn dump(&self) -> Vec<(Table, String, Vec<u8>)> {
        self.rows
            .borrow()
            .iter()
            .map(|((table, key), value)| (*table, key.clone(), value.clone()))
            .collect()
    }
}

impl Store for Memory {
    async fn get(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, StoreFault> {
        Ok(self.rows.borrow().get(&(table, key.to_owned())).cloned())
    }

    async fn scan(&self, table: Table, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreFault> {
        let rows = self.rows.borrow();
        let from = rows.range((table, prefix.to_owned())..);
        let found = from.take_while(|((at, key), _)| *at == table && key.starts_with(prefix));
        Ok(found
            .map(|((_, key), value)| (key.clone(), value.clone()))
            .collect())
    }

    async fn commit(&self, batch: Batch) -> Result<(), CommitFault> {
        let mut rows = self.rows.borrow_mut();
        let holds =
            |expect: &crate::Expect| rows.get(&(expect.table, expect.key.clone())) == expect.value.as_ref();
        if !batch.expect.iter().all(holds) {
            return Err(CommitFault::Conflict);
        }
        for write in batch.writes {
            match write.value {
                Some(value) => rows.insert((write.table, write.key), value),
                None => rows.remove(&(write.table, write.key)),
            };
        }
        Ok(())
    }
}
