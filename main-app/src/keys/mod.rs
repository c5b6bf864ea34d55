//! The master keys, and the data keys that are sealed under one of them. Which master keys there are is said in [`ring`],
//! and how another takes the place of the present one in [`rotate`].
//!
//! ```text
//! sealed data key   iv12 · AES-256-GCM(master key, data key32)
//! AAD               "main/1/dk" 00 user_id16 device_id16 dk_id16
//! ```

mod ring;
mod rotate;

use hmac::Mac as _;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use protocol::{DeviceId, DkId, UserId};
use zeroize::Zeroizing;

pub use ring::{Ring, files};
pub use rotate::{Listed, RotateFault, Rotated, list, retire, rotate, sealing_id, set_sealing};

use crate::secret;
use crate::store::data_keys::{self, DataKeyRow};
use crate::store::{self, Connection};

/// Seals data keys. No `Debug`, no `Clone`; wiped on drop.
pub struct MasterKey {
    key: Zeroizing<[u8; 32]>,
    id: String,
}

/// A data key as it is handed to its tablet or used to open that tablet's records.
pub struct OpenDataKey {
    pub id: DkId,
    pub key: Zeroizing<[u8; 32]>,
}

#[derive(Debug, thiserror::Error)]
pub enum MasterKeyFault {
    #[error("{path}: {error}")]
    File { path: String, error: std::io::Error },
    #[error("{0}: a master key file holds exactly 32 bytes")]
    Length(String),
    #[error("{0} can be read by others; run: chmod 600 {0}")]
    Mode(String),
    #[error("the master key comes from the environment: make another one there")]
    Given,
    #[error(transparent)]
    Random(#[from] vault::CryptoFault),
}

#[derive(Debug, thiserror::Error)]
pub enum KeyFault {
    #[error(transparent)]
    Store(#[from] sqlx::Error),
    #[error(transparent)]
    Crypto(#[from] vault::CryptoFault),
    #[error("the data key {0} does not open under its master key")]
    Unsealable(DkId),
    #[error("the master key {0:?} is not here")]
    NoMasterKey(String),
    #[error(transparent)]
    File(#[from] MasterKeyFault),
}

impl MasterKey {
    pub fn new(key: Zeroizing<[u8; 32]>) -> Self {
        // A prefix of a hash of 256 random bits tells keys apart and tells nothing about them.
        let id = secret::sha256_hex(&[b"main/1/master-key-id\0", &key[..]].concat())[..16].to_owned();
        Self { key, id }
    }

    pub fn random() -> Result<Self, vault::CryptoFault> {
        let mut key = Zeroizing::new([0; 32]);
        vault::native::random(&mut key[..])?;
        Ok(Self::new(key))
    }

    /// Reads the key file; `None` if there is none.
    pub fn read(file: &Path) -> Result<Option<Self>, MasterKeyFault> {
        let fault = |error| MasterKeyFault::File {
            path: file.display().to_string(),
            error,
        };
        let open = match std::fs::File::open(file) {
            Ok(open) => open,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(fault(error)),
        };
        if open.metadata().map_err(fault)?.permissions().mode() & 0o077 != 0 {
            return Err(MasterKeyFault::Mode(file.display().to_string()));
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(64));
        open.take(64).read_to_end(&mut bytes).map_err(fault)?;
        let key: [u8; 32] = bytes
            .as_slice()
            .try_into()
            .map_err(|_| MasterKeyFault::Length(file.display().to_string()))?;
        Ok(Some(Self::new(Zeroizing::new(key))))
    }

    /// Keeps the key in a new file that its owner alone can read. An existing file is never written over.
    pub fn write_new(&self, file: &Path) -> Result<(), MasterKeyFault> {
        let fault = |error| MasterKeyFault::File {
            path: file.display().to_string(),
            error,
        };
        let mut open = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(file)
            .map_err(fault)?;
        open.write_all(&self.key[..]).map_err(fault)?;
        open.sync_all().map_err(fault)?;
        // The name has to be on the disk before anything is sealed under the key.
        if let Some(folder) = file.parent() {
            std::fs::File::open(folder)
                .and_then(|folder| folder.sync_all())
                .map_err(fault)?;
        }
        Ok(())
    }

    /// Names the key beside what it seals.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// A key of its own for another purpose.
    pub fn derive(&self, purpose: &[u8]) -> [u8; 32] {
        secret::hmac(&self.key, purpose).finalize().into_bytes().into()
    }

    fn seal(&self, row_of: &Owner, key: &[u8; 32]) -> Result<Vec<u8>, vault::CryptoFault> {
        let mut iv = [0; 12];
        vault::native::random(&mut iv)?;
        let sealed = vault::native::encrypt(&self.key, &iv, &row_of.aad(), key)?;
        Ok([&iv[..], &sealed].concat())
    }

    fn open(&self, row: &DataKeyRow) -> Result<OpenDataKey, KeyFault> {
        let unsealable = || KeyFault::Unsealable(row.dk_id);
        let owner = Owner::of(row);
        let (iv, sealed) = row.sealed.split_first_chunk::<12>().ok_or_else(unsealable)?;
        let plain = vault::native::decrypt(&self.key, iv, &owner.aad(), sealed).map_err(|_| unsealable())?;
        let key: [u8; 32] = plain.as_slice().try_into().map_err(|_| unsealable())?;
        Ok(OpenDataKey {
            id: row.dk_id,
            key: Zeroizing::new(key),
        })
    }
}

struct Owner {
    user: UserId,
    device: DeviceId,
    dk: DkId,
}

impl Owner {
    fn of(row: &DataKeyRow) -> Self {
        Self {
            user: row.user_id,
            device: row.device_id,
            dk: row.dk_id,
        }
    }

    fn aad(&self) -> Vec<u8> {
        [
            &b"main/1/dk\0"[..],
            self.user.as_bytes(),
            self.device.as_bytes(),
            self.dk.as_bytes(),
        ]
        .concat()
    }
}

/// The user's data key on that tablet, made now if there is none; `true` says that it was made now.
pub async fn data_key_of(
    connection: &mut Connection,
    ring: &Ring,
    user: UserId,
    device: DeviceId,
    now: i64,
) -> Result<(OpenDataKey, bool), KeyFault> {
    if let Some(row) = data_keys::of_tablet(connection, user, device).await? {
        return Ok((open(ring, &row)?, false));
    }
    let master = rotate::sealing(connection, ring).await?;
    let dk = DkId(secret::uuid()?);
    let mut key = Zeroizing::new([0; 32]);
    vault::native::random(&mut key[..])?;
    let sealed = master.seal(&Owner { user, device, dk }, &key)?;
    let row = DataKeyRow {
        dk_id: dk,
        user_id: user,
        device_id: device,
        master_key_id: master.id.clone(),
        sealed,
    };
    store::data_keys::insert(connection, &row, now).await?;
    Ok((OpenDataKey { id: dk, key }, true))
}

fn open(ring: &Ring, row: &DataKeyRow) -> Result<OpenDataKey, KeyFault> {
    let Some(master) = ring.get(&row.master_key_id)? else {
        return Err(KeyFault::NoMasterKey(row.master_key_id.clone()));
    };
    master.open(row)
}

/// The data key that a record's header names, if it is that user's on that tablet.
pub async fn data_key_named(
    connection: &mut Connection,
    ring: &Ring,
    header: &vault::Header,
) -> Result<Option<OpenDataKey>, KeyFault> {
    let Some(row) = data_keys::by_id(connection, DkId::from_bytes(header.dk_id)).await? else {
        return Ok(None);
    };
    let is_its_own =
        row.user_id.as_bytes() == &header.user_id && row.device_id.as_bytes() == &header.device_id;
    if !is_its_own {
        return Ok(None);
    }
    Ok(match open(ring, &row) {
        Ok(open) => Some(open),
        Err(fault) => {
            // One damaged key must not keep the tablet's other records from being taken.
            tracing::error!(%fault, "a data key cannot be used");
            None
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(master: &MasterKey) -> DataKeyRow {
        let owner = Owner {
            user: UserId::from_bytes([1; 16]),
            device: DeviceId::from_bytes([2; 16]),
            dk: DkId::from_bytes([3; 16]),
        };
        DataKeyRow {
            dk_id: owner.dk,
            user_id: owner.user,
            device_id: owner.device,
            master_key_id: master.id().into(),
            sealed: master.seal(&owner, &[7; 32]).unwrap(),
        }
    }

    #[test]
    fn a_data_key_opens_for_its_own_user_and_tablet_alone() {
        let master = MasterKey::random().unwrap();
        assert_eq!(*master.open(&row(&master)).map(|open| open.key).unwrap(), [7; 32]);
        let strangers: [fn(&mut DataKeyRow); 4] = [
            |row| row.user_id = UserId::from_bytes([9; 16]),
            |row| row.device_id = DeviceId::from_bytes([9; 16]),
            |row| row.dk_id = DkId::from_bytes([9; 16]),
            |row| row.sealed[20] ^= 1,
        ];
        for change in strangers {
            let mut row = row(&master);
            change(&mut row);
            assert!(master.open(&row).is_err());
        }
        let mut short = row(&master);
        short.sealed.truncate(5);
        assert!(master.open(&short).is_err());
        assert!(MasterKey::random().unwrap().open(&row(&master)).is_err());
    }

    #[test]
    fn the_key_file_is_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("master.key");
        assert!(MasterKey::read(&file).unwrap().is_none());
        let made = MasterKey::random().unwrap();
        made.write_new(&file).unwrap();
        assert_eq!(
            std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(MasterKey::read(&file).unwrap().unwrap().id(), made.id());
        assert!(
            MasterKey::random().unwrap().write_new(&file).is_err(),
            "an existing key is never written over"
        );

        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(MasterKey::read(&file), Err(MasterKeyFault::Mode(_))));

        let short = folder.path().join("short.key");
        std::fs::write(&short, [0; 31]).unwrap();
        std::fs::set_permissions(&short, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert!(matches!(MasterKey::read(&short), Err(MasterKeyFault::Length(_))));
    }
}
