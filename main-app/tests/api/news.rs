//! `POST /api/sync`, downwards: clients, assignments and forms, whole at first and then what has changed.

use main_app::admin;
use protocol::{Client, ClientId, FormDefinition};
use serde_json::{Value, json};

use crate::support::{PASSWORD, Server, Tablet};

async fn signed_in(server: &Server, login: &str) -> Tablet {
    let mut tablet = server.tablet();
    assert_eq!(tablet.result(login, PASSWORD).await, "ok");
    tablet
}

fn names(reply: &Value) -> Vec<&str> {
    reply["clients"]
        .as_array()
        .unwrap()
        .iter()
        .map(|client| client["full_name"].as_str().unwrap())
        .collect()
}

fn length(reply: &Value, member: &str) -> usize {
    reply[member].as_array().unwrap().len()
}

/// As many as the samples in `forms/`.
const SAMPLE_FORMS: usize = 8;

#[tokio::test]
async fn the_first_sync_brings_the_users_clients_and_every_form() {
    let server = Server::start().await;
    let reply = signed_in(&server, "field1").await.sync(None, &[]).await;
    assert_eq!(
        names(&reply),
        [
            "Testcase Amber",
            "Testcase Birch",
            "Testcase Coral",
            "Testcase Dune"
        ]
    );
    let reply = signed_in(&server, "field2").await.sync(None, &[]).await;
    assert_eq!(
        names(&reply),
        [
            "Testcase Coral",
            "Testcase Dune",
            "Testcase Ember",
            "Testcase Fern"
        ]
    );
    assert_eq!(length(&reply, "forms"), SAMPLE_FORMS);
    assert_eq!(length(&reply, "unassigned"), 0);
    for form in reply["forms"].as_array().unwrap() {
        assert_eq!(form["questionnaire"]["resourceType"], "Questionnaire");
        assert_eq!(form["questionnaire"]["url"], form["url"]);
    }
    assert_eq!(reply["epoch"], 1);
    assert_eq!(reply["settings"]["helpdesk_email"], "helpdesk@example.org");
    assert_eq!(reply["settings"]["main_url"], "/main/");
    assert_eq!(
        names(&signed_in(&server, "supervisor1").await.sync(None, &[]).await),
        Vec::<&str>::new()
    );
}

#[tokio::test]
async fn later_syncs_bring_what_has_changed_since() {
    let server = Server::start().await;
    let tablet = signed_in(&server, "field1").await;
    let other = signed_in(&server, "field2").await;
    let first = tablet.sync(None, &[]).await;
    let cursor = first["cursor"].as_i64();
    let nothing = tablet.sync(cursor, &[]).await;
    assert_eq!((length(&nothing, "clients"), length(&nothing, "forms")), (0, 0));
    assert_eq!(nothing["cursor"].as_i64(), cursor);

    let mut amber: Client = serde_json::from_value(first["clients"][0].clone()).unwrap();
    amber.phone = "555-0199".into();
    admin::put_client(&server.app, &amber).await.unwrap();
    let changed = tablet.sync(cursor, &[]).await;
    assert_eq!(names(&changed), ["Testcase Amber"]);
    assert_eq!(changed["clients"][0]["phone"], "555-0199");
    assert!(changed["cursor"].as_i64() > cursor);
    assert_eq!(
        names(&other.sync(cursor, &[]).await),
        Vec::<&str>::new(),
        "she is no client of field2"
    );
    assert_eq!(
        names(&tablet.sync(changed["cursor"].as_i64(), &[]).await),
        Vec::<&str>::new()
    );
}

#[tokio::test]
async fn an_ended_assignment_is_told_and_a_new_one_brings_the_client() {
    let server = Server::start().await;
    let tablet = signed_in(&server, "field1").await;
    let user = server.user("field1").await;
    let first = tablet.sync(None, &[]).await;
    let id: ClientId = first["clients"][0]["id"].as_str().unwrap().parse().unwrap();

    admin::set_assigned(&server.app, None, id, user, false)
        .await
        .unwrap();
    let ended = tablet.sync(first["cursor"].as_i64(), &[]).await;
    assert_eq!(ended["unassigned"], json!([id]));
    assert_eq!(length(&ended, "clients"), 0);
    assert_eq!(length(&tablet.sync(None, &[]).await, "clients"), 3);

    admin::set_assigned(&server.app, None, id, user, true)
        .await
        .unwrap();
    let again = tablet.sync(ended["cursor"].as_i64(), &[]).await;
    assert_eq!(names(&again), ["Testcase Amber"]);
    assert_eq!(length(&again, "unassigned"), 0);
}

#[tokio::test]
async fn a_new_version_of_a_form_comes_in_the_place_of_the_old_one() {
    let server = Server::start().await;
    let tablet = signed_in(&server, "field1").await;
    let first = tablet.sync(None, &[]).await;
    let mut form: FormDefinition = serde_json::from_value(first["forms"][0].clone()).unwrap();
    assert!(
        admin::publish_form(&server.app, &form).await.unwrap(),
        "the same text again changes nothing"
    );
    form.questionnaire["title"] = json!("Another text");
    assert!(
        !admin::publish_form(&server.app, &form).await.unwrap(),
        "a version names one text for ever"
    );
    assert_eq!(
        length(&tablet.sync(first["cursor"].as_i64(), &[]).await, "forms"),
        0
    );

    form.version = "2.0".into();
    assert!(admin::publish_form(&server.app, &form).await.unwrap());
    let news = tablet.sync(first["cursor"].as_i64(), &[]).await;
    assert_eq!(
        (length(&news, "forms"), &news["forms"][0]["version"]),
        (1, &json!("2.0"))
    );
    // Whoever comes to know the form only now begins with the newest.
    let all = tablet.sync(None, &[]).await;
    assert_eq!(length(&all, "forms"), SAMPLE_FORMS);
    let forms = all["forms"].as_array().unwrap();
    assert_eq!(
        forms
            .iter()
            .filter(|each| each["url"] == form.url && each["version"] == "2.0")
            .count(),
        1
    );
}

#[tokio::test]
async fn a_cursor_from_before_a_restored_copy_brings_everything() {
    let server = Server::start().await;
    let tablet = signed_in(&server, "field1").await;
    let first = tablet.sync(None, &[]).await;
    let user = server.user("field1").await;
    let id: ClientId = first["clients"][0]["id"].as_str().unwrap().parse().unwrap();
    admin::set_assigned(&server.app, None, id, user, false)
        .await
        .unwrap();
    for cursor in [1_000_000, i64::MAX, -1, i64::MIN] {
        let reply = tablet.sync(Some(cursor), &[]).await;
        assert_eq!(
            (length(&reply, "clients"), length(&reply, "forms")),
            (3, SAMPLE_FORMS),
            "cursor {cursor}"
        );
        assert_eq!(reply["unassigned"], json!([id]), "cursor {cursor}");
    }
}
