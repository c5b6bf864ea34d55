//! The key-derivation worker: a wasm program that runs Argon2id once and is ended by the page.
//!
//! It exists apart from the app because a derivation must not stop the page, and because the 64 MiB that it works in
//! hold traces of the password that only the end of the program takes away. Its one neighbour is
//! `src/browser/worker.rs`, where the messages are written down.

use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};
use zeroize::{Zeroize as _, Zeroizing};

fn main() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let to = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let answer = Object::new();
        let mut transfer = Array::new();
        match derive(&to, &event.data()) {
            Ok((mk, elapsed_ms)) => {
                let bytes = Uint8Array::from(&mk[..]);
                transfer = Array::of1(&bytes.buffer());
                set(&answer, "mk", &bytes);
                set(&answer, "elapsed_ms", &elapsed_ms.into());
            }
            Err(fault) => set(&answer, "fault", &fault.into()),
        }
        // A page that is gone does not hear it, and the worker is gone with it.
        drop(to.post_message_with_transfer(&answer, &transfer));
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    drop(scope.post_message(&"ready".into()));
}

/// The derived key and the milliseconds that it took, or what stood in the way.
fn derive(
    scope: &DedicatedWorkerGlobalScope,
    request: &JsValue,
) -> Result<(Zeroizing<[u8; 32]>, f64), &'static str> {
    let field = |name: &str| Reflect::get(request, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let number = |name: &str| {
        field(name)
            .as_f64()
            .map(|number| number as u32)
            .ok_or("parameters")
    };
    let bytes = |name: &str| field(name).dyn_into::<Uint8Array>().map_err(|_| "parameters");
    let now = || scope.performance().map_or(0.0, |performance| performance.now());

    let typed = bytes("password")?;
    let password = Zeroizing::new(typed.to_vec());
    typed.fill(0, 0, typed.length());
    let salt = bytes("salt")?.to_vec();

    let params = argon2::Params::new(number("m_kib")?, number("t")?, number("p")?, Some(32))
        .map_err(|_| "parameters")?;
    let start = now();
    let blocks = params.block_count();
    let mut memory = Vec::new();
    memory.try_reserve_exact(blocks).map_err(|_| "memory")?;
    memory.resize(blocks, argon2::Block::default());
    let argon2 = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let mut mk = Zeroizing::new([0; 32]);
    let done = argon2.hash_password_into_with_memory(&password, &salt, &mut mk[..], &mut memory);
    memory.iter_mut().for_each(|block| block.as_mut().zeroize());
    done.map_err(|_| "parameters")?;
    Ok((mk, now() - start))
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // Setting a plain property of a fresh object cannot fail.
    drop(Reflect::set(object, &name.into(), value));
}
