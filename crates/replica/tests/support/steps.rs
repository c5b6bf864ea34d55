//! What a person does at the tablet, and what they see of it.

use protocol::{ClientId, FormRef};
use replica::{AccountRow, Batch, Message, SessionInfo, SignIn, Store as _, Table, Trouble, Working, Write};
use serde_json::json;

use super::{KEY, Tablet, World, granted, now, password, verdict};

pub const PASSWORD: &str = "sample-pass-1";

/// One press of "Sign in" as field1.
pub fn sign_in(tablet: &Tablet, typed: &str) -> SignIn {
    sign_in_as(tablet, "field1", typed)
}

pub fn sign_in_as(tablet: &Tablet, login: &str, typed: &str) -> SignIn {
    now(tablet.sign_in(login, password(typed)))
}

/// The message, whether the main application could not be reached, how many failures in a row, and the tablet's trouble.
pub fn refused(outcome: SignIn) -> (Message, bool, u32, Option<Trouble>) {
    match outcome {
        SignIn::No {
            message,
            unanswered,
            failures,
            trouble,
        } => (message, unanswered.is_some(), failures, trouble),
        other => panic!("expected a refusal: {other:?}"),
    }
}

pub fn opens(outcome: SignIn) -> SessionInfo {
    match outcome {
        SignIn::Open(info) => info,
        other => panic!("expected a session: {other:?}"),
    }
}

/// A tablet on which field1 has signed in online once, locked again, and is now offline.
pub fn enrolled() -> (World, Tablet) {
    let world = World::default();
    let tablet = world.tablet();
    world.main_app.will(verdict(granted(1, false, KEY)));
    opens(sign_in(&tablet, PASSWORD));
    tablet.lock();
    (world, tablet)
}

pub fn slot_of(world: &World) -> Option<vault::Slot> {
    let row = world.account_row("field1").unwrap();
    AccountRow::parse(&row).unwrap().slot
}

/// Lays a row where an account lies, as somebody with a screwdriver would.
pub fn lay(world: &World, login: &str, row: &[u8]) {
    let put = Write::put(Table::Accounts, login, row.to_vec());
    now(world.disk.memory.commit(Batch::of(vec![put]))).unwrap();
}

pub fn client() -> protocol::Client {
    protocol::Client {
        id: ClientId::from_bytes([5; 16]),
        full_name: "Testcase Amber".into(),
        birth_date: "1940-01-01".into(),
        address: String::new(),
        phone: String::new(),
        due: None,
    }
}

/// Begins an assessment with an answer that is looked for afterwards.
pub fn begin_one(tablet: &Tablet) -> Working {
    let form = FormRef::new("urn:form", "1", "Form");
    now(tablet.begin(&client(), form, json!({ "answer": "marker-answer" }))).unwrap()
}
