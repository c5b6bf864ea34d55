//! WebCrypto against the same golden bytes that RustCrypto makes in `crates/vault`.

use mobile_assessments::browser::WebCrypto;
use vault::{
    Cost, CryptoFault, Derived, Header, KdfFault, MasterKey, Owner, Password, Primitives, Refused, Sealed,
    Slot, UnlockFault,
};
use wasm_bindgen_test::wasm_bindgen_test;
use zeroize::Zeroizing;

const VECTOR: &str = include_str!("../../crates/vault/tests/vectors/sign-in.json");

fn vector() -> serde_json::Value {
    serde_json::from_str(VECTOR).unwrap()
}

fn hex<const N: usize>(value: &serde_json::Value) -> [u8; N] {
    hex_vec(value).try_into().unwrap()
}

fn hex_vec(value: &serde_json::Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

/// WebCrypto, with the golden result in the place of the worker: a test page has none.
struct GoldenKdf(WebCrypto);

impl Primitives for GoldenKdf {
    type Key = <WebCrypto as Primitives>::Key;

    fn random(&self, bytes: &mut [u8]) -> Result<(), CryptoFault> {
        self.0.random(bytes)
    }

    async fn argon2id(&self, password: &Password, _: &[u8; 16], _: Cost) -> Result<Derived, KdfFault> {
        let right = password.expose() == vector()["password"].as_str().unwrap();
        let mk = if right {
            hex(&vector()["slot"]["mk"])
        } else {
            [0; 32]
        };
        Ok(Derived {
            mk: MasterKey(mk),
            elapsed_ms: 1,
        })
    }

    async fn hkdf_bytes(&self, mk: &MasterKey, info: &[u8]) -> Result<Zeroizing<[u8; 32]>, CryptoFault> {
        self.0.hkdf_bytes(mk, info).await
    }

    async fn hkdf_key(&self, mk: &MasterKey, info: &[u8]) -> Result<Self::Key, CryptoFault> {
        self.0.hkdf_key(mk, info).await
    }

    async fn import(&self, raw: &[u8; 32]) -> Result<Self::Key, CryptoFault> {
        self.0.import(raw).await
    }

    async fn encrypt(
        &self,
        key: &Self::Key,
        iv: &[u8; 12],
        aad: &[u8],
        plain: &[u8],
    ) -> Result<Vec<u8>, CryptoFault> {
        self.0.encrypt(key, iv, aad, plain).await
    }

    async fn decrypt(
        &self,
        key: &Self::Key,
        iv: &[u8; 12],
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Refused> {
        self.0.decrypt(key, iv, aad, sealed).await
    }
}

fn golden_slot() -> Slot {
    let v = vector();
    Slot {
        epoch: 7,
        dk_id: hex(&v["dk_id"]),
        alg: 1,
        m_kib: 65_536,
        t: 3,
        p: 1,
        salt: hex(&v["salt"]),
        verifier: hex(&v["slot"]["verifier"]),
        iv: hex(&v["slot"]["iv"]),
        ciphertext: hex(&v["slot"]["ciphertext"]),
    }
}

fn golden_record() -> Sealed {
    let v = vector();
    let header = Header {
        device_id: hex(&v["device_id"]),
        user_id: hex(&v["user_id"]),
        dk_id: hex(&v["dk_id"]),
        record_id: hex(&v["record"]["record_id"]),
        rev: 1,
        kind: 1,
        schema: 3,
    };
    Sealed {
        header,
        iv: hex(&v["record"]["iv"]),
        ciphertext: hex_vec(&v["record"]["ciphertext"]),
    }
}

#[wasm_bindgen_test]
async fn the_golden_slot_opens_with_its_password_and_no_other() {
    let v = vector();
    let owner = Owner {
        device_id: hex(&v["device_id"]),
        user_id: hex(&v["user_id"]),
    };
    let primitives = GoldenKdf(WebCrypto);
    let password = |typed: &str| Password::from_nfc(typed.to_owned()).unwrap();
    let right = password(v["password"].as_str().unwrap());
    let (data_key, _) = vault::unlock(&primitives, &owner, &golden_slot(), &right)
        .await
        .unwrap_or_else(|_| panic!());
    assert_eq!(*data_key, hex(&v["dk"]));
    let wrong = vault::unlock(&primitives, &owner, &golden_slot(), &password("wrong"))
        .await
        .err();
    assert_eq!(wrong, Some(UnlockFault::WrongPassword));
    let mut damaged = golden_slot();
    damaged.ciphertext[47] ^= 1;
    let damage = vault::unlock(&primitives, &owner, &damaged, &right).await.err();
    assert_eq!(damage, Some(UnlockFault::DamagedKey));
}

#[wasm_bindgen_test]
async fn the_golden_record_is_sealed_byte_for_byte_and_opens() {
    let v = vector();
    let record = golden_record();
    let key = WebCrypto.import(&hex(&v["dk"])).await.unwrap();
    let plain = v["record"]["plaintext_utf8"].as_str().unwrap().as_bytes();
    let sealed = WebCrypto
        .encrypt(&key, &record.iv, &record.header.aad(), plain)
        .await
        .unwrap();
    assert_eq!(sealed, record.ciphertext);
    assert_eq!(
        vault::open(&WebCrypto, &key, &record).await.unwrap().as_slice(),
        plain
    );
}

#[wasm_bindgen_test]
async fn a_flipped_bit_of_the_record_or_its_header_refuses() {
    let key = WebCrypto.import(&hex(&vector()["dk"])).await.unwrap();
    let bytes = golden_record().to_bytes();
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        if let Ok(sealed) = Sealed::parse(&flipped) {
            assert!(vault::open(&WebCrypto, &key, &sealed).await.is_err(), "bit {bit}");
        }
    }
}

#[wasm_bindgen_test]
async fn keys_cannot_be_extracted() {
    let key = WebCrypto.import(&[7; 32]).await.unwrap();
    assert!(!key.extractable());
    let derived = WebCrypto.hkdf_key(&MasterKey([7; 32]), b"info").await.unwrap();
    assert!(!derived.extractable());
}
