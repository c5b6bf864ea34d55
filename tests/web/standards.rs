//! WebCrypto against the standards: the vault's suite through our own edge, and every salt and length that HKDF's vectors have, which
//! the vault never uses, asked of the browser directly.

use js_sys::{Array, Uint8Array};
use mobile_assessments::browser::WebCrypto;
use vault::suite::{self, HkdfCase};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CryptoKey, HkdfParams};

#[wasm_bindgen_test]
async fn wycheproof_aes_gcm() {
    suite::wycheproof_aes_gcm(&WebCrypto).await;
}

#[wasm_bindgen_test]
async fn wycheproof_hkdf_as_the_vault_uses_it() {
    suite::wycheproof_hkdf(&WebCrypto).await;
}

#[wasm_bindgen_test]
async fn wycheproof_and_rfc_5869_hkdf_with_every_salt_and_length() {
    for case in suite::hkdf_cases() {
        assert_eq!(derived(&case).await, case.okm, "{}", case.name);
    }
}

/// The worker derives with the same crate, compiled to the same instructions.
#[wasm_bindgen_test]
fn rfc_9106_argon2id() {
    suite::rfc_9106_argon2id();
}

async fn derived(case: &HkdfCase) -> Option<Vec<u8>> {
    let subtle = web_sys::window()?.crypto().ok()?.subtle();
    let ikm = Uint8Array::from(&case.ikm[..]);
    let uses = Array::of1(&"deriveBits".into());
    let imported = subtle
        .import_key_with_str("raw", &ikm, "HKDF", false, &uses)
        .ok()?;
    let key: CryptoKey = JsFuture::from(imported).await.ok()?.dyn_into().ok()?;
    let (info, salt) = (Uint8Array::from(&case.info[..]), Uint8Array::from(&case.salt[..]));
    let params = HkdfParams::new("HKDF", &"SHA-256".into(), &info, &salt);
    let bits = u32::try_from(case.size * 8).ok()?;
    let made = subtle.derive_bits_with_object(&params, &key, bits).ok()?;
    Some(Uint8Array::new(&JsFuture::from(made).await.ok()?).to_vec())
}
