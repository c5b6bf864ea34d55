//! The algorithms against their standards, natively; `tests/web` runs the same through WebCrypto. What the vault asks of them is in
//! `vault::suite`; what the standards' own vectors need beyond that is asked of the crates that serve the vault, at the versions
//! that serve it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a step that fails is a test that fails"
)]

use hkdf::Hkdf;
use sha2::Sha256;
use vault::native::{Native, password};
use vault::{Cost, PRESETS, Primitives as _, suite};

fn now<T>(future: impl Future<Output = T>) -> T {
    match std::pin::pin!(future).poll(&mut std::task::Context::from_waker(std::task::Waker::noop())) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("native primitives never wait"),
    }
}

fn hex(text: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(byte).collect()
}

#[test]
fn wycheproof_aes_gcm() {
    now(suite::wycheproof_aes_gcm(&Native));
}

#[test]
fn wycheproof_hkdf_as_the_vault_uses_it() {
    now(suite::wycheproof_hkdf(&Native));
}

#[test]
fn wycheproof_and_rfc_5869_hkdf_with_every_salt_and_length() {
    for case in suite::hkdf_cases() {
        let mut okm = vec![0; case.size];
        let made = Hkdf::<Sha256>::new(Some(&case.salt), &case.ikm).expand(&case.info, &mut okm);
        assert_eq!(made.ok().map(|()| okm), case.okm, "{}", case.name);
    }
}

#[test]
fn rfc_9106_argon2id() {
    suite::rfc_9106_argon2id();
}

/// What the vault does use: one lane, no secret, at each of its presets. The values were made with the reference implementation in
/// C, through argon2-cffi 25.1.0: `hash_secret_raw(password, bytes(range(16)), time_cost=t, memory_cost=m_kib, parallelism=1,
/// hash_len=32, type=Type.ID, version=0x13)`.
#[test]
fn argon2id_at_each_preset_is_what_the_reference_implementation_makes() {
    for (typed, made) in [
        (
            "correct horse battery staple",
            [
                "0d1a3c6523c8f06e4e0af9c515aa5b5448cfebd6838f2d52c3d8b6ef8ddc3c2e",
                "5d8e377f92ddbaa93cebe0908a592206fb56a539d879af32c9ffeee36faec583",
                "818259b6310026a8e0dbac5d2e6927abcfdb07b32258fac4f61b18b80f929085",
            ],
        ),
        (
            "Caf\u{e9} \u{2014} na\u{ef}ve",
            [
                "13e572b0384d6037c179f77d51d5c517033314d48a61dc85752785f234157ea7",
                "d8f551a0bbf250ab08840c0673c7dca43441717e2d8b8f56e2d584f10500eee9",
                "1158b5daac9e7aaf2ec5558c4a6a4410e3357a26b6ef30338ddc08c85032144d",
            ],
        ),
    ] {
        for (cost, made) in PRESETS.into_iter().zip(made) {
            assert_eq!(derived(typed, cost)[..], hex(made)[..], "{typed:?}, {cost:?}");
        }
    }
}

fn derived(typed: &str, cost: Cost) -> [u8; 32] {
    let salt = std::array::from_fn(|at| at as u8);
    let derived = now(Native.argon2id(&password(typed).unwrap(), &salt, cost));
    derived.map_err(|fault| fault.to_string()).unwrap().mk.0
}
