//! `vault::Primitives` over WebCrypto, and Argon2id in its worker. Keys are CryptoKeys that cannot be extracted, and
//! they live in memory only: a CryptoKey put into IndexedDB would lie in plain bytes on the disk.

use js_sys::{Array, Object, Reflect, Uint8Array};
use vault::{Cost, CryptoFault, Derived, KdfFault, MasterKey, Password, Primitives, Refused};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AesGcmParams, Crypto, CryptoKey, HkdfParams, SubtleCrypto};
use zeroize::Zeroizing;

use super::worker;

#[derive(Clone, Copy, Debug, Default)]
pub struct WebCrypto;

impl Primitives for WebCrypto {
    type Key = CryptoKey;

    fn random(&self, bytes: &mut [u8]) -> Result<(), CryptoFault> {
        crypto()?
            .get_random_values_with_u8_array(bytes)
            .map(drop)
            .map_err(fault)
    }

    async fn argon2id(&self, password: &Password, salt: &[u8; 16], cost: Cost) -> Result<Derived, KdfFault> {
        worker::argon2id(password, salt, cost).await
    }

    async fn hkdf_bytes(&self, mk: &MasterKey, info: &[u8]) -> Result<Zeroizing<[u8; 32]>, CryptoFault> {
        let base = hkdf_base(mk).await?;
        let promise = subtle()?
            .derive_bits_with_object(&hkdf(info), &base, 256)
            .map_err(fault)?;
        let mut out = Zeroizing::new([0; 32]);
        take(JsFuture::from(promise).await.map_err(fault)?).and_then(|bits| {
            out.copy_from_slice(bits.get(..32)?);
            Some(())
        });
        Ok(out)
    }

    async fn hkdf_key(&self, mk: &MasterKey, info: &[u8]) -> Result<CryptoKey, CryptoFault> {
        let base = hkdf_base(mk).await?;
        let derived = object(&[("name", "AES-GCM".into()), ("length", 256.into())]);
        let promise = subtle()?
            .derive_key_with_object_and_object(
                &hkdf(info),
                &base,
                &derived,
                false,
                &usages(&["encrypt", "decrypt"]),
            )
            .map_err(fault)?;
        key(promise).await
    }

    async fn import(&self, raw: &[u8; 32]) -> Result<CryptoKey, CryptoFault> {
        import(raw, "AES-GCM", &["encrypt", "decrypt"]).await
    }

    async fn encrypt(
        &self,
        key: &CryptoKey,
        iv: &[u8; 12],
        aad: &[u8],
        plain: &[u8],
    ) -> Result<Vec<u8>, CryptoFault> {
        let promise = subtle()?
            .encrypt_with_object_and_u8_array(&gcm(iv, aad), key, plain)
            .map_err(fault)?;
        let sealed = JsFuture::from(promise).await.map_err(fault)?;
        Ok(Uint8Array::new(&sealed).to_vec())
    }

    async fn decrypt(
        &self,
        key: &CryptoKey,
        iv: &[u8; 12],
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Refused> {
        let subtle = subtle().map_err(|_| Refused)?;
        let promise = subtle
            .decrypt_with_object_and_u8_array(&gcm(iv, aad), key, sealed)
            .map_err(|_| Refused)?;
        let plain = JsFuture::from(promise).await.map_err(|_| Refused)?;
        take(plain).ok_or(Refused)
    }
}

fn crypto() -> Result<Crypto, CryptoFault> {
    let window = web_sys::window().ok_or_else(|| CryptoFault("no window".into()))?;
    window.crypto().map_err(fault)
}

fn subtle() -> Result<SubtleCrypto, CryptoFault> {
    let subtle = crypto()?.subtle();
    // Undefined on pages that are neither served over TLS nor from localhost.
    match subtle.is_undefined() {
        true => Err(CryptoFault(
            "this page is not served over a secure connection".into(),
        )),
        false => Ok(subtle),
    }
}

async fn hkdf_base(mk: &MasterKey) -> Result<CryptoKey, CryptoFault> {
    import(&mk.0, "HKDF", &["deriveBits", "deriveKey"]).await
}

async fn import(raw: &[u8; 32], algorithm: &str, uses: &[&str]) -> Result<CryptoKey, CryptoFault> {
    let bytes = Uint8Array::from(&raw[..]);
    let promise = subtle()?
        .import_key_with_str("raw", &bytes, algorithm, false, &usages(uses))
        .map_err(fault)?;
    let imported = key(promise).await;
    bytes.fill(0, 0, bytes.length());
    imported
}

async fn key(promise: js_sys::Promise) -> Result<CryptoKey, CryptoFault> {
    let value = JsFuture::from(promise).await.map_err(fault)?;
    value
        .dyn_into()
        .map_err(|_| CryptoFault("no key came back".into()))
}

fn hkdf(info: &[u8]) -> HkdfParams {
    let (info, salt) = (Uint8Array::from(info), Uint8Array::new_with_length(0));
    HkdfParams::new("HKDF", &"SHA-256".into(), &info, &salt)
}

fn gcm(iv: &[u8; 12], aad: &[u8]) -> AesGcmParams {
    let params = AesGcmParams::new("AES-GCM", &Uint8Array::from(&iv[..]));
    params.set_additional_data(&Uint8Array::from(aad));
    params.set_tag_length(128);
    params
}

fn usages(uses: &[&str]) -> JsValue {
    uses.iter()
        .copied()
        .map(JsValue::from_str)
        .collect::<Array>()
        .into()
}

fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a plain property of a fresh object cannot fail.
        drop(Reflect::set(&object, &(*name).into(), value));
    }
    object
}

/// Copies what an ArrayBuffer holds and wipes it there.
fn take(buffer: JsValue) -> Option<Zeroizing<Vec<u8>>> {
    let buffer: js_sys::ArrayBuffer = buffer.dyn_into().ok()?;
    let bytes = Uint8Array::new(&buffer);
    let copy = Zeroizing::new(bytes.to_vec());
    bytes.fill(0, 0, bytes.length());
    Some(copy)
}

fn fault(error: JsValue) -> CryptoFault {
    let named = error
        .dyn_ref::<web_sys::DomException>()
        .map(web_sys::DomException::name);
    CryptoFault(named.unwrap_or_else(|| "an unexpected error".into()))
}
