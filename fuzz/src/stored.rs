//! What lies on a tablet, as somebody with a screwdriver may have left it.

use protocol::{ClientId, FormRef, RecordId};
use replica::{AccountRow, Batch, SignIn, Store as _, Table, Write};
use serde_json::json;
use vault::{Header, Sealed, native};

use crate::bench::{KEY, USER, World, granted, now, password, verdict};

pub(crate) const LOGIN: &str = "field1";
pub(crate) const PASSWORD: &str = "sample-pass-1";

/// A tablet on which field1 has signed in and begun an assessment, made once: every input gets a copy of it.
pub(crate) struct Prepared {
    rows: Vec<(Table, String, Vec<u8>)>,
}

thread_local! {
    static PREPARED: Prepared = Prepared::make();
}

pub(crate) fn prepared<T>(take: impl FnOnce(&Prepared) -> T) -> T {
    PREPARED.with(take)
}

impl Prepared {
    fn make() -> Self {
        let world = World::default();
        // The same tablet in every run, so that what was sealed for the corpus opens.
        let device = Write::put(Table::Meta, "device", vec![0x11; 16]);
        now(world.disk.memory.commit(Batch::of(vec![device]))).expect("memory does not fail");
        let tablet = world.tablet();
        world.main_app.will(verdict(granted(1, false, KEY)));
        let opened = now(tablet.sign_in(LOGIN, password(PASSWORD)));
        assert!(matches!(opened, SignIn::Open(_)), "{opened:?}");
        let client = protocol::Client {
            id: ClientId::from_bytes([5; 16]),
            full_name: "Testcase Amber".into(),
            birth_date: "1940-01-01".into(),
            address: "1 Sample Street".into(),
            phone: "555-0100".into(),
            due: None,
        };
        let form = FormRef::new("urn:form", "1", "Form");
        let response = json!({ "resourceType": "QuestionnaireResponse" });
        now(tablet.begin(&client, form, response)).expect("memory does not fail");
        Self {
            rows: world.disk.memory.dump(),
        }
    }

    pub(crate) fn world(&self) -> World {
        let world = World::default();
        let writes = self.rows.iter().cloned();
        let writes = writes
            .map(|(table, key, value)| Write::put(table, key, value))
            .collect();
        now(world.disk.memory.commit(Batch::of(writes))).expect("memory does not fail");
        world
    }
}

/// The account row of field1. What opens is the key that sealed the records, and offline the row is never rewritten.
pub fn account_row(bytes: &[u8]) {
    if let Ok(row) = AccountRow::parse(bytes) {
        assert!(
            AccountRow::parse(&row.to_bytes()) == Ok(row),
            "what we write we read"
        );
    }
    let world = prepared(Prepared::world);
    let put = Write::put(Table::Accounts, LOGIN, bytes.to_vec());
    now(world.disk.memory.commit(Batch::of(vec![put]))).expect("memory does not fail");
    for (typed, may_open) in [("another-password", false), (PASSWORD, true)] {
        let tablet = world.tablet();
        world.bench.derivations.borrow_mut().clear();
        let outcome = now(tablet.sign_in(LOGIN, password(typed)));
        assert_eq!(
            world.account_row(LOGIN).as_deref(),
            Some(bytes),
            "rewritten offline"
        );
        let derived = world.bench.derivations.borrow();
        assert!(derived.iter().all(|cost| cost.is_acceptable()), "{derived:?}");
        if matches!(outcome, SignIn::Open(_)) {
            assert!(may_open, "opened by another password");
            let row = AccountRow::parse(bytes).expect("opened by a row that cannot be read");
            let wrapped = row.slot.expect("opened without a slot").dk_id;
            assert_eq!(
                row.dk_id.as_bytes(),
                &wrapped,
                "opened with another key than it says"
            );
            if row.dk_id == KEY {
                let shelf = now(tablet.documents()).expect("memory does not fail");
                assert_eq!((shelf.documents.len(), shelf.damaged.len()), (1, 0));
            }
        }
    }
}

/// A sealed record of field1's, laid where its head says that it belongs. It never stands in another's way.
pub fn sealed_record(bytes: &[u8]) {
    let Ok(sealed) = Sealed::parse(bytes) else {
        return;
    };
    assert_eq!(sealed.to_bytes(), bytes);
    assert!(
        native::open_record(&[0; 32], &sealed).is_err(),
        "opened by a key that did not seal it"
    );

    let world = prepared(Prepared::world);
    let tablet = world.tablet();
    let opened = now(tablet.sign_in(LOGIN, password(PASSWORD)));
    assert!(matches!(opened, SignIn::Open(_)), "{opened:?}");
    let Header { kind, record_id, .. } = sealed.header;
    let key = format!("{USER}/{kind}/{}", RecordId::from_bytes(record_id));
    let put = Write::put(Table::Records, key.clone(), bytes.to_vec());
    now(world.disk.memory.commit(Batch::of(vec![put]))).expect("memory does not fail");
    let shelf = now(tablet.documents()).expect("memory does not fail");
    if kind == vault::kind::DOCUMENT {
        // The one of before, and this one: read or named as damaged.
        assert_eq!(shelf.documents.len() + shelf.damaged.len(), 2);
    }
    drop((now(tablet.outbox()), now(tablet.caseload()), now(tablet.sync())));
    let kept = now(world.disk.memory.get(Table::Records, &key)).expect("memory does not fail");
    assert_eq!(
        kept.as_deref(),
        Some(bytes),
        "what cannot be read is kept as it is"
    );
}
