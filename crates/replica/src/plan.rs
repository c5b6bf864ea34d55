//! What a sync reply does to this tablet, decided before anything is written: pure, no clock, no store.
//!
//! An acknowledgement counts only where id, revision and the SHA-256 of what the main application stored are those of
//! what lies here now. A record that was changed while the request was on its way stays waiting.

use protocol::{Receipt, ReceiptVerdict, SyncOk};

use crate::outbox::OutboxRow;
use crate::{Caseload, Delivery};

/// The rows to put, and what to tell.
#[derive(Debug, Default, PartialEq)]
pub struct Plan {
    pub outbox: Vec<(String, OutboxRow)>,
    pub sent: u32,
    pub refused: u32,
}

/// What the receipts do to the outbox.
pub fn plan(rows: &[(String, OutboxRow)], receipts: &[Receipt]) -> Plan {
    let mut plan = Plan::default();
    for receipt in receipts {
        let here = rows
            .iter()
            .find(|(_, row)| row.record_id == receipt.record_id && row.rev == receipt.rev);
        let Some((key, row)) = here.filter(|(_, row)| row.is_unsent()) else {
            continue;
        };
        let delivery = match &receipt.verdict {
            ReceiptVerdict::Stored { sha256, at } if *sha256 == row.sha256 => {
                plan.sent += 1;
                Delivery::Sent { at: *at }
            }
            // It says that it stored something else: then ours is not there.
            ReceiptVerdict::Stored { .. } => continue,
            ReceiptVerdict::Refused { code, message } => {
                plan.refused += 1;
                Delivery::Refused {
                    code: code.clone(),
                    message: message.clone(),
                }
            }
        };
        plan.outbox.push((
            key.clone(),
            OutboxRow {
                delivery,
                ..row.clone()
            },
        ));
    }
    plan
}

/// The caseload after the reply: what is new replaces what it is a newer text of; what is no longer assigned goes.
pub(crate) fn merge(mut caseload: Caseload, reply: &SyncOk) -> Caseload {
    caseload.clients.retain(|client| {
        !reply.unassigned.contains(&client.id) && !reply.clients.iter().any(|newer| newer.id == client.id)
    });
    caseload.clients.extend(reply.clients.iter().cloned());
    caseload.clients = crate::sorted(caseload.clients, |a, b| {
        (&a.full_name, a.id).cmp(&(&b.full_name, b.id))
    });
    for form in &reply.forms {
        // The newest version is the one that new assessments begin with; drafts name their own.
        caseload.forms.retain(|known| known.url != form.url);
        caseload.forms.push(form.reference());
    }
    caseload.forms = crate::sorted(caseload.forms, |a, b| a.title.cmp(&b.title));
    caseload.as_of = Some(reply.at);
    caseload.cursor = Some(reply.cursor);
    caseload
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{Base64, DkId, RecordId, Timestamp, UserId};

    fn row(id: u8, rev: u32) -> (String, OutboxRow) {
        let row = OutboxRow {
            record_id: RecordId::from_bytes([id; 16]),
            user_id: UserId::from_bytes([9; 16]),
            dk_id: DkId::from_bytes([8; 16]),
            rev,
            sha256: Base64(vec![id; 32]),
            at: Timestamp(1),
            delivery: Delivery::Waiting,
        };
        (format!("key-{id}"), row)
    }

    fn stored(id: u8, rev: u32, sha: u8) -> Receipt {
        let verdict = ReceiptVerdict::Stored {
            sha256: Base64(vec![sha; 32]),
            at: Timestamp(5),
        };
        Receipt {
            record_id: RecordId::from_bytes([id; 16]),
            rev,
            verdict,
        }
    }

    #[test]
    fn only_an_acknowledgement_of_these_very_bytes_counts() {
        for (what, receipt, sent) in [
            ("all three match", stored(1, 4, 1), 1),
            ("another record", stored(2, 4, 1), 0),
            ("an older revision", stored(1, 3, 1), 0),
            ("a revision that is not here yet", stored(1, 5, 1), 0),
            ("other bytes", stored(1, 4, 2), 0),
        ] {
            let plan = plan(&[row(1, 4)], &[receipt]);
            assert_eq!(plan.sent, sent, "{what}");
            assert_eq!(plan.outbox.len() as u32, sent, "{what}");
        }
    }

    #[test]
    fn a_repeated_acknowledgement_changes_nothing() {
        let first = plan(&[row(1, 4)], &[stored(1, 4, 1)]);
        assert_eq!(plan(&first.outbox, &[stored(1, 4, 1)]), Plan::default());
    }

    #[test]
    fn a_refusal_is_kept_with_its_reason_and_a_later_acknowledgement_ends_it() {
        let verdict = ReceiptVerdict::Refused {
            code: "not_assigned".into(),
            message: "Ask your supervisor.".into(),
        };
        let refusal = Receipt {
            record_id: RecordId::from_bytes([1; 16]),
            rev: 4,
            verdict,
        };
        let refused = plan(&[row(1, 4)], &[refusal]);
        assert_eq!((refused.sent, refused.refused), (0, 1));
        assert!(refused.outbox[0].1.is_unsent());
        assert_eq!(plan(&refused.outbox, &[stored(1, 4, 1)]).sent, 1);
    }
}
