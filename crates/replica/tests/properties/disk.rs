//! A store that keeps its contract until it is told at which request to fail, to run out of space, or to die.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use replica::{Batch, CommitFault, Memory, Store, StoreFault, Table};

/// What happens at one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No space for a write; for a read, a broken disk.
    Full,
    Broken,
    /// The program ends before the request has done anything.
    EndBefore,
    /// The program ends when the request is done and before it hears of it.
    EndAfter,
}

/// At which request of the present step, counted from 1.
pub type Plan = Option<(u32, Fault)>;

#[derive(Clone, Default)]
pub struct Disk {
    pub memory: Memory,
    plan: Rc<Cell<Plan>>,
    requests: Rc<Cell<u32>>,
    fired: Rc<Cell<bool>>,
    faults: Rc<Cell<u32>>,
    /// Every value that was ever written, until it is looked at.
    written: Rc<RefCell<Vec<Vec<u8>>>>,
}

impl Disk {
    pub fn arm(&self, plan: Plan) {
        self.plan.set(plan);
        self.requests.set(0);
        self.fired.set(false);
    }

    /// Whether the fault came to pass.
    pub fn fired(&self) -> bool {
        self.fired.get()
    }

    /// How many faults came to pass so far.
    pub fn faults(&self) -> u32 {
        self.faults.get()
    }

    pub fn take_written(&self) -> Vec<Vec<u8>> {
        self.written.take()
    }

    fn next(&self) -> Option<Fault> {
        self.requests.set(self.requests.get() + 1);
        let (_, fault) = self.plan.get().filter(|(at, _)| *at == self.requests.get())?;
        self.fired.set(true);
        self.faults.set(self.faults.get() + 1);
        Some(fault)
    }

    async fn before_reading(&self) -> Result<(), StoreFault> {
        match self.next() {
            None => Ok(()),
            Some(Fault::Full | Fault::Broken) => Err(StoreFault::Broken("told to".into())),
            // Nobody wakes what has ended.
            Some(Fault::EndBefore | Fault::EndAfter) => std::future::pending().await,
        }
    }
}

impl Store for Disk {
    async fn get(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, StoreFault> {
        self.before_reading().await?;
        self.memory.get(table, key).await
    }

    async fn scan(&self, table: Table, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreFault> {
        self.before_reading().await?;
        self.memory.scan(table, prefix).await
    }

    async fn commit(&self, batch: Batch) -> Result<(), CommitFault> {
        let fault = self.next();
        match fault {
            Some(Fault::Full) => return Err(StoreFault::Full.into()),
            Some(Fault::Broken) => return Err(StoreFault::Broken("told to".into()).into()),
            Some(Fault::EndBefore) => std::future::pending().await,
            Some(Fault::EndAfter) | None => {}
        }
        let values = batch.writes.iter().filter_map(|write| write.value.clone());
        self.written.borrow_mut().extend(values);
        self.memory.commit(batch).await?;
        match fault {
            None => Ok(()),
            Some(_) => std::future::pending().await,
        }
    }
}
