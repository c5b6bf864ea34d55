//! `/main/rehearsal`: a sandbox beside the console, and nothing of it anywhere else.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use main_app::{Config, Rehearsal, Role, admin};
use sqlx::Row as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{Answer, Browser, HOUR, PASSWORD, Page, Server, Tablet, send};

const HERE: &str = "/main/rehearsal";
const CONSOLE: &str = "http://localhost:8080";
const FRAME: &str = "http://localhost:8081";
const S1: &str = "Username or Password is incorrect.";

fn on(config: &mut Config) {
    config.rehearsal = Some(Rehearsal {
        port: 8081,
        origin: None,
    });
}

/// The console, the clerk at it, and the second listener.
struct Stage {
    server: Server,
    clerk: Browser,
    second: Router,
    page: Page,
}

impl Stage {
    async fn begin() -> Self {
        Self::begin_on(Server::with(on).await).await
    }

    async fn begin_on(server: Server) -> Self {
        let mut clerk = server.browser();
        clerk.enter("helpdesk1").await;
        let page = clerk.get(HERE).await;
        let page = clerk.submit(&page, &at("begin"), &[]).await;
        let page = clerk.follow(&page).await;
        let second = main_app::rehearsal(server.app.clone());
        Self {
            server,
            clerk,
            second,
            page,
        }
    }

    /// Sends a form of the page, and has the page that follows.
    async fn does(&mut self, form: &str, fields: &[(&str, &str)]) {
        let answer = self.clerk.submit(&self.page, &at(form), fields).await;
        self.page = self.clerk.follow(&answer).await;
    }

    /// What the page's script sends, when the frame has shown something.
    async fn frame_shows(&mut self, shown: &str) {
        let fields = [
            ("token", self.page.hidden(&at("network"), "token")),
            ("run", self.page.hidden(&at("network"), "run")),
            ("shown", shown.to_owned()),
        ];
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let answer = self.clerk.post(&at("seen"), &fields).await;
        self.page = self.clerk.follow(&answer).await;
    }

    fn said(&self, id: &str) -> String {
        let (_, rest) = self
            .page
            .html
            .split_once(&format!("id=\"{id}\">"))
            .unwrap_or_else(|| panic!("no {id} in {}", self.page.html));
        rest.split('<').next().unwrap().to_owned()
    }

    fn has(&self, words: &str) -> bool {
        self.page.words().contains(words)
    }

    fn tablet(&self) -> Tablet {
        Tablet::new(self.second.clone())
    }

    async fn get(&self, path: &str) -> Answer {
        get_at(&self.second, path).await
    }
}

fn at(form: &str) -> String {
    format!("{HERE}/{form}")
}

async fn get_at(router: &Router, path: &str) -> Answer {
    let request = Request::get(path).header(header::HOST, "localhost:8081");
    send(router, request.body(Body::empty()).unwrap()).await
}

fn policy(answer: &Answer) -> &str {
    answer.header("content-security-policy").unwrap()
}

#[tokio::test]
async fn the_helpdesk_rehearses_and_nobody_else() {
    let server = Server::with(on).await;
    let mut visitor = server.browser();
    let page = visitor.get(HERE).await;
    assert_eq!(page.answer.header("location"), Some("/main/?to=rehearsal"));
    for login in ["field1", "supervisor1"] {
        let mut browser = server.browser();
        let home = browser.enter(login).await;
        assert!(!home.html.contains(HERE), "{}", home.html);
        let token = home.hidden("/main/sign-out", "token");
        assert_eq!(browser.get(HERE).await.status(), 403, "{login}");
        for form in ["begin", "end", "network", "reset", "seen"] {
            let fields = [
                ("token", token.as_str()),
                ("run", "00000000-0000-4000-8000-000000000001"),
                ("network", "off"),
                ("submission", "00000000-0000-4000-8000-000000000002"),
                ("shown", "{}"),
            ];
            let page = browser.post(&at(form), &fields).await;
            assert_eq!(page.status(), 403, "{login} at {form}");
        }
    }
    let mut clerk = server.browser();
    let home = clerk.enter("helpdesk1").await;
    assert!(home.html.contains("href=\"/main/rehearsal\""), "{}", home.html);
    assert_eq!(clerk.get(HERE).await.heading(), "Rehearsal");
}

#[tokio::test]
async fn forms_of_other_pages_are_refused() {
    let mut stage = Stage::begin().await;
    let token = stage.page.hidden(&at("network"), "token");
    let run = stage.page.hidden(&at("network"), "run");
    let switched = [("token", token.as_str()), ("run", &run), ("network", "off")];
    let (_, no_token) = switched.split_first().unwrap();
    assert_eq!(stage.clerk.post(&at("network"), no_token).await.status(), 403);
    for origin in [Some(FRAME), Some("http://evil.example"), None] {
        stage.clerk.origin = origin;
        for form in ["begin", "end", "network", "reset", "seen"] {
            let page = stage.clerk.post(&at(form), &switched).await;
            assert_eq!(page.status(), 403, "{origin:?} at {form}");
        }
    }
    let page = stage.clerk.get(HERE).await;
    assert!(page.words().contains("Network: on"), "{}", page.words());
}

#[tokio::test]
async fn it_can_be_turned_off() {
    let server = Server::start().await;
    let mut clerk = server.browser();
    let home = clerk.enter("helpdesk1").await;
    assert!(!home.html.contains(HERE));
    let token = home.hidden("/main/sign-out", "token");
    let page = clerk.get(HERE).await;
    assert_eq!(
        (page.status(), page.heading().as_str()),
        (404, "No rehearsal here")
    );
    let begun = clerk.post(&at("begin"), &[("token", &token)]).await;
    assert_eq!(begun.status(), 404);
    assert!(server.app.rehearsal_line().is_none());
    assert_eq!(
        get_at(&main_app::rehearsal(server.app.clone()), "/main/")
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn only_the_sandbox_is_framed_and_only_by_the_console() {
    let stage = Stage::begin().await;
    for path in [
        "/main/",
        "/main/password",
        "/main/nothing",
        "/main/fresh?run=1",
        "/main/fresh.js",
        "/api/settings",
        "/api/nothing",
        "/health",
        "/sw.js",
    ] {
        let answer = stage.get(path).await;
        assert!(
            policy(&answer).contains("frame-ancestors http://localhost:8080")
                && !policy(&answer).contains("'none'; frame-ancestors 'none'"),
            "{path}: {}",
            policy(&answer)
        );
    }
    for path in ["/main/", "/api/settings", "/health"] {
        let answer = crate::support::get(&stage.server.router, path).await;
        assert!(policy(&answer).ends_with("frame-ancestors 'none'"), "{path}");
    }
    let policy = policy(&stage.page.answer);
    assert!(policy.contains("frame-src http://localhost:8081;"), "{policy}");
    assert!(
        policy.ends_with("frame-ancestors 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    assert!(
        stage
            .page
            .html
            .contains("src=\"http://localhost:8081/main/fresh?run=")
    );
}

#[tokio::test]
async fn the_frame_is_where_the_console_is_or_where_it_is_told_to_be() {
    for (main, told, frame) in [
        (None, None, FRAME),
        (
            Some("http://main.localhost:8080"),
            None,
            "http://main.localhost:8081",
        ),
        (
            None,
            Some("https://rehearsal.example"),
            "https://rehearsal.example",
        ),
    ] {
        let server = Server::with(|config| {
            config.main_origin = main.map(|origin: &str| origin.parse().unwrap());
            config.rehearsal = Some(Rehearsal {
                port: 8081,
                origin: told.map(|origin: &str| origin.parse().unwrap()),
            });
        })
        .await;
        let mut clerk = server.browser();
        if let Some(main) = main {
            (clerk.host, clerk.origin) = ("main.localhost:8080", Some(main));
        }
        clerk.enter("helpdesk1").await;
        let page = clerk.get(HERE).await;
        let page = clerk.submit(&page, &at("begin"), &[]).await;
        let page = clerk.follow(&page).await;
        assert!(
            page.html.contains(&format!("data-frame=\"{frame}\"")),
            "{}",
            page.html
        );
        let second = main_app::rehearsal(server.app.clone());
        let settings = get_at(&second, "/api/settings").await.json();
        assert_eq!(
            settings["rehearsal"]["console_origin"],
            main.unwrap_or(CONSOLE),
            "the app is told to whom it speaks"
        );
        let real = server.router.clone();
        assert!(
            crate::support::get(&real, "/api/settings")
                .await
                .json()
                .get("rehearsal")
                .is_none()
        );
    }
}

#[tokio::test]
async fn its_cookies_have_names_of_their_own() {
    let stage = Stage::begin().await;
    let mut nurse = Browser::new(stage.second.clone());
    (nurse.host, nurse.origin) = ("localhost:8081", Some(FRAME));
    // One host, one jar: what the console has set is sent to the frame as well.
    nurse.cookies = stage.clerk.cookies.clone();
    let before = nurse.cookies.clone();
    let page = nurse.sign_in(&stage.said("login"), &stage.said("password")).await;
    assert_eq!(nurse.follow(&page).await.heading(), "Test Rehearsal");
    let added: Vec<_> = nurse
        .cookies
        .keys()
        .filter(|name| !before.contains_key(*name))
        .collect();
    assert_eq!(added, ["rehearsal_main_form", "rehearsal_main_session"]);
    assert!(before.iter().all(|(name, value)| nurse.cookies[name] == *value));

    let tablet = stage.tablet();
    let answer = tablet
        .try_attempt(
            crate::support::uuid(),
            &stage.said("login"),
            &stage.said("password"),
        )
        .await;
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("rehearsal_tablet="), "{cookie}");

    let fresh = stage.get("/main/fresh?run=1").await;
    let taken: Vec<_> = fresh.headers.get_all(header::SET_COOKIE).iter().collect();
    for name in [
        "rehearsal_main_session",
        "rehearsal_main_form",
        "rehearsal_tablet",
    ] {
        let is_taken = |line: &str| line.starts_with(&format!("{name}=;")) && line.contains("Max-Age=0");
        assert!(
            taken.iter().any(|line| is_taken(line.to_str().unwrap())),
            "{taken:?}"
        );
    }
}

#[tokio::test]
async fn nothing_of_it_is_in_the_real_database_and_nothing_real_in_the_sandbox() {
    let server = Server::on_disk_with(on).await;
    let mut stage = Stage::begin_on(server).await;
    let tables = [
        "accounts",
        "attempts",
        "audit",
        "devices",
        "data_keys",
        "tablet_sessions",
        "clients",
        "sign_ins",
    ];
    let mut before = Vec::new();
    for table in tables {
        before.push(count(&stage.server, table).await);
    }
    let (login, password) = (stage.said("login"), stage.said("password"));
    let mut tablet = stage.tablet();
    assert_eq!(tablet.result(&login, &password).await, "ok");
    assert_eq!(tablet.result(&login, "wrong").await, "bad_password");
    assert_eq!(tablet.result("field1", PASSWORD).await, "no_access");
    stage.does("reset", &[]).await;
    stage
        .frame_shows(r#"{"standing":{"installed":true,"waiting":0}}"#)
        .await;
    for (table, before) in tables.iter().zip(before) {
        assert_eq!(count(&stage.server, table).await, before, "{table}");
    }
    let mut real = stage.server.tablet();
    assert_eq!(real.result(&login, &password).await, "no_access");
    let settings = stage.get("/api/settings").await.json();
    assert_eq!(settings["helpdesk_email"], "helpdesk@example.org");
    let files: Vec<_> = std::fs::read_dir(stage.server.data())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("rehears"))
        .collect();
    assert!(files.is_empty(), "it lies in memory alone: {files:?}");
}

async fn count(server: &Server, table: &str) -> i64 {
    let rows = server
        .rows_of(&format!("SELECT COUNT(*) AS number FROM {table}"))
        .await;
    rows[0].get("number")
}

#[tokio::test]
async fn what_is_seen_ticks_its_step_with_the_message_beside_the_expected_one() {
    let mut stage = Stage::begin().await;
    assert!(stage.has("0 of 19 seen"));
    let (login, password) = (stage.said("login"), stage.said("password"));
    let mut tablet = stage.tablet();
    stage
        .frame_shows(r#"{"standing":{"installed":true,"waiting":0}}"#)
        .await;
    assert!(stage.has("1 of 19 seen"), "{}", stage.page.words());
    assert_eq!(tablet.result(&login, &password).await, "ok");
    stage
        .frame_shows(r#"{"opened":{"offline":false,"temp":false}}"#)
        .await;
    assert!(stage.has("2 of 19 seen"));
    let refused = format!(r#"{{"refused":{{"message":"{S1}","answered":true,"failures":0}}}}"#);
    stage.frame_shows(&refused).await;
    assert!(
        stage.has("2 of 19 seen"),
        "the main application has refused nobody"
    );
    assert_eq!(tablet.result(&login, "wrong").await, "bad_password");
    stage
        .frame_shows(&refused.replace("incorrect.", "<b>wrong</b>."))
        .await;
    assert!(stage.has("2 of 19 seen"));
    assert!(stage.has(
        "Expected Username or Password is incorrect. Seen, and it differs Username or Password is &#60;b&#62;wrong"
    ), "{}", stage.page.words());
    assert_eq!(tablet.result(&login, "wrong").await, "bad_password");
    stage.frame_shows(&refused).await;
    assert!(stage.has("3 of 19 seen"));
    assert!(
        stage.has(&format!("Expected {S1} Seen {S1}")),
        "{}",
        stage.page.words()
    );
    for nonsense in ["", "{}", "null", "[]", r#"{"refused":{}}"#, "<script>"] {
        let fields = [
            ("token", stage.page.hidden(&at("network"), "token")),
            ("run", stage.page.hidden(&at("network"), "run")),
            ("shown", nonsense.to_owned()),
        ];
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        assert_eq!(
            stage.clerk.post(&at("seen"), &fields).await.status(),
            400,
            "{nonsense}"
        );
    }
}

#[tokio::test]
async fn the_helpdesks_part_resets_once_and_shows_the_temp_password_until_it_is_changed() {
    let mut stage = Stage::begin().await;
    let login = stage.said("login");
    let reset = stage.page.html.clone();
    stage.does("reset", &[]).await;
    let temp = stage.said("temp");
    // The same form again, as after a double press.
    let page = Page {
        html: reset,
        answer: stage.get("/health").await,
    };
    let again = stage.clerk.submit(&page, &at("reset"), &[]).await;
    stage.page = stage.clerk.follow(&again).await;
    assert_eq!(stage.said("temp"), temp);
    let mut nurse = Browser::new(stage.second.clone());
    (nurse.host, nurse.origin) = ("localhost:8081", Some(FRAME));
    let page = nurse.sign_in(&login, &temp).await;
    let page = nurse.follow(&page).await;
    assert_eq!(page.heading(), "Choose a new password");
    let new = stage.said("new");
    let fields = [("new_password", new.as_str()), ("new_password_again", &new)];
    nurse.submit(&page, "/main/password", &fields).await;
    stage.page = stage.clerk.get(HERE).await;
    assert_eq!(stage.said("password"), new);
    assert!(!stage.page.html.contains(&temp));
    assert!(
        stage.has("2 of 19 seen"),
        "the reset and the change: {}",
        stage.page.words()
    );
}

#[tokio::test]
async fn starting_over_leaves_nothing_of_before() {
    let mut stage = Stage::begin().await;
    let (login, password) = (stage.said("login"), stage.said("password"));
    let before = stage.page.hidden(&at("network"), "run");
    stage
        .frame_shows(r#"{"standing":{"installed":true,"waiting":0}}"#)
        .await;
    stage.does("network", &[]).await;
    assert!(stage.has("Network: off") && stage.has("1 of 19 seen"));
    assert!(
        stage.page.html.contains("src=\"http://localhost:8081/\""),
        "what is kept is shown"
    );
    stage.does("begin", &[]).await;
    assert!(stage.has("Network: on") && stage.has("0 of 19 seen"));
    assert_ne!(stage.said("login"), login);
    assert_eq!(stage.tablet().result(&login, &password).await, "no_access");
    let token = stage.page.hidden(&at("network"), "token");
    let late = [("token", token.as_str()), ("run", &before), ("network", "off")];
    let answer = stage.clerk.post(&at("network"), &late).await;
    stage.page = stage.clerk.follow(&answer).await;
    assert!(stage.has("Network: on"), "a page of before switches nothing");
}

#[tokio::test]
async fn one_clerk_at_a_time_and_the_other_is_told_who() {
    let mut stage = Stage::begin().await;
    let new = roster::Draft {
        login: "supervisor1".into(),
        full_name: "Test Supervisor One".into(),
        roles: vec![Role::Helpdesk],
        ..roster::Draft::default()
    };
    let user = stage.server.user("supervisor1").await;
    admin::edit(&stage.server.app, None, user, &new.check().unwrap())
        .await
        .unwrap();
    let mut other = stage.server.browser();
    other.enter("supervisor1").await;
    let page = other.get(HERE).await;
    assert!(
        page.words().contains("Test Helpdesk One is rehearsing just now."),
        "{}",
        page.words()
    );
    assert!(!page.html.contains(&stage.said("password")));
    let token = page.hidden(&at("begin"), "token");
    let run = stage.page.hidden(&at("network"), "run");
    let fields = [("token", token.as_str()), ("run", &run), ("network", "off")];
    other.post(&at("network"), &fields).await;
    stage.page = stage.clerk.get(HERE).await;
    assert!(
        stage.has("Network: on"),
        "nobody switches another clerk's network"
    );
    other.submit(&page, &at("begin"), &[]).await;
    let page = stage.clerk.get(HERE).await;
    assert!(
        page.words()
            .contains("Test Supervisor One is rehearsing just now."),
        "{}",
        page.words()
    );
}

#[tokio::test]
async fn it_ends_when_it_is_told_to_or_left_for_an_hour() {
    let mut stage = Stage::begin().await;
    assert_eq!(stage.get("/main/").await.status, 200);
    let ended = stage.clerk.submit(&stage.page, &at("end"), &[]).await;
    stage.page = stage.clerk.follow(&ended).await;
    assert!(stage.page.html.contains("Begin a rehearsal"));
    assert_eq!(stage.get("/main/").await.status, 404);

    stage.does("begin", &[]).await;
    stage.server.clock.advance_ms(HOUR - 1);
    stage.server.app.tidy().await.unwrap();
    assert_eq!(stage.get("/main/").await.status, 200);
    stage.server.clock.advance_ms(1);
    stage.server.app.tidy().await.unwrap();
    assert_eq!(stage.get("/main/").await.status, 404);
}

async fn ask(stream: &mut TcpStream) -> std::io::Result<String> {
    stream
        .write_all(b"GET /health HTTP/1.1\r\nHost: localhost:8081\r\n\r\n")
        .await?;
    let mut answer = [0; 4096];
    let length = stream.read(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer[..length]).into_owned())
}

#[tokio::test]
async fn the_switch_drops_connections_those_that_are_open_too() {
    let server = Server::with(on).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let line = server.app.rehearsal_line().unwrap();
    let second = main_app::rehearsal(server.app.clone());
    let serving = tokio::spawn(async move { axum::serve(line.through(listener), second).await });
    let is_dropped =
        |answer: std::io::Result<String>| answer.is_err() || answer.is_ok_and(|text| text.is_empty());

    let mut early = TcpStream::connect(address).await.unwrap();
    assert!(
        is_dropped(ask(&mut early).await),
        "nobody is let in before it has begun"
    );
    let mut stage = Stage::begin_on(server).await;
    let mut kept = TcpStream::connect(address).await.unwrap();
    assert!(ask(&mut kept).await.unwrap().starts_with("HTTP/1.1 200"));
    stage.does("network", &[]).await;
    assert!(is_dropped(ask(&mut kept).await));
    let mut new = TcpStream::connect(address).await.unwrap();
    assert!(is_dropped(ask(&mut new).await));
    stage.does("network", &[]).await;
    let mut again = TcpStream::connect(address).await.unwrap();
    assert!(ask(&mut again).await.unwrap().starts_with("HTTP/1.1 200"));
    serving.abort();
}
