//! `main-app user` and `main-app keys`, as an operator types them, beside a service that has the same data.

use std::process::{Command, Output};

use main_app::Clock;

use crate::support::{PASSWORD, Server, uuid};

fn run(server: &Server, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_main-app"))
        .env_clear()
        .envs(server.database().map(|url| ("MAIN_APP_DATABASE", url)))
        .args(words)
        .arg("--data")
        .arg(server.data())
        .output()
        .unwrap()
}

fn says(server: &Server, words: &[&str]) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = run(server, words);
    assert!(
        status.success(),
        "{words:?}: {}",
        String::from_utf8_lossy(&stderr)
    );
    String::from_utf8(stdout).unwrap()
}

fn refuses(server: &Server, words: &[&str]) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = run(server, words);
    assert!(!status.success(), "{words:?}");
    String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr)
}

#[tokio::test]
async fn an_operator_administers_accounts_while_the_service_runs() {
    // The commands have the system's clock, so this service has it too.
    let server = Server::on_disk_with(|config| config.clock = Clock::system()).await;
    let mut tablet = server.tablet();
    let made = says(
        &server,
        &[
            "user",
            "create",
            "New1",
            "--full-name",
            "Test New One",
            "--temp-password-hours",
            "0",
        ],
    );
    let temp = made.trim().rsplit(' ').next().unwrap();
    assert_eq!(tablet.result("new1", temp).await, "ok");
    assert!(refuses(&server, &["user", "create", "new1", "--full-name", "x"]).contains("taken"));
    assert!(refuses(&server, &["user", "create", "a b", "--full-name", "x"]).contains("without spaces"));
    says(
        &server,
        &[
            "user",
            "edit",
            "new1",
            "--phone",
            "555-0122",
            "--role",
            "supervisor",
        ],
    );
    let shown = says(&server, &["user", "show", "new1"]);
    for part in [
        "555-0122",
        "Supervisor",
        "Account created by the operator",
        "on the tablet",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(!shown.contains(&tablet.id.to_string()));
    let mark = &tablet.id.to_string()[..8];
    says(&server, &["user", "tablet", "new1", mark]);
    tablet
        .try_attempt(uuid(), "new1", temp)
        .await
        .assert_error(403, "tablet_revoked");
    says(&server, &["user", "tablet", "new1", mark, "--allow"]);
    says(&server, &["user", "deactivate", "field1"]);
    assert_eq!(tablet.result("field1", PASSWORD).await, "no_access");
    says(&server, &["user", "reactivate", "field1"]);
    assert_eq!(tablet.result("field1", PASSWORD).await, "ok");
    let reset = says(
        &server,
        &["user", "reset", "field1", "--temp-password-hours", "0"],
    );
    assert_eq!(
        tablet
            .result("field1", reset.trim().rsplit(' ').next().unwrap())
            .await,
        "ok"
    );
    assert!(says(&server, &["user", "list", "new"]).contains("Test New One"));
    assert!(refuses(&server, &["user", "show", "nobody"]).contains("no account nobody"));
}

#[tokio::test]
async fn a_file_is_imported_with_a_line_for_each_line() {
    let server = Server::on_disk().await;
    let file = server.data().join("people.csv");
    std::fs::write(
        &file,
        "login,full_name,roles\nnew1,Test New One,helpdesk\nfield1,Test Field One,\n,Nobody,\n",
    )
    .unwrap();
    let file = file.to_str().unwrap();
    let report = refuses(&server, &["user", "import", file]);
    assert!(
        report.contains("1 created, 1 already there, 1 not imported"),
        "{report}"
    );
    assert!(report.contains("Enter a username."), "{report}");
    let temp = server.reset("new1").await;
    assert_eq!(server.tablet().result("new1", &temp).await, "ok");
}

#[tokio::test]
async fn the_master_key_is_rotated_and_retired_by_command() {
    let server = Server::on_disk().await;
    assert_eq!(server.tablet().result("field1", PASSWORD).await, "ok");
    assert!(says(&server, &["keys", "rotate"]).contains("1 data keys were sealed anew"));
    assert!(says(&server, &["keys", "list"]).contains("1 data keys, seals new ones"));
    assert!(says(&server, &["keys", "retire"]).contains("Removed the master key"));
    assert_eq!(server.tablet().result("field1", PASSWORD).await, "ok");
}
