//! What every [`Store`] has to keep, as one suite: run on [`crate::Memory`] natively, and on IndexedDB in the browser.
//! Each case is handed an empty store and panics where the contract is broken.

use crate::{Batch, CommitFault, Expect, Store, Table, Write};

fn put(table: Table, key: &str, value: &[u8]) -> Write {
    Write::put(table, key, value.to_vec())
}

async fn value<S: Store>(store: &S, table: Table, key: &str) -> Option<Vec<u8>> {
    store
        .get(table, key)
        .await
        .unwrap_or_else(|fault| panic!("get: {fault}"))
}

async fn write<S: Store>(store: &S, writes: Vec<Write>) {
    store
        .commit(Batch::of(writes))
        .await
        .unwrap_or_else(|fault| panic!("commit: {fault}"));
}

/// What was put is what is got, byte for byte, in its own table.
pub async fn keeps_bytes<S: Store>(store: S) {
    let all: Vec<u8> = (0..=255).collect();
    for (key, bytes) in [
        ("plain", &all[..]),
        ("empty", &[]),
        ("__proto__", b"x"),
        ("../\u{202e}\u{0}", b"y"),
        ("", b"z"),
    ] {
        write(&store, vec![put(Table::Records, key, bytes)]).await;
        assert_eq!(
            value(&store, Table::Records, key).await.as_deref(),
            Some(bytes),
            "{key:?}"
        );
        assert_eq!(value(&store, Table::Outbox, key).await, None, "another table");
    }
    write(&store, vec![put(Table::Records, "plain", b"newer")]).await;
    assert_eq!(
        value(&store, Table::Records, "plain").await.as_deref(),
        Some(&b"newer"[..])
    );
    write(
        &store,
        vec![Write {
            table: Table::Records,
            key: "plain".into(),
            value: None,
        }],
    )
    .await;
    assert_eq!(value(&store, Table::Records, "plain").await, None);
}

/// A scan finds the rows of a prefix, in the order of their keys, and no others.
pub async fn scans_by_prefix<S: Store>(store: S) {
    let keys = ["a/1/1", "a/1/2", "a/10/1", "a/2/1", "b/1/1"];
    write(
        &store,
        keys.iter()
            .rev()
            .map(|key| put(Table::Records, key, key.as_bytes()))
            .collect(),
    )
    .await;
    write(&store, vec![put(Table::Outbox, "a/1/9", b"elsewhere")]).await;
    for (prefix, found) in [
        ("a/1/", &keys[..2]),
        ("a/", &keys[..4]),
        ("", &keys[..]),
        ("c", &[]),
    ] {
        let rows = store
            .scan(Table::Records, prefix)
            .await
            .unwrap_or_else(|fault| panic!("scan: {fault}"));
        assert_eq!(
            rows.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(),
            found,
            "{prefix:?}"
        );
        assert!(rows.iter().all(|(key, value)| key.as_bytes() == value));
    }
}

/// A batch over several tables is written whole, or, where an expectation fails, not at all.
pub async fn commits_all_or_nothing<S: Store>(store: S) {
    write(
        &store,
        vec![
            put(Table::Records, "r", b"1"),
            put(Table::Outbox, "r", b"1"),
            put(Table::Meta, "m", b"1"),
        ],
    )
    .await;
    let expecting = |key: &str, value: Option<&[u8]>| Batch {
        expect: vec![Expect {
            table: Table::Outbox,
            key: key.into(),
            value: value.map(<[u8]>::to_vec),
        }],
        writes: vec![put(Table::Records, "r", b"2"), put(Table::Accounts, "new", b"2")],
    };
    for (what, batch) in [
        ("another value", expecting("r", Some(b"0"))),
        ("a row that should not be there", expecting("r", None)),
        ("a row that should be there", expecting("none", Some(b"1"))),
        ("an empty row is not an absent one", expecting("none", Some(b""))),
    ] {
        assert_eq!(store.commit(batch).await, Err(CommitFault::Conflict), "{what}");
        assert_eq!(
            value(&store, Table::Records, "r").await.as_deref(),
            Some(&b"1"[..]),
            "{what}"
        );
        assert_eq!(value(&store, Table::Accounts, "new").await, None, "{what}");
    }
    assert_eq!(store.commit(expecting("r", Some(b"1"))).await, Ok(()));
    assert_eq!(store.commit(expecting("none", None)).await, Ok(()));
    assert_eq!(
        value(&store, Table::Records, "r").await.as_deref(),
        Some(&b"2"[..])
    );
    assert_eq!(
        value(&store, Table::Accounts, "new").await.as_deref(),
        Some(&b"2"[..])
    );
    assert_eq!(store.commit(Batch::default()).await, Ok(()), "an empty batch");
}

/// Of two that expect the same row, as two tabs do, one is told.
pub async fn lets_one_of_two_win<S: Store>(store: S) {
    write(&store, vec![put(Table::Records, "r", b"1")]).await;
    let mine = |value: &[u8]| Batch {
        expect: vec![Expect {
            table: Table::Records,
            key: "r".into(),
            value: Some(b"1".to_vec()),
        }],
        writes: vec![put(Table::Records, "r", value)],
    };
    assert_eq!(store.commit(mine(b"first")).await, Ok(()));
    assert_eq!(store.commit(mine(b"second")).await, Err(CommitFault::Conflict));
    assert_eq!(
        value(&store, Table::Records, "r").await.as_deref(),
        Some(&b"first"[..])
    );
}
