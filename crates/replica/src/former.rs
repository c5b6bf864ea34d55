//! Versions of forms that newer ones have replaced: each stays for as long as a document here names it, and goes when none
//! does any more.
//!
//! A sync that takes one away and a tab that begins an assessment with it exclude each other: whoever begins expects the form
//! to lie there still, and leaves a mark that the sync expects not to have changed.

use std::collections::BTreeSet;

use protocol::FormRef;
use vault::{Primitives, kind};

use crate::documents::{SaveFault, Working};
use crate::records::{form_record_id, prefix, row_key};
use crate::{Batch, Caseload, Clock, CommitFault, Expect, Fault, Remote, Replica, Store, Table, Write};

/// The key in [`Table::Meta`] of the last document that was begun on this tablet, whoever began it.
const LAST_BEGUN: &str = "last-begun";
/// So often a form may be put anew while an assessment is begun with it.
const TRIES: usize = 8;

impl<S: Store, R: Remote, C: Clock, P: Primitives> Replica<S, R, C, P> {
    /// The first save of a document: its form stays here from then on.
    pub(crate) async fn commit_first(&self, batch: Batch, working: &Working) -> Result<(), SaveFault> {
        let form = &working.document.form;
        let user_id = self.with_session(|session| Some(session.info.user_id))?;
        let form_key = row_key(user_id, kind::FORM, form_record_id(form));
        for _ in 0..TRIES {
            let value = self.store.get(Table::Records, &form_key).await?;
            if value.is_none() && self.is_replaced(form).await? {
                return Err(SaveFault::FormReplaced);
            }
            let mut batch = batch.clone();
            batch.expect.push(Expect {
                table: Table::Records,
                key: form_key.clone(),
                value,
            });
            let mark = working.document.id.as_bytes().to_vec();
            batch.writes.push(Write::put(Table::Meta, LAST_BEGUN, mark));
            match self.store.commit(batch).await {
                Err(CommitFault::Conflict) => {}
                committed => return committed.map_err(SaveFault::from),
            }
        }
        Err(SaveFault::Conflict)
    }

    async fn is_replaced(&self, form: &FormRef) -> Result<bool, Fault> {
        Ok(self.caseload().await?.newer_than(form).is_some())
    }

    /// Adds to a batch that stores `caseload`: away with the forms that nobody needs any more. Nothing goes where a document
    /// cannot be read, since nobody knows what it names.
    pub(crate) async fn drop_former_forms(
        &self,
        caseload: &Caseload,
        batch: &mut Batch,
    ) -> Result<(), Fault> {
        let user_id = self.with_session(|session| Some(session.info.user_id))?;
        let here = self
            .store
            .scan(Table::Records, &prefix(user_id, kind::FORM))
            .await?;
        let mark = self.store.get(Table::Meta, LAST_BEGUN).await?;
        let received = caseload.received.iter().map(|received| &received.form);
        let key_of = |form: &FormRef| row_key(user_id, kind::FORM, form_record_id(form));
        // Not collected into the set: that would bring a sort of its own.
        let mut needed = BTreeSet::new();
        needed.extend(caseload.forms.iter().chain(received).map(key_of));
        if here.iter().all(|(key, _)| needed.contains(key)) {
            return Ok(());
        }
        let shelf = self.documents().await?;
        if !shelf.damaged.is_empty() {
            return Ok(());
        }
        needed.extend(shelf.documents.iter().map(|entry| key_of(&entry.document.form)));
        let needless = here.into_iter().filter(|(key, _)| !needed.contains(key));
        let gone: Vec<Write> = needless
            .map(|(key, _)| Write {
                table: Table::Records,
                key,
                value: None,
            })
            .collect();
        if !gone.is_empty() {
            batch.writes.extend(gone);
            batch.expect.push(Expect {
                table: Table::Meta,
                key: LAST_BEGUN.to_owned(),
                value: mark,
            });
        }
        Ok(())
    }
}
