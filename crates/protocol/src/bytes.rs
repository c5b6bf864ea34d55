//! Bytes in JSON: standard base64 with padding.

use base64ct::{Base64 as Standard, Encoding as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Bytes that are nobody's secret: sealed records, hashes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, format = Byte))]
pub struct Base64(pub Vec<u8>);

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Standard::encode_string(&self.0))
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Standard::decode_vec(&text)
            .map(Self)
            .map_err(|_| D::Error::custom("expected base64"))
    }
}

/// 32 secret bytes on their way to a tablet. No `Debug`, no `Clone`; wiped when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, format = Byte))]
pub struct Secret32(pub [u8; 32]);

impl Serialize for Secret32 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = Standard::encode_string(&self.0);
        let done = serializer.serialize_str(&text);
        text.zeroize();
        done
    }
}

impl<'de> Deserialize<'de> for Secret32 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut text = String::deserialize(deserializer)?;
        let mut bytes = [0; 32];
        let decoded = Standard::decode(&text, &mut bytes).map(<[u8]>::len);
        text.zeroize();
        match decoded {
            Ok(32) => Ok(Self(bytes)),
            _ => Err(D::Error::custom("expected 32 bytes in base64")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_survive_the_way_there_and_back() {
        let text = serde_json::to_string(&Base64(vec![0, 255, 7])).unwrap();
        assert_eq!(text, r#""AP8H""#);
        assert_eq!(
            serde_json::from_str::<Base64>(&text).unwrap(),
            Base64(vec![0, 255, 7])
        );
        assert!(serde_json::from_str::<Base64>(r#""*""#).is_err());
    }

    #[test]
    fn a_secret_of_any_other_length_is_refused() {
        let short = serde_json::to_string(&Base64(vec![1; 31])).unwrap();
        let long = serde_json::to_string(&Base64(vec![1; 33])).unwrap();
        let right = serde_json::to_string(&Base64(vec![1; 32])).unwrap();
        assert!(serde_json::from_str::<Secret32>(&short).is_err());
        assert!(serde_json::from_str::<Secret32>(&long).is_err());
        assert_eq!(
            serde_json::from_str::<Secret32>(&right).map(|s| s.0).unwrap(),
            [1; 32]
        );
    }
}
