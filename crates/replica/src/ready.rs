//! "Ready for the field": whether this tablet will do tomorrow, where there is no network, what it does today.
//!
//! It is tried, not inferred: [`Replica::rehearse`] signs in without a network, by the same steps as the real thing, and
//! opens everything that lies here with the keys that this gave. What the browser has promised and holds comes from the
//! page; [`grade`] says what each finding is worth. What it came to is remembered, sealed.

use protocol::{Base64, DkId, Document, FormDefinition, FormRef, Status, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use vault::{Password, Primitives, kind};

use crate::records::{self, DOCUMENT, ONLY, form_record_id, from_plain, row_key, sha256, to_plain};
use crate::sign_in::Stored;
use crate::turn::Turn;
use crate::{
    Batch, Caseload, Clock, Damaged, Expect, Fault, Message, OfflineSignIn, Outcome, Remote, Replica, Row,
    Store, StoreFault, Table, Trouble, Write,
};

/// A list of clients that is older than this, in milliseconds, may lack somebody who is to be visited.
const OLD_MS: i64 = 24 * 3_600_000;
/// Less free space than this, in bytes, is soon used up.
const LITTLE_SPACE: u64 = 50_000_000;
/// With less than this, in bytes, the next assessment may not be saved.
const NO_SPACE: u64 = 5_000_000;

/// What an offline sign-in came to that was made for the check.
#[derive(Clone, Debug, PartialEq)]
pub enum Rehearsal {
    Done(Offline, Found),
    /// The password is wrong: said and counted as at every offline sign-in.
    Wrong {
        message: Message,
        failures: u32,
    },
    /// A sign-in is under way, or the tablet was locked meanwhile.
    Superseded,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offline {
    /// The password opens this tablet.
    Opens,
    TempPassword,
    NotEnoughMemory,
    Trouble(Trouble),
}

/// What lies here, opened.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// How many clients; `None` where their list does not open.
    pub clients: Option<usize>,
    pub as_of: Option<Timestamp>,
    /// The forms that can be begun and those that unfinished assessments need; `None` where one does not open.
    pub forms: Vec<(FormRef, Option<Value>)>,
    pub documents: usize,
    pub damaged: Vec<Damaged>,
}

/// Whether the browser holds the app itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppFiles {
    Whole,
    /// So many files are not there.
    Missing(u32),
    /// No version of the app is kept in this browser, or it does not say.
    NotKept,
}

/// Everything that was looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    pub offline: Offline,
    pub clients: Option<usize>,
    pub forms: usize,
    /// The titles of the forms that cannot be opened.
    pub broken_forms: Vec<String>,
    pub documents: usize,
    pub damaged: usize,
    pub app: AppFiles,
    /// The browser has promised to keep what is stored; `None` where it does not say.
    pub kept: Option<bool>,
    /// In bytes; `None` where the browser does not say.
    pub free: Option<u64>,
    pub as_of: Option<Timestamp>,
    pub now: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    OfflineSignIn,
    Clients,
    Forms,
    Assessments,
    App,
    Storage,
    Space,
}

impl Part {
    /// In the order in which they matter.
    pub const ALL: [Self; 7] = [
        Self::OfflineSignIn,
        Self::Clients,
        Self::Forms,
        Self::Assessments,
        Self::App,
        Self::Storage,
        Self::Space,
    ];
}

/// What a finding is worth, the worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    Good,
    /// It works, and could be safer.
    Advice,
    /// Without it the visit fails.
    Missing,
}

pub fn grade(part: Part, seen: &Seen) -> Grade {
    use Grade::{Advice, Good, Missing};
    match part {
        Part::OfflineSignIn if seen.offline == Offline::Opens => Good,
        Part::OfflineSignIn => Missing,
        Part::Clients => match (seen.clients, seen.as_of) {
            (None, _) | (_, None) => Missing,
            (Some(_), Some(at)) if (0..OLD_MS).contains(&seen.now.0.saturating_sub(at.0)) => Good,
            _ => Advice,
        },
        Part::Forms if seen.broken_forms.is_empty() && seen.forms > 0 => Good,
        Part::Forms => Missing,
        Part::Assessments if seen.damaged == 0 => Good,
        Part::Assessments => Missing,
        Part::App if seen.app == AppFiles::Whole => Good,
        Part::App => Missing,
        Part::Storage if seen.kept == Some(true) => Good,
        Part::Storage => Advice,
        Part::Space => match seen.free {
            Some(..NO_SPACE) => Missing,
            Some(NO_SPACE..LITTLE_SPACE) => Advice,
            Some(LITTLE_SPACE..) | None => Good,
        },
    }
}

/// Nothing is missing.
pub fn is_ready(seen: &Seen) -> bool {
    Part::ALL.iter().all(|part| grade(*part, seen) < Grade::Missing)
}

/// What the last check came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readiness {
    pub at: Timestamp,
    pub ready: bool,
    /// Less than a day ago, and nothing that it opened has changed since.
    pub fresh: bool,
}

/// The plaintext of the sealed record of kind READINESS.
#[derive(Serialize, Deserialize)]
struct Note {
    at: Timestamp,
    ready: bool,
    /// Of what was opened: see [`Replica::fingerprint`].
    of: Base64,
}

impl<S: Store, R: Remote, C: Clock, P: Primitives> Replica<S, R, C, P> {
    /// Signs in without a network, as the signed-in user, and opens everything with the keys that this gives. The session
    /// that is open stays as it is, and the main application is not asked. Where there is no offline sign-in yet, no
    /// password is needed, and everything is opened with the session's keys.
    pub async fn rehearse(&self, password: Option<Password>) -> Rehearsal {
        let Ok((login, keys, offline)) = self.with_session(|session| {
            Some((
                session.info.login.clone(),
                session.keys.clone(),
                session.info.offline,
            ))
        }) else {
            return Rehearsal::Superseded;
        };
        let unprepared = match offline {
            OfflineSignIn::Ready => None,
            OfflineSignIn::TempPassword => Some(Offline::TempPassword),
            OfflineSignIn::NotEnoughMemory => Some(Offline::NotEnoughMemory),
        };
        match (unprepared, password) {
            (Some(offline), _) => Rehearsal::Done(offline, self.open_everything(&keys).await),
            (None, None) => Rehearsal::Superseded,
            (None, Some(password)) => {
                let Some(_turn) = Turn::take(&self.signing_in) else {
                    return Rehearsal::Superseded;
                };
                self.rehearse_with(&login, &password, &keys).await
            }
        }
    }

    async fn rehearse_with(&self, login: &str, password: &Password, keys: &[(DkId, P::Key)]) -> Rehearsal {
        let generation = self.generation.get();
        let Stored { row, account, .. } = self.stored(login).await;
        let done = match row {
            Row::NoStorage => Err(Outcome::CriticalError(Some(Trouble::NoStorage))),
            row => self.unanswered(login, password, row, account).await,
        };
        if self.generation.get() != generation {
            return Rehearsal::Superseded;
        }
        match done {
            Ok(session) => {
                self.offline_failures.set(0);
                Rehearsal::Done(Offline::Opens, self.open_everything(&session.keys).await)
            }
            Err(Outcome::CriticalError(Some(trouble))) => {
                Rehearsal::Done(Offline::Trouble(trouble), self.open_everything(keys).await)
            }
            Err(Outcome::Incorrect) => {
                self.offline_failures.set(self.offline_failures.get() + 1);
                Rehearsal::Wrong {
                    message: Message::Incorrect,
                    failures: self.offline_failures.get(),
                }
            }
            Err(_) => Rehearsal::Superseded,
        }
    }

    /// Opens the clients, the forms and the assessments of the session's user.
    async fn open_everything(&self, keys: &[(DkId, P::Key)]) -> Found {
        let mut found = Found::default();
        let Ok(user_id) = self.with_session(|session| Some(session.info.user_id)) else {
            return found;
        };
        let mut wanted = Vec::new();
        let caseload = self
            .open_with(keys, &row_key(user_id, kind::CASELOAD, ONLY))
            .await;
        if let Ok(Caseload {
            clients,
            forms,
            as_of,
            ..
        }) = caseload.and_then(|plain| from_plain(&plain))
        {
            found.clients = Some(clients.len());
            found.as_of = as_of;
            wanted = forms;
        }
        let prefix = records::prefix(user_id, DOCUMENT);
        let rows = match self.store.scan(Table::Records, &prefix).await {
            Ok(rows) => rows,
            Err(fault) => {
                found.damaged.push(Damaged {
                    key: prefix,
                    why: fault.to_string(),
                });
                Vec::new()
            }
        };
        for (key, _) in rows {
            match self
                .open_with(keys, &key)
                .await
                .and_then(|plain| from_plain::<Document>(&plain))
            {
                Ok(document) => {
                    found.documents += 1;
                    if document.status != Status::Complete && !wanted.contains(&document.form) {
                        wanted.push(document.form);
                    }
                }
                Err(fault) => found.damaged.push(Damaged {
                    key,
                    why: fault.to_string(),
                }),
            }
        }
        for form in wanted {
            let key = row_key(user_id, kind::FORM, form_record_id(&form));
            let opened = self.open_with(keys, &key).await;
            let opened = opened.and_then(|plain| from_plain::<FormDefinition>(&plain)).ok();
            found.forms.push((form, opened.map(|form| form.questionnaire)));
        }
        if found.forms.iter().any(|(_, opened)| opened.is_none()) {
            // Where it cannot be written, the form stays missing, and is said to be.
            drop(self.fetch_anew().await);
        }
        found
    }

    /// The next sync brings everything, and not only what is new.
    async fn fetch_anew(&self) -> Result<(), Fault> {
        let (caseload, row) = self.caseload_row().await?;
        let anew = Caseload {
            cursor: None,
            ..caseload
        };
        let batch = Batch {
            expect: vec![Expect {
                table: Table::Records,
                key: self.caseload_key()?,
                value: row,
            }],
            writes: vec![self.seal_caseload(&anew).await?],
        };
        // A sync that writes meanwhile has its own cursor: the next check finds what is still missing.
        Ok(self.store.commit(batch).await.map_err(StoreFault::from)?)
    }

    async fn open_with(
        &self,
        keys: &[(DkId, P::Key)],
        key: &str,
    ) -> Result<zeroize::Zeroizing<Vec<u8>>, Fault> {
        let bytes = self.store.get(Table::Records, key).await?.ok_or(Fault::Missing)?;
        let sealed = self.sealed(key, &bytes)?;
        let data_key = keys.iter().find(|(id, _)| *id.as_bytes() == sealed.header.dk_id);
        self.unseal(&sealed, data_key.map(|(_, key)| key.clone())).await
    }

    /// Remembers what the check came to.
    pub async fn keep_readiness(&self, ready: bool) -> Result<(), Fault> {
        let note = Note {
            at: self.clock.now(),
            ready,
            of: self.fingerprint().await?,
        };
        let (key, sealed) = self.seal(kind::READINESS, ONLY, 1, &to_plain(&note)?).await?;
        let kept = self
            .store
            .commit(Batch::of(vec![Write::put(Table::Records, key, sealed)]))
            .await;
        Ok(kept.map_err(StoreFault::from)?)
    }

    /// What the last check of the signed-in user on this tablet came to. One that does not open is as good as none.
    pub async fn readiness(&self) -> Result<Option<Readiness>, Fault> {
        let Ok(Some(opened)) = self.read(kind::READINESS, ONLY).await else {
            return Ok(None);
        };
        let Ok(Note { at, ready, of }) = from_plain(&opened.plain) else {
            return Ok(None);
        };
        let recent = (0..OLD_MS).contains(&self.clock.now().0.saturating_sub(at.0));
        Ok(Some(Readiness {
            at,
            ready,
            fresh: recent && of == self.fingerprint().await?,
        }))
    }

    /// Of the password's epoch, the clients and the forms: another one where any of them has changed.
    async fn fingerprint(&self) -> Result<Base64, Fault> {
        let epoch = self.with_session(|session| Some(session.epoch))?;
        let Caseload { clients, forms, .. } = self.caseload().await?;
        Ok(Base64(sha256(&to_plain(&(epoch, clients, forms))?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen() -> Seen {
        Seen {
            offline: Offline::Opens,
            clients: Some(4),
            forms: 6,
            broken_forms: Vec::new(),
            documents: 2,
            damaged: 0,
            app: AppFiles::Whole,
            kept: Some(true),
            free: Some(1_000_000_000),
            as_of: Some(Timestamp(1_000)),
            now: Timestamp(2_000),
        }
    }

    #[test]
    fn one_finding_after_another_is_told_by_its_own_part_alone() {
        use Grade::{Advice, Good, Missing};
        let change = |change: &dyn Fn(&mut Seen)| {
            let mut seen = seen();
            change(&mut seen);
            seen
        };
        for (what, seen, part, expected) in [
            ("all is well", seen(), Part::OfflineSignIn, Good),
            (
                "a temp password",
                change(&|seen| seen.offline = Offline::TempPassword),
                Part::OfflineSignIn,
                Missing,
            ),
            (
                "a damaged key",
                change(&|seen| seen.offline = Offline::Trouble(Trouble::DamagedKey)),
                Part::OfflineSignIn,
                Missing,
            ),
            (
                "no list of clients",
                change(&|seen| seen.clients = None),
                Part::Clients,
                Missing,
            ),
            (
                "never fetched",
                change(&|seen| seen.as_of = None),
                Part::Clients,
                Missing,
            ),
            (
                "nobody assigned",
                change(&|seen| seen.clients = Some(0)),
                Part::Clients,
                Good,
            ),
            (
                "fetched a day ago",
                change(&|seen| seen.now = Timestamp(1_000 + OLD_MS)),
                Part::Clients,
                Advice,
            ),
            (
                "fetched by a clock that was ahead",
                change(&|seen| seen.now = Timestamp(0)),
                Part::Clients,
                Advice,
            ),
            ("no form", change(&|seen| seen.forms = 0), Part::Forms, Missing),
            (
                "a broken form",
                change(&|seen| seen.broken_forms = vec!["PHQ-9".into()]),
                Part::Forms,
                Missing,
            ),
            (
                "a damaged row",
                change(&|seen| seen.damaged = 1),
                Part::Assessments,
                Missing,
            ),
            (
                "half an app",
                change(&|seen| seen.app = AppFiles::Missing(1)),
                Part::App,
                Missing,
            ),
            (
                "no app",
                change(&|seen| seen.app = AppFiles::NotKept),
                Part::App,
                Missing,
            ),
            (
                "no promise",
                change(&|seen| seen.kept = Some(false)),
                Part::Storage,
                Advice,
            ),
            ("no word", change(&|seen| seen.kept = None), Part::Storage, Advice),
            (
                "little space",
                change(&|seen| seen.free = Some(6_000_000)),
                Part::Space,
                Advice,
            ),
            (
                "no space",
                change(&|seen| seen.free = Some(4_999_999)),
                Part::Space,
                Missing,
            ),
            (
                "no word on space",
                change(&|seen| seen.free = None),
                Part::Space,
                Good,
            ),
        ] {
            for each in Part::ALL {
                let expected = if each == part { expected } else { Good };
                assert_eq!(grade(each, &seen), expected, "{what}: {each:?}");
            }
            assert_eq!(is_ready(&seen), expected < Missing, "{what}");
        }
    }
}
