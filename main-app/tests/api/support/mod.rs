//! A main application with sample data and a clock that is moved by hand, and those who talk to it.

mod browser;
mod clerk;
mod database;
mod tablet;

pub use browser::{Browser, Page};
pub use clerk::Clerk;
pub use tablet::{Record, Tablet, at_work};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use main_app::{Clock, Config, Data, Hands, Limits, MainApp, admin};
use protocol::UserId;
use serde_json::Value;
use sqlx::Row as _;
use tempfile::TempDir;
use tower::ServiceExt as _;

pub const PASSWORD: &str = main_app::SAMPLE_PASSWORD;
pub const HOUR: i64 = 60 * 60 * 1_000;
pub const DAY: i64 = 24 * HOUR;
/// 23 Nov 2026, 14:02 UTC.
pub const START: i64 = 1_795_442_520_000;

pub struct Server {
    pub app: MainApp,
    pub router: Router,
    pub clock: Hands,
    folder: Option<TempDir>,
    /// Its address on the database server, where the tests are given one.
    database: Option<String>,
}

/// What came back, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Server {
    /// With sample data, in a database of its own: in memory, or on the server that the tests are given.
    pub async fn start() -> Self {
        Self::with(|_| ()).await
    }

    pub async fn with(set: impl FnOnce(&mut Config)) -> Self {
        Self::on(database::fresh().await, set).await
    }

    async fn on(database: Option<String>, set: impl FnOnce(&mut Config)) -> Self {
        let (clock, hands) = Clock::manual(START);
        let mut config = Config {
            database: database.as_deref().map(|url| url.parse().unwrap()),
            sample: true,
            clock,
            limits: Limits::none(),
            settings: protocol::Settings {
                helpdesk_email: "helpdesk@example.org".into(),
                access_request_url: "https://example.org/access-request".into(),
                contact: "Helpdesk, 555-0100".into(),
                ..protocol::Settings::default()
            },
            ..Config::default()
        };
        set(&mut config);
        let app = main_app::open(config).await.unwrap();
        Self {
            router: main_app::app(app.clone()),
            app,
            clock: hands,
            folder: None,
            database,
        }
    }

    /// With its database where several instances share it and a test can look into it: in a file, or on the server.
    pub async fn on_disk() -> Self {
        Self::on_disk_with(|_| ()).await
    }

    pub async fn on_disk_with(set: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = Data::Directory(folder.path().join("data"));
        let mut server = Self::with(|config| {
            config.data = data;
            set(config);
        })
        .await;
        server.folder = Some(folder);
        server
    }

    /// Two instances that start at the same moment on one database that is empty still.
    pub async fn two_at_once() -> [Self; 2] {
        let folder = tempfile::tempdir().unwrap();
        let database = database::fresh().await;
        let data = folder.path().join("data");
        let start = || {
            let (database, data) = (database.clone(), Data::Directory(data.clone()));
            tokio::spawn(Self::on(database, |config| config.data = data))
        };
        let (one, other) = tokio::join!(start(), start());
        let mut both = [one.unwrap(), other.unwrap()];
        both[0].folder = Some(folder);
        both
    }

    /// Another instance on the same database.
    pub async fn beside(&self) -> Self {
        self.beside_with(|_| ()).await
    }

    pub async fn beside_with(&self, set: impl FnOnce(&mut Config)) -> Self {
        let data = Data::Directory(self.data());
        Self::on(self.database.clone(), |config| {
            config.data = data;
            set(config);
        })
        .await
    }

    pub fn data(&self) -> std::path::PathBuf {
        self.folder
            .as_ref()
            .expect("a server on disk")
            .path()
            .join("data")
    }

    pub fn tablet(&self) -> Tablet {
        Tablet::new(self.router.clone())
    }

    pub fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    pub async fn user(&self, login: &str) -> UserId {
        admin::find(&self.app, login).await.unwrap().unwrap()
    }

    /// Has the helpdesk hand out a temp password.
    pub async fn reset(&self, login: &str) -> String {
        let temp = admin::reset(&self.app, None, self.user(login).await)
            .await
            .unwrap();
        temp.unwrap().expose().to_owned()
    }

    pub async fn deactivate(&self, login: &str) {
        assert!(
            admin::deactivate(&self.app, None, self.user(login).await)
                .await
                .unwrap()
        );
    }

    pub async fn reactivate(&self, login: &str) {
        assert!(
            admin::reactivate(&self.app, None, self.user(login).await)
                .await
                .unwrap()
        );
    }

    /// The address on the database server, where it is on one.
    pub fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    pub fn is_on_postgres(&self) -> bool {
        self.database.is_some()
    }

    /// The database of a server on disk, past the main application.
    pub async fn pool(&self) -> sqlx::AnyPool {
        match &self.database {
            Some(url) => database::pool(url).await,
            None => database::pool(&database::file(&self.data())).await,
        }
    }

    /// Looks into the database of a server on disk.
    pub async fn rows(&self, query: &'static str) -> Vec<sqlx::any::AnyRow> {
        let pool = self.pool().await;
        let rows = sqlx::query(query).fetch_all(&pool).await.unwrap();
        pool.close().await;
        rows
    }

    /// As [`rows`](Self::rows), with a query that the test has put together.
    pub async fn rows_of(&self, query: &str) -> Vec<sqlx::any::AnyRow> {
        let pool = self.pool().await;
        let rows = sqlx::query(sqlx::AssertSqlSafe(query.to_owned()))
            .fetch_all(&pool)
            .await
            .unwrap();
        pool.close().await;
        rows
    }

    /// Makes one kind of write fail, as a full disk would, until [`Server::is_mended`]: "INSERT ON audit", or with a
    /// condition "UPDATE ON attempts WHEN NEW.result = 'ok'".
    pub async fn is_broken(&self, when: &str) {
        let pool = self.pool().await;
        database::break_writes(&pool, when, self.is_on_postgres()).await;
        pool.close().await;
    }

    pub async fn is_mended(&self) {
        let pool = self.pool().await;
        database::mend_writes(&pool, self.is_on_postgres()).await;
        pool.close().await;
    }

    /// Changes something in the database of a server on disk, as another instance of the main application would.
    pub async fn change(&self, statement: &'static str, value: Option<&str>) {
        let pool = self.pool().await;
        sqlx::query(statement)
            .bind(value.map(str::to_owned))
            .execute(&pool)
            .await
            .unwrap();
        pool.close().await;
    }

    /// The audit's actions about a user, oldest first.
    pub async fn audited(&self, login: &str) -> Vec<String> {
        let user = self.user(login).await.to_string();
        self.rows("SELECT action, subject FROM audit ORDER BY seq")
            .await
            .iter()
            .filter(|row| row.get::<Option<String>, _>("subject").as_deref() == Some(user.as_str()))
            .map(|row| row.get("action"))
            .collect()
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Checks that it is an error of that status with a code and a message for people.
    #[track_caller]
    pub fn assert_error(&self, status: u16, code: &str) {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), Some("application/json"));
        let body = self.json();
        assert_eq!(body["code"], code, "{body}");
        assert!(
            body["message"]
                .as_str()
                .is_some_and(|message| message.ends_with('.')),
            "{body}"
        );
        assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
    }
}

pub async fn send(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: body.collect().await.unwrap().to_bytes().to_vec(),
    }
}

pub async fn get(router: &Router, path: &str) -> Answer {
    send(
        router,
        Request::get(path)
            .header(header::HOST, "localhost:8080")
            .body(Body::empty())
            .unwrap(),
    )
    .await
}

pub async fn post_json(router: &Router, path: &str, body: impl Into<Body>) -> Answer {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::HOST, "localhost:8080")
        .header(header::CONTENT_TYPE, "application/json")
        .body(body.into())
        .unwrap();
    send(router, request).await
}

/// A new version 4 identifier.
pub fn uuid() -> uuid::Uuid {
    let mut bytes = [0; 16];
    vault::native::random(&mut bytes).unwrap();
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}
