//! A database that fails, and a process that is killed, in the middle of a sign-in: a clear 503, nothing half done,
//! no strike counted twice.

use std::path::Path;
use std::process::Command;

use main_app::Data;
use main_app::admin::{self, Imported};

use crate::support::{PASSWORD, Server, post_json, uuid};

#[tokio::test]
async fn a_database_that_is_gone_is_said_with_when_to_come_back() {
    let server = Server::start().await;
    let tablet = server.tablet();
    server.app.close().await;
    let answer = tablet.try_attempt(uuid(), "field1", PASSWORD).await;
    answer.assert_error(503, "unavailable");
    assert_eq!(answer.header("retry-after"), Some("2"));
    let page = server.browser().get("/main/admin").await;
    assert_eq!(page.answer.status, 303, "who has no cookie needs no database");
    assert_eq!(crate::support::get(&server.router, "/health").await.status, 503);
}

#[tokio::test]
async fn an_attempt_that_was_cut_off_is_taken_up_and_counted_once() {
    let server = Server::on_disk().await;
    let mut tablet = server.tablet();
    let attempt = uuid();
    server
        .is_broken("UPDATE ON attempts WHEN NEW.result <> 'pending'")
        .await;
    tablet
        .try_attempt(attempt, "field1", "wrong")
        .await
        .assert_error(503, "unavailable");
    server.is_mended().await;
    tablet
        .try_attempt(attempt, "field1", "wrong")
        .await
        .assert_error(409, "attempt_in_progress");
    server.clock.advance_ms(30_000);
    for _ in 0..2 {
        let answer = tablet.try_attempt(attempt, "field1", "wrong").await;
        assert_eq!(answer.json()["result"], "bad_password", "{}", answer.text());
    }
    assert_eq!(
        tablet.result("field1", "wrong").await,
        "bad_password",
        "the second strike"
    );
    assert_eq!(tablet.result("field1", "wrong").await, "locked", "the third");
}

#[tokio::test]
async fn whichever_write_fails_nothing_of_the_sign_in_is_kept() {
    for write in [
        "UPDATE ON accounts",
        "INSERT ON devices",
        "INSERT ON sign_ins",
        "INSERT ON data_keys",
        "INSERT ON tablet_sessions",
        "INSERT ON audit",
        "UPDATE ON attempts WHEN NEW.result = 'ok'",
    ] {
        let server = Server::on_disk().await;
        let mut tablet = server.tablet();
        server.is_broken(write).await;
        let answer = tablet.try_attempt(uuid(), "field1", PASSWORD).await;
        answer.assert_error(503, "unavailable");
        for table in ["devices", "sign_ins", "data_keys", "tablet_sessions"] {
            let rows = server.rows_of(&format!("SELECT * FROM {table}")).await;
            assert!(rows.is_empty(), "{table} after a failed {write}");
        }
        server.is_mended().await;
        assert_eq!(tablet.result("field1", PASSWORD).await, "ok", "{write}");
    }
}

#[tokio::test]
async fn a_claim_that_cannot_be_written_is_no_attempt() {
    let server = Server::on_disk().await;
    server.is_broken("INSERT ON attempts").await;
    let (tablet, attempt) = (server.tablet(), uuid());
    let body = tablet.attempt(attempt, "field1", PASSWORD).to_string();
    for _ in 0..5 {
        post_json(&server.router, "/api/sign-in", body.clone())
            .await
            .assert_error(503, "unavailable");
    }
    assert_eq!(server.app.derivations(), 0);
    server.is_mended().await;
    let answer = post_json(&server.router, "/api/sign-in", body).await;
    assert_eq!(answer.json()["result"], "ok", "at once, and with the same id");
}

/// A disk of its own, small enough to be filled. Only root may make one.
struct Disk(tempfile::TempDir);

impl Disk {
    fn of(megabytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let made = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"])
            .arg(folder.path())
            .status();
        made.is_ok_and(|status| status.success()).then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn filler(&self) -> std::path::PathBuf {
        self.path().join("filler")
    }

    fn fill(&self) {
        use std::io::Write as _;
        let mut filler = std::fs::File::create(self.filler()).unwrap();
        for piece in [64 * 1024, 1] {
            while filler.write_all(&vec![0; piece]).is_ok() {}
        }
    }

    fn make_room(&self) {
        std::fs::remove_file(self.filler()).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: the database may be open still.
        drop(Command::new("umount").arg("-l").arg(self.path()).status());
    }
}

#[tokio::test]
async fn a_disk_that_is_really_full_is_said_and_loses_nothing_that_was_answered() {
    let Some(disk) = Disk::of(16) else {
        eprintln!("passed over: a full disk; only root can mount one");
        return;
    };
    let data = disk.path().join("data");
    let server = Server::with(|config| config.data = Data::Directory(data)).await;
    if server.is_on_postgres() {
        return;
    }
    let mut tablet = server.tablet();
    assert_eq!(tablet.result("field2", PASSWORD).await, "ok");
    disk.fill();

    // As long as the database finds room in its own files it goes on; a file of accounts needs more than there is.
    let names = (0..2_000).map(|number| format!("full{number},Test Full {number}\n"));
    let file = format!("login,full_name\n{}", names.collect::<String>());
    let import = async || match admin::import(&server.app, None, None, file.as_bytes(), None).await {
        Ok(Imported::Done(import)) => import,
        other => panic!("{other:?}"),
    };
    let first = import().await;
    assert!(first.failed() > 0, "the disk was not full");
    let answer = server.tablet().try_attempt(uuid(), "field1", PASSWORD).await;
    answer.assert_error(503, "unavailable");

    disk.make_room();
    assert_eq!(server.tablet().result("field1", PASSWORD).await, "ok");
    assert_eq!(
        tablet.sync(None, &[]).await["result"],
        "ok",
        "the session of before"
    );
    let second = import().await;
    assert_eq!(second.failed(), 0);
    assert_eq!(
        second.already_there(),
        first.created(),
        "what was called created is there, and nothing else"
    );
}
