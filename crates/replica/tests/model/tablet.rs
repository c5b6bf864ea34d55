//! The tablet: `decide`, `uncommitted`, `hear`, `plan`, and what becomes of the account row, as in production. Here they
//! are taken apart at the points at which a tablet can crash.

use protocol::{Base64, DkId, Receipt, ReceiptVerdict, RecordId, Timestamp};
use replica::{
    AccountRow, Asker, Check, Delivery, Effect, Fate, Heard, Kdf, Local, OutboxRow, Outcome, Row, Server,
    plan, uncommitted,
};

use crate::acts::Luck;
use crate::mistakes::{Mistake, Protocol};
use crate::strays::Stray;
use crate::world::{
    Account, Air, RECORDS, Record, Session, Slot, Stored, Tablet, Token, Told, USER, Word, World, key_of,
};

impl Tablet {
    /// What the typed password does to the slot.
    fn check(&self, word: Word) -> Check {
        match self.slot() {
            None => Check::NotMade,
            Some(slot) if slot.word != word => Check::Wrong,
            Some(slot) if !slot.whole => Check::DamagedKey,
            Some(_) => Check::Opens,
        }
    }

    fn offline_session(&self) -> Option<Session> {
        let row = self.account()?;
        Some(Session {
            epoch: row.epoch,
            key: key_of(row.dk_id),
            online: false,
            token: Some(self.token),
        })
    }

    fn remove_slot(&mut self) {
        if let Stored::Whole(row) = &self.account {
            self.account = Stored::Whole(row.clone().without_slot());
        }
    }

    pub fn offers(&self) -> [u8; RECORDS] {
        self.records.map(|record| {
            record
                .filter(|record| !record.sent)
                .map_or(0, |record| record.rev)
        })
    }

    pub fn saves(&mut self, index: usize) -> u8 {
        let Some(session) = self.session else {
            return 0;
        };
        let rev = self.records[index].map_or(0, |record| record.rev) + 1;
        self.records[index] = Some(Record {
            rev,
            key: session.key,
            born: session.epoch,
            sent: false,
        });
        rev
    }
}

impl Protocol {
    /// A sign-in that nobody answers.
    fn alone(&self, tablet: &Tablet, check: Check) -> (Outcome, Option<Session>) {
        let local = Local {
            row: tablet.row(),
            check,
            kdf: Kdf::NotTried,
        };
        let outcome = self.decide(Server::Unanswered, local, tablet.failures).outcome;
        let session = tablet.offline_session().filter(|_| outcome == Outcome::Open);
        (outcome, session)
    }

    /// What the word would come to if this stray reply came back: nothing is changed.
    pub fn would_get(&self, tablet: &Tablet, word: Word, stray: Stray) -> Outcome {
        match self.reading.sign_in(stray) {
            Server::Unanswered => self.alone(tablet, tablet.check(word)).0,
            said => {
                let local = Local {
                    row: tablet.row(),
                    check: Check::NotMade,
                    kdf: Kdf::NotTried,
                };
                self.decide(said, local, tablet.failures).outcome
            }
        }
    }

    pub fn opens_offline(&self, tablet: &Tablet, word: Word) -> bool {
        self.would_get(tablet, word, Stray::Nothing) == Outcome::Open
    }

    /// No answer to the sign-in under way.
    pub fn lost(&self, world: &mut World, stray: Stray, can_derive: bool) -> Option<Outcome> {
        let Air::Asking { word, counted, .. } = world.air else {
            return None;
        };
        let said = self.reading.sign_in(stray);
        if said != Server::Unanswered {
            return Some(self.obeys(world, word, said, Token::Ended, Luck::Good));
        }
        if self.makes(Mistake::SendsThePasswordAgain) && stray == Stray::Nothing {
            world.air = Air::Asking {
                word,
                counted,
                reply: None,
                token: Token::Ended,
            };
            return None;
        }
        let check = match can_derive {
            true => world.tablet.check(word),
            false => Check::NotDerived,
        };
        let (outcome, session) = self.alone(&world.tablet, check);
        world.air = Air::Quiet;
        if self.makes(Mistake::LocksOutOffline) {
            let failures = world.tablet.failures + 1;
            world.tablet.failures = match outcome {
                Outcome::Incorrect | Outcome::Locked => failures.min(3),
                _ => 0,
            };
        }
        world.tablet.session = session;
        Some(outcome)
    }

    /// The answer to the sign-in under way, in time or not.
    pub fn answered(&self, world: &mut World, luck: Luck, late: bool) -> Option<Outcome> {
        let Air::Asking {
            word,
            reply: Some(said),
            token,
            ..
        } = world.air
        else {
            return None;
        };
        let said = match late && !self.makes(Mistake::LateReplyIsTaken) {
            true => Server::Late,
            false => said,
        };
        Some(self.obeys(world, word, said, token, luck))
    }

    fn obeys(&self, world: &mut World, word: Word, said: Server, token: Token, luck: Luck) -> Outcome {
        let tablet = &mut world.tablet;
        if self.makes(Mistake::FallsBackAfterANo) && matches!(said, Server::BadPassword | Server::Locked) {
            let (outcome, session) = self.alone(tablet, tablet.check(word));
            tablet.session = session;
            world.air = Air::Quiet;
            return outcome;
        }
        let permanent = match said {
            Server::Ok { must_change, .. } => !must_change || self.makes(Mistake::CachesTheTempPassword),
            _ => false,
        };
        let kdf = match (permanent, luck) {
            (false, _) => Kdf::NotTried,
            (true, Luck::CannotDerive) => Kdf::Failed,
            (true, Luck::Good | Luck::CannotRead) => Kdf::Derived,
        };
        let row = match luck {
            Luck::CannotRead => Row::NoStorage,
            Luck::Good | Luck::CannotDerive => tablet.row(),
        };
        let local = Local {
            row,
            check: Check::NotMade,
            kdf,
        };
        let decision = self.decide(said, local, tablet.failures);
        let opened = match said {
            Server::Ok { epoch, dk_id, .. } if decision.outcome == Outcome::Open => Some((epoch, dk_id)),
            _ => None,
        };
        let session = opened.map(|(epoch, dk_id)| Session {
            epoch,
            key: key_of(dk_id),
            online: true,
            token: Some(token),
        });
        let slot = opened.filter(|_| kdf == Kdf::Derived).map(|(epoch, dk_id)| Slot {
            word,
            epoch,
            key: key_of(dk_id),
            whole: true,
        });
        let put = AccountRow::decided(tablet.account().cloned(), said, decision, slot)
            .map(|row| tablet.with_needed_keys(row, slot));
        let mut puts: Vec<Account> = put.into_iter().collect();
        if self.makes(Mistake::ErasesThenWrites) && decision.slot == Effect::Write {
            puts.extend(tablet.account().cloned().map(AccountRow::without_slot));
        }
        if self.makes(Mistake::OpensBeforeTheCommit) {
            tablet.session = session;
        }
        world.air = match puts.is_empty() && session.is_none() {
            true => Air::Quiet,
            false => Air::Committing {
                word,
                said,
                derived: kdf == Kdf::Derived,
                decision,
                puts,
                session,
            },
        };
        decision.outcome
    }

    /// One put of what was decided; after the last one the session opens.
    pub fn commits(&self, world: &mut World) {
        let Air::Committing {
            said, puts, session, ..
        } = &mut world.air
        else {
            return;
        };
        let tablet = &mut world.tablet;
        if let Some(row) = puts.pop() {
            tablet.account = Stored::Whole(row);
        }
        if !puts.is_empty() {
            return;
        }
        let purges = match said {
            Server::Ok {
                must_change: true, ..
            } => self.makes(Mistake::PurgesOnReset),
            Server::NoAccess { .. } => self.makes(Mistake::DeactivationPurges),
            _ => false,
        };
        if purges {
            tablet.records = [None; RECORDS];
        }
        if let Some(session) = *session {
            tablet.token = session.token.unwrap_or(Token::Ended);
            tablet.session = Some(session);
        }
        world.air = Air::Quiet;
    }

    /// The store refuses: nothing is written.
    pub fn commit_fails(&self, world: &mut World) -> Option<Outcome> {
        let Air::Committing {
            decision, session, ..
        } = world.air.clone()
        else {
            return None;
        };
        world.air = Air::Quiet;
        if self.makes(Mistake::OpensWithoutACommit) {
            world.tablet.session = session;
            return Some(decision.outcome);
        }
        Some(uncommitted(decision))
    }

    pub fn syncs(&self, world: &mut World) {
        let offered = world.tablet.offers();
        if self.makes(Mistake::PurgesBeforeTheAcknowledgement) {
            for (record, rev) in world.tablet.records.iter_mut().zip(offered) {
                *record = record.filter(|_| rev == 0);
            }
        }
        world.air = Air::Syncing { offered, told: None };
    }

    /// What the sync of the session in front, or of the one in the tab behind, heard. `written`: the store writes.
    pub fn hears(&self, world: &mut World, behind: bool, told: Told, offered: [u8; RECORDS], written: bool) {
        let tablet = &mut world.tablet;
        let session = match behind {
            true => tablet.tab,
            false => tablet.session,
        };
        let Some(mut session) = session else {
            return;
        };
        if !behind {
            world.air = Air::Quiet;
        }
        let asker = Asker {
            user_id: USER,
            epoch: session.epoch,
        };
        let news = self.hear(told.heard, asker, tablet.row());
        if news.slot == Effect::Remove {
            if !written {
                return;
            }
            tablet.remove_slot();
        }
        let purges = match told.heard {
            Heard::EpochChanged => self.makes(Mistake::PurgesOnReset),
            Heard::NoAccess => self.makes(Mistake::DeactivationPurges),
            _ => false,
        };
        if purges {
            tablet.records = [None; RECORDS];
        }
        let session = match news.session {
            Fate::Locks(_) => None,
            Fate::LosesToken => {
                session.token = None;
                Some(session)
            }
            Fate::GoesOn => Some(session),
        };
        match behind {
            true => tablet.tab = session,
            false => tablet.session = session,
        }
        if told.heard == Heard::Ok && written {
            self.acknowledges(tablet, told.stored, offered);
        }
    }

    /// Applies the receipts as production plans them.
    pub fn acknowledges(&self, tablet: &mut Tablet, stored: [bool; RECORDS], offered: [u8; RECORDS]) {
        let any_revision = self.makes(Mistake::AcknowledgesAnyRevision);
        let present = tablet
            .records
            .iter()
            .enumerate()
            .filter_map(|(index, record)| Some((index, record.as_ref()?)));
        let rows: Vec<(String, OutboxRow)> = present
            .map(|(index, record)| (index.to_string(), outbox_row(index, record)))
            .collect();
        let receipts: Vec<Receipt> = (0..RECORDS)
            .filter(|index| stored[*index])
            .map(|index| {
                let rev = match tablet.records[index] {
                    Some(record) if any_revision => record.rev,
                    _ => offered[index],
                };
                receipt(index, rev)
            })
            .collect();
        for (key, row) in plan(&rows, &receipts).outbox {
            let record = key
                .parse()
                .ok()
                .and_then(|index: usize| tablet.records.get_mut(index));
            if let Some(Some(record)) = record {
                record.sent = !row.is_unsent();
            }
        }
    }
}

impl Tablet {
    /// Old keys are kept while records wait under them, and wrapped anew where the typed password opens them.
    fn with_needed_keys(&self, mut row: Account, slot: Option<Slot>) -> Account {
        row.kept.retain(|old| self.waits_under(old.key));
        for old in &mut row.kept {
            if let Some(slot) = slot.filter(|slot| slot.word == old.word && old.whole) {
                old.epoch = slot.epoch;
            }
        }
        row
    }
}

/// Of sealed bytes that no other revision has.
fn sha256(index: usize, rev: u8) -> Base64 {
    Base64(vec![index as u8, rev])
}

fn outbox_row(index: usize, record: &Record) -> OutboxRow {
    OutboxRow {
        record_id: RecordId::from_bytes([index as u8; 16]),
        user_id: USER,
        dk_id: DkId::from_bytes([record.key; 16]),
        rev: record.rev.into(),
        sha256: sha256(index, record.rev),
        at: Timestamp(0),
        delivery: match record.sent {
            true => Delivery::Sent { at: Timestamp(0) },
            false => Delivery::Waiting,
        },
    }
}

fn receipt(index: usize, rev: u8) -> Receipt {
    Receipt {
        record_id: RecordId::from_bytes([index as u8; 16]),
        rev: rev.into(),
        verdict: ReceiptVerdict::Stored {
            sha256: sha256(index, rev),
            at: Timestamp(0),
        },
    }
}
