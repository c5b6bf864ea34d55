//! The master keys that this main application knows. One of them seals, all of them open.
//!
//! In a data directory they are `master.key`, which every installation begins with, and `keys/<id>.key`, which
//! [`rotate`](super::rotate) adds; which one seals stands in the database, so that a service and a command beside it
//! agree. A key that is not known yet is looked for in the directory again: a service needs no restart.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use super::{MasterKey, MasterKeyFault};

const FIRST: &str = "master.key";
const FOLDER: &str = "keys";

pub struct Ring {
    known: RwLock<BTreeMap<String, Arc<MasterKey>>>,
    /// Where key files lie; `None`: the keys were given, and are all there is.
    folder: Option<PathBuf>,
}

impl Ring {
    /// Keys that were given: no file is read or written.
    pub fn given(keys: impl IntoIterator<Item = MasterKey>) -> Self {
        Self {
            known: RwLock::new(by_id(keys)),
            folder: None,
        }
    }

    /// The key files of a data directory; there may be none yet.
    pub fn in_folder(folder: &Path) -> Result<Self, MasterKeyFault> {
        Ok(Self {
            known: RwLock::new(by_id(read_all(folder)?)),
            folder: Some(folder.to_owned()),
        })
    }

    /// The key of that id, if there is one by now.
    pub fn get(&self, id: &str) -> Result<Option<Arc<MasterKey>>, MasterKeyFault> {
        if let Some(key) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(id) {
            return Ok(Some(key.clone()));
        }
        let Some(folder) = &self.folder else {
            return Ok(None);
        };
        let read = by_id(read_all(folder)?);
        let key = read.get(id).cloned();
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = read;
        Ok(key)
    }

    pub fn ids(&self) -> Vec<String> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.keys().cloned().collect()
    }

    /// Whether keys can be added and removed.
    pub fn has_folder(&self) -> bool {
        self.folder.is_some()
    }

    /// The first key of a new installation.
    pub fn begin(&self) -> Result<String, MasterKeyFault> {
        self.create(|folder, _| Ok(folder.join(FIRST)))
    }

    /// One more key, in a file of its own. Given keys stay as they are.
    pub fn add(&self) -> Result<String, MasterKeyFault> {
        self.create(|folder, id| {
            let keys = folder.join(FOLDER);
            crate::private_folder(&keys).map_err(|error| file_fault(&keys, error))?;
            Ok(keys.join(format!("{id}.key")))
        })
    }

    fn create(
        &self,
        file: impl FnOnce(&Path, &str) -> Result<PathBuf, MasterKeyFault>,
    ) -> Result<String, MasterKeyFault> {
        let Some(folder) = &self.folder else {
            return Err(MasterKeyFault::Given);
        };
        let key = MasterKey::random()?;
        key.write_new(&file(folder, key.id())?)?;
        let id = key.id().to_owned();
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(id.clone(), Arc::new(key));
        Ok(id)
    }

    /// Removes the file of a key for good.
    pub fn remove(&self, id: &str) -> Result<(), MasterKeyFault> {
        let Some(folder) = &self.folder else {
            return Err(MasterKeyFault::Given);
        };
        for file in files(folder)? {
            if MasterKey::read(&file)?.is_some_and(|key| key.id() == id) {
                std::fs::remove_file(&file).map_err(|error| file_fault(&file, error))?;
            }
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.remove(id);
        Ok(())
    }
}

/// All key files of a data directory.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>, MasterKeyFault> {
    let mut files = vec![folder.join(FIRST)];
    let keys = folder.join(FOLDER);
    let entries = match std::fs::read_dir(&keys) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(files),
        Err(error) => return Err(file_fault(&keys, error)),
    };
    for entry in entries {
        let path = entry.map_err(|error| file_fault(&keys, error))?.path();
        if path.extension().is_some_and(|extension| extension == "key") {
            files.push(path);
        }
    }
    Ok(files)
}

fn read_all(folder: &Path) -> Result<Vec<MasterKey>, MasterKeyFault> {
    let read = files(folder)?
        .iter()
        .map(|file| MasterKey::read(file))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(read.into_iter().flatten().collect())
}

fn by_id(keys: impl IntoIterator<Item = MasterKey>) -> BTreeMap<String, Arc<MasterKey>> {
    keys.into_iter()
        .map(|key| (key.id().to_owned(), Arc::new(key)))
        .collect()
}

fn file_fault(path: &Path, error: std::io::Error) -> MasterKeyFault {
    MasterKeyFault::File {
        path: path.display().to_string(),
        error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_key_that_another_process_added_is_found_without_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let service = Ring::in_folder(folder.path()).unwrap();
        let first = service.begin().unwrap();
        let command = Ring::in_folder(folder.path()).unwrap();
        let second = command.add().unwrap();
        assert!(service.get(&second).unwrap().is_some());
        assert!(service.get(&first).unwrap().is_some());
        assert!(service.get("0123456789abcdef").unwrap().is_none());
        for file in files(folder.path()).unwrap() {
            assert_eq!(
                std::fs::metadata(file).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
        command.remove(&first).unwrap();
        assert_eq!(Ring::in_folder(folder.path()).unwrap().ids(), [second]);
    }
}
