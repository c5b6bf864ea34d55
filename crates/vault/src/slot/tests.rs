//! The slot against the golden vector, and attacked.

use super::*;
use crate::native::{Native, password};
use crate::{Header, Sealed};
use std::cell::RefCell;

/// Both sides of the product agree on these bytes: RustCrypto here, WebCrypto in `tests/web`.
const VECTOR: &str = include_str!("../../tests/vectors/sign-in.json");

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

fn now<T>(future: impl Future<Output = T>) -> T {
    match std::pin::pin!(future).poll(&mut std::task::Context::from_waker(std::task::Waker::noop())) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("native primitives never wait"),
    }
}

fn owner() -> Owner {
    let v = vector();
    Owner {
        device_id: hex(&v["device_id"]),
        user_id: hex(&v["user_id"]),
    }
}

fn golden_slot() -> Slot {
    let v = vector();
    let s = &v["slot"];
    Slot {
        epoch: 7,
        dk_id: hex(&v["dk_id"]),
        alg: 1,
        m_kib: 65_536,
        t: 3,
        p: 1,
        salt: hex(&v["salt"]),
        verifier: hex(&s["verifier"]),
        iv: hex(&s["iv"]),
        ciphertext: hex(&s["ciphertext"]),
    }
}

#[test]
fn the_golden_slot_is_made_byte_for_byte() {
    let v = vector();
    let password = password(v["password"].as_str().unwrap()).unwrap();
    let cost = Cost {
        m_kib: 65_536,
        t: 3,
        p: 1,
    };
    let salt = hex(&v["salt"]);
    let mk = now(Native.argon2id(&password, &salt, cost))
        .map_err(|_| ())
        .unwrap()
        .mk;
    assert_eq!(mk.0, hex(&v["slot"]["mk"]));
    assert_eq!(
        *now(Native.hkdf_bytes(&mk, &hkdf_info(LABEL_KEK, &owner()))).unwrap(),
        hex(&v["slot"]["kek"])
    );
    let derivation = Derivation { mk, salt, cost };
    let key = KeyToWrap {
        epoch: 7,
        dk_id: hex(&v["dk_id"]),
        data_key: &hex(&v["dk"]),
    };
    let slot = now(derivation.wrap_with_iv(&Native, &owner(), key, hex(&v["slot"]["iv"]))).unwrap();
    assert_eq!(slot_aad(&owner(), &slot), hex_vec(&v["slot"]["aad"]));
    assert_eq!(slot, golden_slot());
}

#[test]
fn the_golden_slot_opens_with_its_password_and_no_other() {
    let v = vector();
    let open = |typed: &str| {
        now(unlock(
            &Native,
            &owner(),
            &golden_slot(),
            &password(typed).unwrap(),
        ))
    };
    let (key, _) = open("correct horse battery staple").unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!(*key, hex(&v["dk"]));
    for typed in [
        "correct horse battery stapl",
        " correct horse battery staple",
        "Correct horse battery staple",
    ] {
        assert_eq!(open(typed).err(), Some(UnlockFault::WrongPassword), "{typed}");
    }
}

#[test]
fn the_golden_record_is_sealed_byte_for_byte_and_opens() {
    let v = vector();
    let r = &v["record"];
    let header = Header {
        device_id: hex(&v["device_id"]),
        user_id: hex(&v["user_id"]),
        dk_id: hex(&v["dk_id"]),
        record_id: hex(&r["record_id"]),
        rev: 1,
        kind: 1,
        schema: 3,
    };
    assert_eq!(header.aad().to_vec(), hex_vec(&r["aad"]));
    let plain = r["plaintext_utf8"].as_str().unwrap().as_bytes();
    let ciphertext = crate::native::encrypt(&hex(&v["dk"]), &hex(&r["iv"]), &header.aad(), plain).unwrap();
    assert_eq!(ciphertext, hex_vec(&r["ciphertext"]));
    let sealed = Sealed {
        header,
        iv: hex(&r["iv"]),
        ciphertext,
    };
    assert_eq!(Sealed::parse(&sealed.to_bytes()), Ok(sealed.clone()));
    assert_eq!(
        crate::native::open_record(&hex(&v["dk"]), &sealed)
            .unwrap()
            .as_slice(),
        plain
    );
}

/// Argon2id is the slow part and does not depend on what is flipped, but for salt and cost.
struct OneDerivation {
    mk: [u8; 32],
    asked: RefCell<Vec<Cost>>,
}

impl Primitives for OneDerivation {
    type Key = crate::native::Key;
    fn random(&self, bytes: &mut [u8]) -> Result<(), CryptoFault> {
        Native.random(bytes)
    }
    async fn argon2id(&self, _: &Password, salt: &[u8; 16], cost: Cost) -> Result<crate::Derived, KdfFault> {
        self.asked.borrow_mut().push(cost);
        let golden = *salt == golden_slot().salt && cost == golden_slot().cost();
        Ok(crate::Derived {
            mk: MasterKey(if golden { self.mk } else { [0; 32] }),
            elapsed_ms: 1,
        })
    }
    async fn hkdf_bytes(&self, mk: &MasterKey, info: &[u8]) -> Result<Zeroizing<[u8; 32]>, CryptoFault> {
        Native.hkdf_bytes(mk, info).await
    }
    async fn hkdf_key(&self, mk: &MasterKey, info: &[u8]) -> Result<Self::Key, CryptoFault> {
        Native.hkdf_key(mk, info).await
    }
    async fn import(&self, raw: &[u8; 32]) -> Result<Self::Key, CryptoFault> {
        Native.import(raw).await
    }
    async fn encrypt(
        &self,
        key: &Self::Key,
        iv: &[u8; 12],
        aad: &[u8],
        plain: &[u8],
    ) -> Result<Vec<u8>, CryptoFault> {
        Native.encrypt(key, iv, aad, plain).await
    }
    async fn decrypt(
        &self,
        key: &Self::Key,
        iv: &[u8; 12],
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, crate::Refused> {
        Native.decrypt(key, iv, aad, sealed).await
    }
}

fn golden_derivation() -> OneDerivation {
    OneDerivation {
        mk: hex(&vector()["slot"]["mk"]),
        asked: RefCell::default(),
    }
}

#[test]
fn each_flipped_bit_of_a_slot_opens_nothing() {
    let primitives = golden_derivation();
    let right = password("correct horse battery staple").unwrap();
    let fails = |slot: &Slot, owner: &Owner, what: &str| {
        assert!(
            now(unlock(&primitives, owner, slot, &right)).is_err(),
            "opened with {what} changed"
        );
    };
    assert!(now(unlock(&primitives, &owner(), &golden_slot(), &right)).is_ok());
    macro_rules! flip_bytes {
        ($field:ident) => {
            for bit in 0..golden_slot().$field.len() * 8 {
                let mut slot = golden_slot();
                slot.$field[bit / 8] ^= 1 << (bit % 8);
                fails(&slot, &owner(), stringify!($field));
            }
        };
    }
    macro_rules! flip_number {
        ($field:ident, $bits:expr) => {
            for bit in 0..$bits {
                let mut slot = golden_slot();
                slot.$field ^= 1 << bit;
                fails(&slot, &owner(), stringify!($field));
            }
        };
    }
    flip_bytes!(dk_id);
    flip_bytes!(salt);
    flip_bytes!(verifier);
    flip_bytes!(iv);
    flip_bytes!(ciphertext);
    flip_number!(epoch, 32);
    flip_number!(alg, 8);
    flip_number!(m_kib, 32);
    flip_number!(t, 32);
    flip_number!(p, 8);
    for bit in 0..128 {
        let mut other = owner();
        other.device_id[bit / 8] ^= 1 << (bit % 8);
        fails(&golden_slot(), &other, "device_id");
        let mut other = owner();
        other.user_id[bit / 8] ^= 1 << (bit % 8);
        fails(&golden_slot(), &other, "user_id");
    }
}

#[test]
fn parameters_out_of_bounds_are_never_derived() {
    let primitives = golden_derivation();
    let right = password("x").unwrap();
    for (m_kib, t, p) in [
        (4_194_304, 3, 1),
        (8, 3, 1),
        (19_455, 2, 1),
        (65_536, 0, 1),
        (65_536, u32::MAX, 1),
        (65_536, 3, 0),
        (65_536, 3, 255),
    ] {
        let slot = Slot {
            m_kib,
            t,
            p,
            ..golden_slot()
        };
        let fault = now(unlock(&primitives, &owner(), &slot, &right)).err();
        assert_eq!(
            fault,
            Some(UnlockFault::Slot(SlotFault::Bounds)),
            "m {m_kib} t {t} p {p}"
        );
    }
    let slot = Slot {
        alg: 2,
        ..golden_slot()
    };
    assert_eq!(
        now(unlock(&primitives, &owner(), &slot, &right)).err(),
        Some(UnlockFault::Slot(SlotFault::Algorithm(2)))
    );
    assert!(primitives.asked.borrow().is_empty());
}

#[test]
fn a_wrong_wrap_under_the_right_password_is_damage_and_not_a_wrong_password() {
    let primitives = golden_derivation();
    let right = password("correct horse battery staple").unwrap();
    let mut slot = golden_slot();
    slot.ciphertext[0] ^= 1;
    assert_eq!(
        now(unlock(&primitives, &owner(), &slot, &right)).err(),
        Some(UnlockFault::DamagedKey)
    );
}

#[test]
fn a_stored_slot_with_missing_extra_or_mistyped_fields_is_not_read() {
    let whole = serde_json::to_value(golden_slot()).unwrap();
    assert_eq!(
        serde_json::from_value::<Slot>(whole.clone()).unwrap(),
        golden_slot()
    );
    for field in whole.as_object().unwrap().keys() {
        let mut row = whole.clone();
        row.as_object_mut().unwrap().remove(field);
        assert!(serde_json::from_value::<Slot>(row).is_err(), "without {field}");
        let mut row = whole.clone();
        row[field] = serde_json::json!({});
        assert!(
            serde_json::from_value::<Slot>(row).is_err(),
            "with another type of {field}"
        );
    }
    let mut row = whole.clone();
    row["more"] = 1.into();
    assert!(serde_json::from_value::<Slot>(row).is_err());
    for length in [0, 16, 47, 49] {
        let mut row = whole.clone();
        row["ciphertext"] = <base64ct::Base64 as base64ct::Encoding>::encode_string(&vec![7; length]).into();
        assert!(
            serde_json::from_value::<Slot>(row).is_err(),
            "a ciphertext of {length} bytes"
        );
    }
}

/// A tablet on which each derivation takes `ms` per MiB and pass, with `memory_mib` to spare.
struct Tablet {
    ms: u32,
    memory_mib: u32,
}

impl Tablet {
    fn chooses(&self, at_least: Option<Cost>) -> Result<Cost, KdfFault> {
        let password = password("p").map_err(|_| KdfFault::Interrupted)?;
        now(derive_within_limit(self, &password, [0; 16], at_least)).map(|derivation| derivation.cost)
    }
}

impl Primitives for Tablet {
    type Key = ();
    fn random(&self, _: &mut [u8]) -> Result<(), CryptoFault> {
        Ok(())
    }
    async fn argon2id(&self, _: &Password, _: &[u8; 16], cost: Cost) -> Result<crate::Derived, KdfFault> {
        if cost.m_kib > self.memory_mib * 1024 {
            return Err(KdfFault::CannotAllocate);
        }
        Ok(crate::Derived {
            mk: MasterKey([0; 32]),
            elapsed_ms: cost.m_kib / 1024 * cost.t * self.ms,
        })
    }
    async fn hkdf_bytes(&self, _: &MasterKey, _: &[u8]) -> Result<Zeroizing<[u8; 32]>, CryptoFault> {
        Err(CryptoFault("unused".into()))
    }
    async fn hkdf_key(&self, _: &MasterKey, _: &[u8]) -> Result<(), CryptoFault> {
        Err(CryptoFault("unused".into()))
    }
    async fn import(&self, _: &[u8; 32]) -> Result<(), CryptoFault> {
        Ok(())
    }
    async fn encrypt(&self, (): &(), _: &[u8; 12], _: &[u8], _: &[u8]) -> Result<Vec<u8>, CryptoFault> {
        Err(CryptoFault("unused".into()))
    }
    async fn decrypt(
        &self,
        (): &(),
        _: &[u8; 12],
        _: &[u8],
        _: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, crate::Refused> {
        Err(crate::Refused)
    }
}

#[test]
fn a_tablet_takes_the_strongest_preset_that_it_derives_within_a_second() {
    let [strong, middle, floor] = crate::PRESETS;
    for (name, tablet, at_least, chosen) in [
        (
            "fast",
            Tablet {
                ms: 1,
                memory_mib: 4096,
            },
            None,
            Ok(strong),
        ),
        (
            "slower",
            Tablet {
                ms: 8,
                memory_mib: 4096,
            },
            None,
            Ok(middle),
        ),
        (
            "very slow: the floor, however long it takes",
            Tablet {
                ms: 100,
                memory_mib: 4096,
            },
            None,
            Ok(floor),
        ),
        (
            "little memory",
            Tablet {
                ms: 1,
                memory_mib: 50,
            },
            None,
            Ok(middle),
        ),
        (
            "never below the stored one",
            Tablet {
                ms: 100,
                memory_mib: 4096,
            },
            Some(middle),
            Ok(middle),
        ),
        (
            "no memory for the stored one",
            Tablet {
                ms: 1,
                memory_mib: 20,
            },
            Some(strong),
            Err(KdfFault::CannotAllocate),
        ),
        (
            "no memory for the floor",
            Tablet {
                ms: 1,
                memory_mib: 10,
            },
            None,
            Err(KdfFault::CannotAllocate),
        ),
        (
            "a stored one that is out of bounds counts for nothing",
            Tablet {
                ms: 1,
                memory_mib: 4096,
            },
            Some(Cost { m_kib: 8, t: 1, p: 1 }),
            Ok(strong),
        ),
    ] {
        assert_eq!(tablet.chooses(at_least), chosen, "{name}");
    }
}
