//! The program: what it refuses, what it prints, what it leaves on disk, and how it stops.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::{Duration, Instant};

fn program(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_main-app"));
    command.env_clear().arg("--data").arg(data).arg("--port").arg("0");
    command
}

struct Running {
    child: Child,
    out: BufReader<ChildStdout>,
    port: u16,
    printed: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        // Already ended, where the test has stopped it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start(command: &mut Command) -> Running {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut printed = String::new();
    while !printed.contains("/main/helpdesk") {
        assert!(out.read_line(&mut printed).unwrap() > 0, "it ended: {printed}");
    }
    let port = printed
        .split("http://localhost:")
        .nth(1)
        .unwrap()
        .split('/')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    Running {
        child,
        out,
        port,
        printed,
    }
}

impl Running {
    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn stop(mut self, signal: &str) -> (Option<i32>, String) {
        let sent = Command::new("kill")
            .arg(signal)
            .arg(self.child.id().to_string())
            .status()
            .unwrap();
        assert!(sent.success());
        let code = self.child.wait().unwrap().code();
        let mut printed = std::mem::take(&mut self.printed);
        self.out.read_to_string(&mut printed).unwrap();
        (code, printed)
    }
}

/// Runs a command that is to end by itself, with a reason.
fn refused(command: &mut Command) -> String {
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(30);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > deadline {
            child.kill().unwrap();
            panic!("it was not refused: {command:?}");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let Output { status, stderr, .. } = child.wait_with_output().unwrap();
    assert!(!status.success(), "it was not refused: {command:?}");
    String::from_utf8(stderr).unwrap()
}

#[test]
fn it_serves_the_samples_to_this_machine_and_stops_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    for signal in ["-TERM", "-INT"] {
        let running = start(program(folder.path()).arg("--sample"));
        assert!(running.get("/health").starts_with("HTTP/1.1 200"));
        assert!(running.get("/main/").contains("<h1>Sign in</h1>"));
        assert!(running.get("/api/settings").contains("helpdesk@example.org"));
        let (code, printed) = running.stop(signal);
        assert_eq!(code, Some(0), "{signal}");
        assert!(printed.contains("password sample-pass-1"), "{printed}");
        for login in ["field1", "field2", "supervisor1", "helpdesk1", "inactive1"] {
            assert!(printed.contains(login), "{printed}");
        }
    }
    let mode = |name: &str| {
        std::fs::metadata(folder.path().join(name))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!((mode("master.key"), mode("main.db")), (0o600, 0o600));
    assert_eq!(std::fs::read(folder.path().join("master.key")).unwrap().len(), 32);
}

#[test]
fn sample_accounts_are_served_to_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    for address in ["0.0.0.0", "::", "192.0.2.1"] {
        let why = refused(program(folder.path()).args(["--sample", "--bind", address]));
        assert!(
            why.contains("sample accounts have a password that everybody knows"),
            "{why}"
        );
    }
    start(program(folder.path()).arg("--sample")).stop("-TERM");
    let why = refused(program(folder.path()).args(["--bind", "0.0.0.0"]));
    assert!(
        why.contains("sample accounts"),
        "a database that holds them is refused without the option too: {why}"
    );
}

#[test]
fn a_database_stays_with_its_master_key() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("a b%20c?d#e");
    let running = start(program(&data).arg("--sample"));
    let attempt = r#"{"version":1,"attempt_id":"00000000-0000-4000-8000-000000000001","login":"field1","password":"sample-pass-1","device_id":"00000000-0000-4000-8000-000000000002"}"#;
    let mut stream = TcpStream::connect(("127.0.0.1", running.port)).unwrap();
    write!(
        stream,
        "POST /api/sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{attempt}",
        attempt.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("\"result\":\"ok\""), "{answer}");
    running.stop("-TERM");

    let other = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let why = refused(program(&data).env("MAIN_APP_MASTER_KEY", other));
    assert!(why.contains("under the master key"), "{why}");
    let why = refused(program(&data).env("MAIN_APP_MASTER_KEY", "too short"));
    assert!(
        why.contains("32 bytes in base64") && !why.contains("too short"),
        "{why}"
    );

    let key = data.join("master.key");
    let kept = folder.path().join("kept.key");
    std::fs::rename(&key, &kept).unwrap();
    let why = refused(&mut program(&data));
    assert!(why.contains("under the master key"), "{why}");
    assert!(
        !key.exists(),
        "no new key is made beside data that it cannot open"
    );
    std::fs::rename(&kept, &key).unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let why = refused(&mut program(&data));
    assert!(why.contains("chmod 600"), "{why}");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    start(&mut program(&data)).stop("-TERM");

    let why = refused(program(&data).env("MAIN_APP_MASTER_KEY", other).arg("--sample"));
    assert!(why.contains("under the master key"), "{why}");
    start(program(&data).args(["--sample", "--fresh"])).stop("-TERM");
}

#[test]
fn only_samples_are_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("main.db");
    start(program(folder.path()).args(["--sample", "--fresh"])).stop("-TERM");
    let first = std::fs::read(folder.path().join("master.key")).unwrap();
    start(program(folder.path()).args(["--sample", "--fresh"])).stop("-TERM");
    let second = std::fs::read(folder.path().join("master.key")).unwrap();
    assert_ne!(first, second, "a key of its own");

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        sqlx::any::install_default_drivers();
        let url = format!("sqlite://{}", database.display());
        let pool = sqlx::AnyPool::connect(&url).await.unwrap();
        sqlx::query("DELETE FROM meta").execute(&pool).await.unwrap();
        pool.close().await;
    });
    let why = refused(program(folder.path()).args(["--sample", "--fresh"]));
    assert!(why.contains("accounts that are no samples"), "{why}");
    let why = refused(program(folder.path()).arg("--sample"));
    assert!(why.contains("accounts of its own"), "{why}");
    std::fs::write(&database, "something else").unwrap();
    refused(program(folder.path()).args(["--sample", "--fresh"]));
    assert_eq!(std::fs::read(&database).unwrap(), b"something else");
}

#[test]
fn options_that_make_no_sense_are_refused_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    for (option, value, expected) in [
        ("--main-origin", "main.localhost", "expected an origin"),
        ("--helpdesk-email", "nobody", "expected an e-mail address"),
        ("--access-request-url", "javascript:alert(1)", "expected a link"),
        ("--app-url", "//evil.example", "expected a link or a path"),
        ("--log", "loud", "possible values"),
        ("--port", "70000", "70000"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_main-app"));
        command
            .env_clear()
            .arg("--data")
            .arg(folder.path())
            .args([option, value]);
        if option != "--port" {
            command.args(["--port", "0"]);
        }
        let why = refused(&mut command);
        assert!(why.contains(expected), "{option} {value}: {why}");
    }
}

#[test]
fn forms_are_published_and_a_name_keeps_its_text() {
    let folder = tempfile::tempdir().unwrap();
    let publish = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_main-app"));
        command.env_clear().args(["form", "publish", "--data"]);
        command.arg(folder.path()).arg(&file);
        command
    };
    let form = |title: &str| {
        format!(
            r#"{{"resourceType":"Questionnaire","url":"https://forms.example.org/walk","version":"1","title":"{title}"}}"#
        )
    };
    let done = publish("walk.json", &form("Walking")).output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(
        done.status.success() && said.contains("Published \"Walking\""),
        "{said}"
    );
    for (name, text, expected) in [
        ("other.json", form("Running"), "give the form a new version"),
        (
            "list.json",
            "[]".to_owned(),
            "is not a Questionnaire with resourceType",
        ),
        ("words.json", "Walking".to_owned(), "words.json is not JSON"),
    ] {
        let why = refused(&mut publish(name, &text));
        assert!(why.contains(expected), "{name}: {why}");
    }
}

#[test]
fn the_description_is_printed() {
    let printed = Command::new(env!("CARGO_BIN_EXE_main-app"))
        .arg("openapi")
        .output()
        .unwrap();
    let document: serde_json::Value = serde_json::from_slice(&printed.stdout).unwrap();
    assert!(document["paths"].get("/api/sync").is_some());
}

/// Posts an attempt and does not wait for its reply.
fn send_attempt(port: u16, attempt: &str, login: &str, password: &str) -> TcpStream {
    let body = format!(
        r#"{{"version":1,"attempt_id":"{attempt}","login":"{login}","password":"{password}","device_id":"00000000-0000-4000-8000-000000000002"}}"#
    );
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(
        stream,
        "POST /api/sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    stream
}

fn reply(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_sign_in_that_a_kill_has_cut_off_is_counted_once() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let url = format!("sqlite://{}", folder.path().join("main.db").display());
    let mut running = start(program(folder.path()).arg("--sample"));
    sqlx::any::install_default_drivers();
    let pool = runtime.block_on(sqlx::AnyPool::connect(&url)).unwrap();
    let result = |attempt: &str| {
        let query = sqlx::query_scalar::<_, String>("SELECT result FROM attempts WHERE attempt_id = $1");
        runtime
            .block_on(query.bind(attempt.to_owned()).fetch_optional(&pool))
            .unwrap()
    };
    let execute = |statement: &'static str| {
        runtime.block_on(sqlx::query(statement).execute(&pool)).unwrap();
    };
    // Killed while it is claimed and not concluded; where the kill comes too late, the next attempt is killed.
    let cut_off = (0..50)
        .map(|number| format!("00000000-0000-4000-8000-0000000001{number:02}"))
        .find(|attempt| {
            let stream = send_attempt(running.port, attempt, "field1", "wrong");
            while result(attempt).is_none() {
                std::thread::yield_now();
            }
            running.child.kill().unwrap();
            running.child.wait().unwrap();
            drop(stream);
            let is_cut_off = result(attempt).as_deref() == Some("pending");
            if !is_cut_off {
                execute("UPDATE accounts SET strikes = 0, locked_since = NULL");
            }
            running = start(&mut program(folder.path()));
            is_cut_off
        })
        .expect("a kill in the middle of an attempt");
    let again = reply(send_attempt(running.port, &cut_off, "field1", "wrong"));
    assert!(again.contains("attempt_in_progress"), "{again}");
    // As if the half minute were over in which somebody else could be at work on it.
    execute("UPDATE attempts SET at = at - 60000");
    for _ in 0..2 {
        let again = reply(send_attempt(running.port, &cut_off, "field1", "wrong"));
        assert!(again.contains("bad_password"), "{again}");
    }
    let strikes: i64 = runtime
        .block_on(sqlx::query_scalar("SELECT strikes FROM accounts WHERE login = 'field1'").fetch_one(&pool))
        .unwrap();
    assert_eq!(strikes, 1);
    runtime.block_on(pool.close());
}
