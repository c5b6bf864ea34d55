//! The suite that every `replica::Store` keeps, on IndexedDB; and what only IndexedDB can get wrong.

use mobile_assessments::browser::IndexedDb;
use replica::{Batch, Store as _, Table, Write, suite};
use wasm_bindgen_test::wasm_bindgen_test;

/// A database of its own for each case: nothing is ever deleted, so none is reused.
async fn fresh(case: &str) -> IndexedDb {
    let name = format!("{case}-{}", js_sys::Math::random());
    IndexedDb::open(&name, async || {})
        .await
        .unwrap_or_else(|fault| panic!("{fault}"))
}

#[wasm_bindgen_test]
async fn indexed_db_keeps_bytes() {
    suite::keeps_bytes(fresh("bytes").await).await;
}

#[wasm_bindgen_test]
async fn indexed_db_scans_by_prefix() {
    suite::scans_by_prefix(fresh("prefix").await).await;
}

#[wasm_bindgen_test]
async fn indexed_db_commits_all_or_nothing() {
    suite::commits_all_or_nothing(fresh("batch").await).await;
}

#[wasm_bindgen_test]
async fn indexed_db_lets_one_of_two_win() {
    suite::lets_one_of_two_win(fresh("two").await).await;
}

#[wasm_bindgen_test]
async fn every_write_is_of_strict_durability() {
    assert_eq!(fresh("durability").await.durability().as_deref(), Some("strict"));
}

#[wasm_bindgen_test]
async fn what_was_written_is_there_for_the_next_tab() {
    let name = format!("tabs-{}", js_sys::Math::random());
    let first = IndexedDb::open(&name, async || {}).await.unwrap();
    first
        .commit(Batch::of(vec![Write::put(Table::Meta, "k", vec![7])]))
        .await
        .unwrap();
    let second = IndexedDb::open(&name, async || {}).await.unwrap();
    assert_eq!(second.get(Table::Meta, "k").await.unwrap(), Some(vec![7]));
}
