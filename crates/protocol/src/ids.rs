//! Identifiers: UUIDs, each of a type of its own, so that one cannot stand where another belongs.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A version 4 identifier from 16 random bytes of the caller's source.
            pub fn from_random(bytes: [u8; 16]) -> Self {
                Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
            }

            /// The 16 bytes exactly as given, as they stand in a sealed header.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self)
            }
        }
    };
}

id!(
    /// One press of "Sign in". The main application counts it at most once.
    AttemptId
);
id!(
    /// One sync request; echoed so that a stray reply is recognised.
    RequestId
);
id!(
    /// A tablet, made by it at its first start. Never logged, never shown whole.
    DeviceId
);
id!(
    /// An account of the main application.
    UserId
);
id!(
    /// A data key; a user has one at a time on each tablet.
    DkId
);
id!(
    /// A sealed record; a document's record carries the document's id.
    RecordId
);
id!(
    /// A client of the agency.
    ClientId
);
