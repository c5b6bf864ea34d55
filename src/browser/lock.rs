//! One at a time across the tabs of this browser, by Web Locks.

use std::pin::pin;

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;

/// A tab that the system has put to sleep keeps its lock. It is not waited for longer than this, in milliseconds: what
/// is done under a lock stays whole without it, because the store commits whole batches.
const LONGEST_WAIT_MS: u32 = 30_000;

#[wasm_bindgen]
extern "C" {
    type LockManager;

    /// `navigator.locks`, which web-sys holds back as unstable. Undefined in older browsers, and on pages that are not
    /// served over a secure connection.
    #[wasm_bindgen(thread_local_v2, js_namespace = navigator, js_name = locks)]
    static LOCKS: Option<LockManager>;

    #[wasm_bindgen(method, catch)]
    fn request(this: &LockManager, name: &str, held: &Function) -> Result<Promise, JsValue>;
}

/// Does `work` while no other tab does anything under this name. Without Web Locks it is done at once.
pub async fn alone<T>(name: &str, work: impl Future<Output = T>) -> T {
    let lock = acquire(name).await;
    let done = work.await;
    drop(lock);
    done
}

/// Given back when it is dropped, and by the browser when the page goes: whoever holds it for us waits for this sender.
struct Lock(#[expect(dead_code, reason = "only its end is heard")] oneshot::Sender<()>);

async fn acquire(name: &str) -> Option<Lock> {
    let (release, released) = oneshot::channel::<()>();
    let (granted, grant) = oneshot::channel::<()>();
    let lock = Lock(release);
    let held = Closure::once_into_js(move || {
        // Where nobody waits any more, it is given back at once.
        granted.send(()).ok();
        wasm_bindgen_futures::future_to_promise(async move {
            released.await.ok();
            Ok(JsValue::UNDEFINED)
        })
    });
    let asked = LOCKS.with(|locks| Some(locks.as_ref()?.request(name, held.unchecked_ref())));
    // Web Locks that refuse, as in some private modes, are as good as none.
    let _held: Promise = asked?.ok()?;
    match select(grant, pin!(TimeoutFuture::new(LONGEST_WAIT_MS))).await {
        Either::Left((Ok(()), _)) => Some(lock),
        Either::Left((Err(_), _)) | Either::Right(_) => None,
    }
}
