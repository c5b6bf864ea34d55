//! Secrets stay where they belong: not in the log, and in the database only as hashes or sealed.

use std::io::Write;
use std::sync::{Arc, Mutex};

use base64ct::{Base64, Encoding as _};
use tracing_subscriber::fmt::MakeWriter;

use crate::support::{Clerk, PASSWORD, Server};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn no_secret_is_in_the_log_or_readable_in_the_database() {
    // For the whole process: a subscriber of one thread alone misses what another thread has logged first.
    let log = Log::default();
    let lines = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    tracing::subscriber::set_global_default(lines).unwrap();

    let server = Server::on_disk().await;
    let mut tablet = server.tablet();
    tablet.sign_in("field1", PASSWORD).await;
    tablet
        .sign_in("a login that nobody has: my-typed-secret", "wrong-typed-secret")
        .await;
    tablet.sign_in("field1", "wrong-typed-secret").await;
    let client = tablet.clients().await[0];
    let mut draft = tablet.draft(client);
    draft.document.client_name = "Marker Of An Answer".into();
    tablet.sync(None, &[&draft]).await;
    let temp = Clerk::signs_in(&server, "helpdesk1")
        .await
        .resets(&server, "field1")
        .await;
    let mut browser = server.browser();
    let page = browser.sign_in("field1", &temp).await;
    let page = browser.follow(&page).await;
    let new = [
        ("new_password", "a quiet river bend"),
        ("new_password_again", "a quiet river bend"),
    ];
    browser.submit(&page, "/main/password", &new).await;

    let (_, key) = tablet.data_key(tablet.user);
    let key_text = Base64::encode_string(&key);
    let device = tablet.id.to_string();
    let cookie = browser.cookies["main_session"].clone();
    let secrets = [
        ("the password", PASSWORD),
        ("a wrong password", "wrong-typed-secret"),
        ("a login that nobody has", "my-typed-secret"),
        ("the temp password", &temp),
        ("the new password", "a quiet river bend"),
        ("the session token", &tablet.token),
        ("a cookie", &cookie),
        ("a data key", &key_text),
        ("a security answer", main_app::SAMPLE_ANSWER),
        ("an answer", "Marker Of An Answer"),
    ];
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(
        logged.contains("sign-in") && logged.contains("password reset"),
        "the log was heard: {logged}"
    );
    for (name, secret) in secrets {
        assert!(!logged.contains(secret), "{name} is in the log");
    }
    assert!(!logged.contains(&device), "a tablet's id is in the log");

    server.app.close().await;
    for file in std::fs::read_dir(server.data()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let holds = |secret: &[u8]| bytes.windows(secret.len()).any(|window| window == secret);
        for (name, secret) in secrets {
            assert!(!holds(secret.as_bytes()), "{name} is in the database");
        }
        assert!(!holds(&key), "a data key is in the database");
    }
}
