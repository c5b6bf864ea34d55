//! Draft, Pending, Complete: who may take a document from one to the next, and what is written down of it.

use protocol::{Change, Document, Modification, RecordId, Signature, Status, Timestamp, UserId};

use crate::canonical;

/// A wish to take a document to another state.
#[derive(Clone, Copy, Debug)]
pub struct Turn<'t> {
    pub by: UserId,
    pub at: Timestamp,
    pub to: Status,
    /// Every required question is answered, and no error is open: the form says so.
    pub ready: bool,
    /// Why a document is taken back to Draft.
    pub reason: &'t str,
}

/// Why a document stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotTurned {
    #[error("a completed assessment is never altered; make a copy instead")]
    Complete,
    #[error("only its author alters an assessment; make a copy instead")]
    NotAuthor,
    #[error("an answer is still needed, or an error is open")]
    NotReady,
    #[error("say why it goes back to draft")]
    NoReason,
    /// A Draft is made Pending before it is signed, and nothing is turned into what it is.
    #[error("this is not its next step")]
    NoStep,
}

/// Takes a document to another state and writes that down; at the last step it is signed. Or nothing changes.
///
/// | from | to | needs |
/// | --- | --- | --- |
/// | Draft | Pending | every required answer, no open error |
/// | Pending | Draft | a reason |
/// | Pending | Complete | every required answer, no open error |
///
/// Only the author, and nothing else. Source: `Documents` in the product's requirements (provider bulletins of 2018).
pub fn turn(document: &mut Document, turn: Turn<'_>) -> Result<(), NotTurned> {
    let Turn {
        by,
        at,
        to,
        ready,
        reason,
    } = turn;
    let from = document.status;
    let reason = reason.trim();
    if from == Status::Complete {
        return Err(NotTurned::Complete);
    }
    if by != document.author {
        return Err(NotTurned::NotAuthor);
    }
    if !is_step(from, to) {
        return Err(NotTurned::NoStep);
    }
    match to {
        Status::Draft if reason.is_empty() => return Err(NotTurned::NoReason),
        Status::Pending | Status::Complete if !ready => return Err(NotTurned::NotReady),
        _ => {}
    }
    settle(document);
    let reason = (to == Status::Draft).then(|| reason.to_owned());
    let change = Change::Status { from, to, reason };
    document.history.push(Modification { by, at, change });
    document.status = to;
    document.signature = (to == Status::Complete).then(|| Signature {
        by,
        name: document.author_name.clone(),
        at,
    });
    Ok(())
}

/// The steps of a document's life, whoever takes them.
pub(crate) fn is_step(from: Status, to: Status) -> bool {
    matches!(
        (from, to),
        (Status::Draft, Status::Pending) | (Status::Pending, Status::Draft | Status::Complete)
    )
}

/// Notes an answer. While somebody types (`settled` is false) it is kept apart, and what comes of it is one entry.
pub fn typed(document: &mut Document, at: Timestamp, mut change: Change, settled: bool) {
    let by = document.author;
    let Change::Answered {
        link_id,
        before,
        after,
    } = &mut change
    else {
        settle(document);
        return document.history.push(Modification { by, at, change });
    };
    canonical::snap(before);
    canonical::snap(after);
    let same = document
        .typing
        .as_mut()
        .and_then(|entry| match &mut entry.change {
            Change::Answered {
                link_id: at_hand,
                after: end,
                ..
            } if at_hand == link_id => Some((&mut entry.at, end)),
            _ => None,
        });
    match same {
        Some((last, end)) => (*last, *end) = (at, after.take()),
        None => {
            settle(document);
            document.typing = Some(Modification { by, at, change });
        }
    }
    if settled {
        settle(document);
    }
}

/// The field is left: what was typed into it is written down, unless it is as it was before.
pub fn settle(document: &mut Document) {
    let Some(entry) = document.typing.take() else {
        return;
    };
    let same = matches!(&entry.change, Change::Answered { before, after, .. } if before == after);
    if !same {
        document.history.push(entry);
    }
}

/// A new Draft with the answers of `document`, under the copier's own name.
pub fn copy(document: &Document, id: RecordId, by: UserId, name: &str, at: Timestamp) -> Document {
    let mut copy = document.clone();
    copy.id = id;
    copy.author = by;
    copy.author_name = name.to_owned();
    copy.status = Status::Draft;
    copy.created_at = at;
    copy.modified_at = at;
    copy.signature = None;
    copy.history_head = None;
    copy.typing = None;
    if let Some(status) = copy.response.get_mut("status") {
        *status = "in-progress".into();
    }
    let change = Change::Copied {
        from: document.id,
        author_name: document.author_name.clone(),
    };
    copy.history = vec![Modification { by, at, change }];
    copy
}
