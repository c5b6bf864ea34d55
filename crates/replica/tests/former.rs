//! A new version of a form comes: drafts keep the one that they were begun with, new assessments begin with the new one, and what
//! nobody needs any more goes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a step that fails is a test that fails"
)]

use protocol::FormRef;
use replica::{Fault, SaveFault, SyncOutcome};
use serde_json::json;

mod support;
use support::steps::{PASSWORD, client, opens, sign_in};
use support::{KEY, Tablet, World, granted, now, verdict};

fn form(version: &str) -> FormRef {
    FormRef::new("urn:form", version, "Form")
}

/// A sync that brings this version of the form.
fn comes(world: &World, tablet: &Tablet, version: &str) {
    world.main_app.will(verdict(json!({
        "result": "ok", "epoch": 1, "receipts": [], "cursor": 1, "clients": [client()], "unassigned": [],
        "forms": [{ "url": "urn:form", "version": version, "title": "Form", "questionnaire": { "version": version } }],
        "settings": protocol::Settings::default(), "at": 1,
    })));
    let outcome = now(tablet.sync());
    assert!(matches!(outcome, SyncOutcome::Done { .. }), "{outcome:?}");
}

fn at_work() -> (World, Tablet) {
    let world = World::default();
    let tablet = world.tablet();
    world.main_app.will(verdict(granted(1, false, KEY)));
    opens(sign_in(&tablet, PASSWORD));
    comes(&world, &tablet, "1");
    (world, tablet)
}

/// The versions that lie here.
fn kept(tablet: &Tablet) -> Vec<&'static str> {
    ["1", "2", "3"]
        .into_iter()
        .filter(|version| match now(tablet.form(&form(version))) {
            Ok(questionnaire) => questionnaire["version"] == *version,
            Err(Fault::Missing) => false,
            Err(other) => panic!("{other}"),
        })
        .collect()
}

fn begins(tablet: &Tablet, version: &str) -> Result<replica::Working, SaveFault> {
    now(tablet.begin(&client(), form(version), json!({})))
}

#[test]
fn a_draft_keeps_the_version_that_it_was_begun_with_and_a_new_assessment_begins_with_the_new_one() {
    let (world, tablet) = at_work();
    let draft = begins(&tablet, "1").unwrap();
    comes(&world, &tablet, "2");
    assert_eq!(kept(&tablet), ["1", "2"]);
    assert_eq!(now(tablet.caseload()).unwrap().forms, [form("2")]);
    let again = now(tablet.open(draft.document.id)).unwrap();
    assert_eq!(again.document.form, form("1"));

    // One that nobody has begun with goes when the next comes.
    comes(&world, &tablet, "3");
    assert_eq!(kept(&tablet), ["1", "3"]);
}

#[test]
fn a_version_that_nobody_needs_goes_and_nothing_is_begun_with_it_any_more() {
    let (world, tablet) = at_work();
    comes(&world, &tablet, "2");
    assert_eq!(kept(&tablet), ["2"]);
    // As in a tab whose list is older.
    assert_eq!(begins(&tablet, "1").err(), Some(SaveFault::FormReplaced));
    begins(&tablet, "2").unwrap();
}

#[test]
fn another_users_drafts_keep_their_own_versions() {
    let (world, tablet) = at_work();
    begins(&tablet, "1").unwrap();
    tablet.lock();
    let mut other = granted(1, false, support::NEW_KEY);
    other["user_id"] = json!(support::OTHER);
    other["login"] = json!("field2");
    world.main_app.will(verdict(other));
    opens(support::steps::sign_in_as(&tablet, "field2", PASSWORD));
    comes(&world, &tablet, "2");
    assert_eq!(kept(&tablet), ["2"]);
    tablet.lock();
    world.main_app.will(verdict(granted(1, false, KEY)));
    opens(sign_in(&tablet, PASSWORD));
    assert_eq!(kept(&tablet), ["1"]);
}
