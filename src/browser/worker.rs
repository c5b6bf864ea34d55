//! Asks the key-derivation worker: one worker for one derivation, ended afterwards, because the memory of a wasm
//! program never shrinks and holds traces of what was derived.
//!
//! ```text
//! worker -> page   "ready"                                       once it listens
//! page -> worker   { password, salt, m_kib, t, p }               buffers transferred, not copied
//! worker -> page   { mk, elapsed_ms } | { fault: "memory" | "parameters" }
//! ```

use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Object, Reflect, Uint8Array};
use vault::{Cost, Derived, KdfFault, MasterKey, Password};
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

const SCRIPT: &str = "/kdf-worker_loader.js";
/// A derivation takes a second; one that takes this long, in milliseconds, was ended by the system.
const TIMEOUT_MS: u32 = 60_000;

type Reply = Result<Derived, KdfFault>;

/// Argon2id in a worker of its own. The password's bytes are wiped on the way.
pub async fn argon2id(password: &Password, salt: &[u8; 16], cost: Cost) -> Reply {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options(SCRIPT, &options).map_err(|_| KdfFault::Interrupted)?;
    let (sender, receiver) = oneshot::channel::<Reply>();
    let sender = Rc::new(Cell::new(Some(sender)));
    let finish = {
        let sender = sender.clone();
        move |reply: Reply| {
            if let Some(sender) = sender.take() {
                drop(sender.send(reply));
            }
        }
    };
    let request = RefCell::new(Some(request(password, salt, cost)));
    let to = worker.clone();
    let done = finish.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let data = event.data();
        if data.as_string().as_deref() == Some("ready") {
            if let Some((message, transfer)) = request.borrow_mut().take()
                && to.post_message_with_transfer(&message, &transfer).is_err()
            {
                done(Err(KdfFault::Interrupted));
            }
        } else {
            done(reply(&data));
        }
    });
    let on_error = Closure::<dyn FnMut()>::new(move || finish(Err(KdfFault::Interrupted)));
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    let reply = match select(receiver, pin!(TimeoutFuture::new(TIMEOUT_MS))).await {
        Either::Left((Ok(reply), _)) => reply,
        Either::Left((Err(_), _)) | Either::Right(_) => Err(KdfFault::Interrupted),
    };
    worker.set_onmessage(None);
    worker.set_onerror(None);
    worker.terminate();
    reply
}

fn request(password: &Password, salt: &[u8; 16], cost: Cost) -> (Object, Array) {
    let password = Uint8Array::from(password.expose().as_bytes());
    let message = Object::new();
    for (name, value) in [
        ("password", JsValue::from(password.clone())),
        ("salt", Uint8Array::from(&salt[..]).into()),
        ("m_kib", cost.m_kib.into()),
        ("t", cost.t.into()),
        ("p", cost.p.into()),
    ] {
        // Setting a plain property of a fresh object cannot fail.
        drop(Reflect::set(&message, &name.into(), &value));
    }
    (message, Array::of1(&password.buffer()))
}

fn reply(data: &JsValue) -> Reply {
    let field = |name: &str| Reflect::get(data, &name.into()).ok();
    if let Some(fault) = field("fault").and_then(|fault| fault.as_string()) {
        return Err(if fault == "memory" {
            KdfFault::CannotAllocate
        } else {
            KdfFault::Interrupted
        });
    }
    let bytes = field("mk")
        .and_then(|mk| mk.dyn_into::<Uint8Array>().ok())
        .ok_or(KdfFault::Interrupted)?;
    if bytes.length() != 32 {
        return Err(KdfFault::Interrupted);
    }
    let mut mk = MasterKey([0; 32]);
    bytes.copy_to(&mut mk.0);
    bytes.fill(0, 0, 32);
    let elapsed_ms = field("elapsed_ms").and_then(|ms| ms.as_f64()).unwrap_or(f64::MAX);
    Ok(Derived {
        mk,
        elapsed_ms: elapsed_ms as u32,
    })
}
