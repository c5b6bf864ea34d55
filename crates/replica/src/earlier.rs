//! Which completed assessments of the same client, by the same form, came before one: the user's own, and those of colleagues
//! that came down.

use protocol::{Document, RecordId, Status, Timestamp};

use crate::{DocumentEntry, Received};

/// One that came before; the whole is opened when it is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    pub id: RecordId,
    /// When it was signed.
    pub at: Timestamp,
    pub author_name: String,
}

/// The last signed comes first. A form is the same by its address, in whichever version. Of a completed document, what was signed
/// before it; of any other, all.
pub fn earlier(of: &Document, own: &[DocumentEntry], received: &[Received]) -> Vec<Earlier> {
    let limit = of.signature.as_ref().map(|signature| (signature.at, of.id));
    let own = own.iter().map(|entry| &entry.document).filter(|document| {
        document.status == Status::Complete
            && document.client_id == of.client_id
            && document.form.url == of.form.url
    });
    let own = own.map(|document| Earlier {
        id: document.id,
        at: document
            .signature
            .as_ref()
            .map_or(document.modified_at, |signature| signature.at),
        author_name: document.author_name.clone(),
    });
    let came = received
        .iter()
        .filter(|known| known.client_id == of.client_id && known.form.url == of.form.url)
        .map(|known| Earlier {
            id: known.id,
            at: known.at,
            author_name: known.author_name.clone(),
        });
    let before =
        |earlier: &Earlier| earlier.id != of.id && limit.is_none_or(|limit| (earlier.at, earlier.id) < limit);
    let mut found = crate::sorted(own.chain(came).filter(before).collect(), |one, other| {
        (other.at, other.id).cmp(&(one.at, one.id))
    });
    found.dedup_by_key(|earlier| earlier.id);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Delivery;
    use protocol::{ClientId, FormRef, Signature, UserId};

    const ME: UserId = UserId::from_bytes([9; 16]);

    fn form(url: &str, version: &str) -> FormRef {
        FormRef::new(url, version, "Sample")
    }

    fn document(id: u8, client: u8, url: &str, signed: Option<i64>) -> Document {
        Document {
            id: RecordId::from_bytes([id; 16]),
            client_id: ClientId::from_bytes([client; 16]),
            client_name: "Testcase Amber".into(),
            form: form(url, "1"),
            author: ME,
            author_name: "Test Field One".into(),
            status: signed.map_or(Status::Draft, |_| Status::Complete),
            created_at: Timestamp(0),
            modified_at: Timestamp(900),
            signature: signed.map(|at| Signature {
                by: ME,
                name: "Test Field One".into(),
                at: Timestamp(at),
            }),
            response: serde_json::Value::Null,
            set_aside: serde_json::Value::Null,
            history: Vec::new(),
            history_head: None,
            typing: None,
        }
    }

    fn own(id: u8, client: u8, url: &str, signed: Option<i64>) -> DocumentEntry {
        DocumentEntry {
            document: document(id, client, url, signed),
            delivery: Delivery::Waiting,
        }
    }

    fn came(id: u8, client: u8, url: &str, at: i64) -> Received {
        Received {
            id: RecordId::from_bytes([id; 16]),
            client_id: ClientId::from_bytes([client; 16]),
            form: form(url, "0.9"),
            author: UserId::from_bytes([8; 16]),
            author_name: "Test Field Two".into(),
            at: Timestamp(at),
        }
    }

    #[test]
    fn the_last_completed_one_of_the_same_client_and_form_comes_first() {
        let shelf = [
            own(1, 1, "f", Some(10)),
            own(2, 1, "f", Some(30)),
            own(3, 1, "f", None),
            own(4, 2, "f", Some(40)),
            own(5, 1, "g", Some(50)),
        ];
        let received = [
            came(6, 1, "f", 20),
            came(7, 2, "f", 60),
            came(8, 1, "g", 70),
            came(2, 1, "f", 30),
        ];
        for (of, expected) in [
            (document(3, 1, "f", None), &[2, 6, 1][..]),
            (document(9, 1, "f", None), &[2, 6, 1]),
            (document(6, 1, "f", Some(20)), &[1]),
            (document(2, 1, "f", Some(30)), &[6, 1]),
            (document(9, 2, "f", None), &[7, 4]),
            (document(9, 3, "f", None), &[]),
            (document(9, 1, "h", None), &[]),
        ] {
            let ids: Vec<u8> = earlier(&of, &shelf, &received)
                .iter()
                .map(|earlier| earlier.id.as_bytes()[0])
                .collect();
            assert_eq!(ids, expected, "{:?} {}", of.client_id, of.form.url);
        }
        let of = document(9, 1, "f", None);
        assert_eq!(earlier(&of, &shelf, &received)[1].author_name, "Test Field Two");
    }
}
