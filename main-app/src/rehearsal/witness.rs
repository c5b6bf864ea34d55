//! What the main application of a sandbox did, read from its own audit and its own answers: nothing in it knows that
//! somebody watches.

use protocol::UserId;

use super::checklist::{Act, No};
use crate::MainApp;
use crate::fault::Fault;
use crate::store::attempts::{self, Tally};
use crate::store::audit::{self, Action};

/// How far it has been read.
#[derive(Clone, Debug, Default)]
pub struct Witness {
    seq: i64,
    tally: Tally,
}

impl Witness {
    /// What is new, the oldest first.
    pub async fn look(&mut self, sandbox: &MainApp, user: UserId) -> Result<Vec<Act>, Fault> {
        let mut connection = sandbox.store.read().await?;
        let entries = audit::since(&mut connection, user, self.seq).await?;
        let tally = attempts::tally(&mut connection).await?;
        drop(connection);
        // A "no" of the tally stands before what the audit has: a sign-in that goes well comes after those that did not.
        let mut acts = Vec::new();
        for (no, before, now) in [
            (No::Unknown, self.tally.no_access, tally.no_access),
            (No::BadPassword, self.tally.bad_password, tally.bad_password),
            (No::Locked, self.tally.locked, tally.locked),
        ] {
            acts.extend((before..now).map(|_| Act::Refused(no)));
        }
        for entry in &entries {
            self.seq = entry.seq;
            acts.extend(act(&entry.action, &entry.detail));
        }
        self.tally = tally;
        Ok(acts)
    }
}

fn act(action: &str, detail: &serde_json::Value) -> Option<Act> {
    let by_tablet = detail.get("via").is_some_and(|via| via == "tablet");
    [
        (Action::SignedIn, by_tablet.then_some(Act::SignedIn)),
        (Action::PasswordReset, Some(Act::Reset)),
        (Action::PasswordChanged, Some(Act::PasswordChanged)),
        (Action::DocumentStored, Some(Act::DocumentStored)),
    ]
    .into_iter()
    .find_map(|(known, act)| (known.name() == action).then_some(act))
    .flatten()
}
