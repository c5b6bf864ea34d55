//! What is done under a lock is done by one at a time, and a lock is given back whatever becomes of its work.

use std::cell::RefCell;

use futures_util::future::{Either, join, select};
use gloo_timers::future::TimeoutFuture;
use mobile_assessments::browser::lock::alone;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn two_that_want_the_same_take_turns() {
    let log = RefCell::new(Vec::new());
    let work = async |name: &'static str| {
        log.borrow_mut().push((name, "begins"));
        TimeoutFuture::new(20).await;
        log.borrow_mut().push((name, "ends"));
        name.len()
    };
    let done = join(alone("turns", work("first")), alone("turns", work("second"))).await;
    assert_eq!(done, (5, 6));
    assert_eq!(
        *log.borrow(),
        [
            ("first", "begins"),
            ("first", "ends"),
            ("second", "begins"),
            ("second", "ends")
        ]
    );
}

#[wasm_bindgen_test]
async fn work_that_is_given_up_gives_the_lock_back() {
    let hanging = Box::pin(alone("given-up", std::future::pending::<()>()));
    match select(hanging, Box::pin(TimeoutFuture::new(50))).await {
        Either::Left(_) => panic!("it cannot end"),
        Either::Right(((), hanging)) => drop(hanging),
    }
    let next = select(
        Box::pin(alone("given-up", async { 7 })),
        Box::pin(TimeoutFuture::new(5_000)),
    );
    assert!(matches!(next.await, Either::Left((7, _))));
}
