//! The caseload as a list: each client with the assessments of theirs that lie here. Pure.

use protocol::{Client, ClientId};
use replica::{DocumentEntry, Received, sorted};

use crate::search::{finds, fold};

/// A client with their assessments, the last modified first.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    pub id: ClientId,
    pub name: String,
    /// Absent where the client is not assigned to the user any more: what was begun stays.
    pub client: Option<Client>,
    pub documents: Vec<DocumentEntry>,
    /// Completed ones that came from the main application, the last signed first.
    pub received: Vec<Received>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Name,
    /// What is due first; clients without a date last.
    Due,
}

/// Which clients are wanted, by when their next assessment is due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Due {
    #[default]
    All,
    Today,
    /// Within seven days, today among them.
    Week,
    Overdue,
}

impl Due {
    /// `days` from today until they are due, negative where that has passed.
    fn wants(self, days: Option<i64>) -> bool {
        match (self, days) {
            (Self::All, _) => true,
            (_, None) => false,
            (Self::Today, Some(days)) => days == 0,
            (Self::Week, Some(days)) => (0..7).contains(&days),
            (Self::Overdue, Some(days)) => days < 0,
        }
    }
}

/// Every assigned client, and every client of whom something lies here.
pub fn cases(clients: &[Client], documents: &[DocumentEntry], received: &[Received]) -> Vec<Case> {
    let mut cases: Vec<Case> = clients
        .iter()
        .map(|client| Case {
            id: client.id,
            name: client.full_name.clone(),
            client: Some(client.clone()),
            documents: Vec::new(),
            received: Vec::new(),
        })
        .collect();
    for entry in documents {
        let document = &entry.document;
        match cases.iter_mut().find(|case| case.id == document.client_id) {
            Some(case) => case.documents.push(entry.clone()),
            None => cases.push(Case {
                id: document.client_id,
                name: document.client_name.clone(),
                client: None,
                documents: vec![entry.clone()],
                received: Vec::new(),
            }),
        }
    }
    for known in received {
        if let Some(case) = cases.iter_mut().find(|case| case.id == known.client_id) {
            case.received.push(known.clone());
        }
    }
    cases
}

/// The clients that the search finds and that are due when it is wanted, in the wished order. `days_until` tells an ISO
/// date's distance from today.
pub fn arrange(
    cases: &[Case],
    typed: &str,
    order: Order,
    wanted: Due,
    days_until: impl Fn(&str) -> Option<i64>,
) -> Vec<Case> {
    fn due(case: &Case) -> Option<&str> {
        case.client.as_ref()?.due.as_deref()
    }
    let is_wanted = |case: &Case| wanted == Due::All || wanted.wants(due(case).and_then(&days_until));
    let key = |case: &Case| {
        let due = if order == Order::Due { due(case) } else { None };
        let due = due.map(str::to_owned);
        let unassigned = case.client.is_none();
        (
            unassigned,
            order == Order::Due && due.is_none(),
            due,
            fold(&case.name),
            case.id,
        )
    };
    let found = cases
        .iter()
        .filter(|case| finds(typed, &case.name) && is_wanted(case));
    let found = found.map(|case| (key(case), case.clone())).collect();
    let found = sorted(found, |(one, _), (other, _)| one.cmp(other));
    found.into_iter().map(|(_, case)| case).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{Document, FormRef, RecordId, Status, Timestamp, UserId};
    use replica::Delivery;

    fn client(id: u8, name: &str, due: Option<&str>) -> Client {
        Client {
            id: ClientId::from_bytes([id; 16]),
            full_name: name.into(),
            birth_date: "1940-03-12".into(),
            address: "1 Sample Street".into(),
            phone: "555 010 0199".into(),
            due: due.map(str::to_owned),
        }
    }

    fn entry(client: u8, name: &str) -> DocumentEntry {
        let document = Document {
            id: RecordId::from_bytes([client; 16]),
            client_id: ClientId::from_bytes([client; 16]),
            client_name: name.into(),
            form: FormRef::new("u", "1", "PHQ-9"),
            author: UserId::from_bytes([9; 16]),
            author_name: "Test Field One".into(),
            status: Status::Draft,
            created_at: Timestamp(1),
            modified_at: Timestamp(1),
            signature: None,
            response: serde_json::Value::Null,
            set_aside: serde_json::Value::Null,
            history: Vec::new(),
            history_head: None,
            typing: None,
        };
        DocumentEntry {
            document,
            delivery: Delivery::Waiting,
        }
    }

    fn list() -> Vec<Case> {
        let clients = vec![
            client(1, "Testcase Zoë", None),
            client(2, "Testcase Élan", Some("2026-12-01")),
            client(3, "testcase Fern", Some("2026-11-24")),
        ];
        cases(
            &clients,
            &[entry(3, "Testcase Fern"), entry(8, "Aardvark Sample")],
            &[],
        )
    }

    fn names(cases: &[Case]) -> Vec<&str> {
        cases.iter().map(|case| case.name.as_str()).collect()
    }

    /// Whenever they are due.
    fn found(cases: &[Case], typed: &str, order: Order) -> Vec<Case> {
        arrange(cases, typed, order, Due::All, |_| None)
    }

    #[test]
    fn an_assessment_stands_with_its_client() {
        let fern = list()
            .into_iter()
            .find(|case| case.name == "testcase Fern")
            .unwrap();
        assert_eq!(fern.documents.len(), 1);
    }

    #[test]
    fn an_assessment_of_a_client_who_is_no_longer_assigned_is_still_there() {
        let gone = list().into_iter().find(|case| case.client.is_none()).unwrap();
        assert_eq!((gone.name.as_str(), gone.documents.len()), ("Aardvark Sample", 1));
    }

    #[test]
    fn names_are_sorted_as_people_sort_them_and_the_unassigned_come_last() {
        let sorted = found(&list(), "", Order::Name);
        assert_eq!(
            names(&sorted),
            [
                "Testcase Élan",
                "testcase Fern",
                "Testcase Zoë",
                "Aardvark Sample"
            ]
        );
    }

    #[test]
    fn by_date_what_is_due_next_comes_first() {
        let sorted = found(&list(), "", Order::Due);
        assert_eq!(
            names(&sorted),
            [
                "testcase Fern",
                "Testcase Élan",
                "Testcase Zoë",
                "Aardvark Sample"
            ]
        );
    }

    #[test]
    fn a_client_is_due_today_this_week_or_has_been() {
        let dates = [
            ("2026-11-25", "a yesterday", -1),
            ("2026-11-26", "b today", 0),
            ("2026-12-02", "c the seventh day", 6),
            ("2026-12-03", "d the eighth day", 7),
        ];
        let days_until = |iso: &str| dates.iter().find(|(date, ..)| *date == iso).map(|found| found.2);
        let mut clients = vec![client(9, "no date", None)];
        for (id, (date, name, _)) in dates.into_iter().enumerate() {
            clients.push(client(id as u8, name, Some(date)));
        }
        let all = cases(&clients, &[], &[]);
        for (wanted, found) in [
            (Due::Today, vec!["b today"]),
            (Due::Week, vec!["b today", "c the seventh day"]),
            (Due::Overdue, vec!["a yesterday"]),
            (
                Due::All,
                vec![
                    "a yesterday",
                    "b today",
                    "c the seventh day",
                    "d the eighth day",
                    "no date",
                ],
            ),
        ] {
            assert_eq!(
                names(&arrange(&all, "", Order::Name, wanted, days_until)),
                found,
                "{wanted:?}"
            );
        }
    }

    #[test]
    fn the_search_narrows_the_list() {
        assert_eq!(names(&found(&list(), "elan", Order::Name)), ["Testcase Élan"]);
        assert!(found(&list(), "nobody", Order::Name).is_empty());
    }
}
