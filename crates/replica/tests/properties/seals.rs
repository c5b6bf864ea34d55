//! I13 by itself: whatever is turned, a seal does not open.

use proptest::prelude::*;
use vault::native::{self, Native};
use vault::{Header, Primitives as _, Sealed};

use crate::support::now;

fn header() -> impl Strategy<Value = Header> {
    let ids = any::<([u8; 16], [u8; 16], [u8; 16], [u8; 16])>();
    (ids, any::<(u32, u8, u16)>()).prop_map(
        |((device_id, user_id, dk_id, record_id), (rev, kind, schema))| Header {
            device_id,
            user_id,
            dk_id,
            record_id,
            rev,
            kind,
            schema,
        },
    )
}

fn seal(key: &[u8; 32], header: Header, plain: &[u8]) -> Sealed {
    let key = now(Native.import(key)).unwrap();
    now(vault::seal(&Native, &key, header, plain)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_sealed_opens_and_reads_the_same(
        key in any::<[u8; 32]>(),
        header in header(),
        plain in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let bytes = seal(&key, header, &plain).to_bytes();
        let read = Sealed::parse(&bytes).unwrap();
        prop_assert_eq!(read.header, header);
        let opened = native::open_record(&key, &read).unwrap();
        prop_assert_eq!(opened.as_slice(), plain.as_slice());
    }

    #[test]
    fn with_any_byte_turned_nothing_opens(
        key in any::<[u8; 32]>(),
        header in header(),
        plain in prop::collection::vec(any::<u8>(), 0..40),
        mask in 1..=u8::MAX,
    ) {
        let bytes = seal(&key, header, &plain).to_bytes();
        for at in 0..bytes.len() {
            let mut turned = bytes.clone();
            turned[at] ^= mask;
            let opened = Sealed::parse(&turned).is_ok_and(|sealed| native::open_record(&key, &sealed).is_ok());
            prop_assert!(!opened, "byte {} of {}", at, bytes.len());
        }
        for at in 0..key.len() {
            let mut other = key;
            other[at] ^= mask;
            let sealed = Sealed::parse(&bytes).unwrap();
            prop_assert!(native::open_record(&other, &sealed).is_err());
        }
        for length in 0..bytes.len() {
            let opened = Sealed::parse(&bytes[..length]).is_ok_and(|sealed| native::open_record(&key, &sealed).is_ok());
            prop_assert!(!opened, "the first {} bytes", length);
        }
    }
}
