//! The browser's edges in a real browser: the store's contract on IndexedDB, and the golden vector through WebCrypto.
//! Run by `cargo xtask test`; natively there is nothing here.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

mod crypto;
mod form;
mod lock;
mod standards;
mod store;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
