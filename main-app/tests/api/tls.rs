//! HTTPS by the program itself and behind a proxy: cookies that go over TLS alone, and whose word is taken for it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, header};
use main_app::Limits;
use std::num::NonZeroU32;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::support::{Answer, Server, send, uuid};

/// A certificate that nobody has signed but itself.
struct SelfSigned {
    certificate: CertificateDer<'static>,
    folder: tempfile::TempDir,
}

impl SelfSigned {
    fn new() -> Self {
        let made =
            rcgen::generate_simple_self_signed(vec!["localhost".into(), "main.example".into()]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("cert.pem"), made.cert.pem()).unwrap();
        std::fs::write(folder.path().join("key.pem"), made.signing_key.serialize_pem()).unwrap();
        Self {
            certificate: made.cert.der().clone(),
            folder,
        }
    }

    fn command(&self) -> Command {
        let file = |name: &str| self.folder.path().join(name);
        let mut command = program(&file("data"));
        command.arg("--tls-cert").arg(file("cert.pem"));
        command.arg("--tls-key").arg(file("key.pem"));
        command
    }
}

fn program(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_main-app"));
    command
        .env_clear()
        .args(["--port", "0", "--no-rehearsal", "--data"])
        .arg(data);
    command
}

/// Ends the program when the test does.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts it, and returns the port that it prints with its scheme.
fn start(command: &mut Command) -> (Running, u16) {
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
    let (_, rest) = printed
        .split_once("https://localhost:")
        .expect("an address with https");
    let port = rest.split('/').next().unwrap().parse().unwrap();
    (Running(child), port)
}

/// Asks over TLS, as a browser that trusts this certificate.
fn ask(served: &SelfSigned, port: u16, path: &str, host: &str) -> String {
    let mut roots = RootCertStore::empty();
    roots.add(served.certificate.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
    let mut stream = StreamOwned::new(client, TcpStream::connect(("127.0.0.1", port)).unwrap());
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = Vec::new();
    // An end without a farewell is an end: the answer is whole by its length.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8(answer).unwrap()
}

#[test]
fn over_tls_cookies_are_secure_and_browsers_are_told_to_come_so_again() {
    let served = SelfSigned::new();
    let (_running, port) = start(&mut served.command());
    let answer = ask(&served, port, "/main/", "main.example");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("; Secure\r\n"), "{answer}");
    assert!(
        answer.contains("strict-transport-security: max-age=31536000"),
        "{answer}"
    );
    let answer = ask(&served, port, "/main/", &format!("localhost:{port}"));
    assert!(
        answer.contains("; Secure\r\n") && !answer.contains("strict-transport"),
        "this machine has other programs: {answer}"
    );

    // Whoever speaks no TLS, or says nothing, keeps nobody from being answered.
    let silent = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let mut plain = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(plain, "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut refused = Vec::new();
    let _ = plain.read_to_end(&mut refused);
    assert!(!String::from_utf8_lossy(&refused).contains("HTTP/1.1 200"));
    assert!(ask(&served, port, "/health", "localhost").starts_with("HTTP/1.1 200"));
    drop(silent);
}

#[test]
fn files_that_will_not_do_are_refused_with_a_reason() {
    let served = SelfSigned::new();
    let other = SelfSigned::new();
    let file = |name: &str| served.folder.path().join(name);
    let refused = |command: &mut Command| {
        let output = command.output().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    for (cert, key, expected) in [
        (file("key.pem"), file("key.pem"), "there is no certificate in it"),
        (
            file("cert.pem"),
            file("cert.pem"),
            "no PEM file with a private key",
        ),
        (
            file("cert.pem"),
            file("nothing.pem"),
            "no PEM file with a private key",
        ),
        (
            file("cert.pem"),
            other.folder.path().join("key.pem"),
            "do not belong together",
        ),
    ] {
        let mut command = program(&file("data"));
        let why = refused(command.arg("--tls-cert").arg(cert).arg("--tls-key").arg(key));
        assert!(why.contains(expected), "{expected}: {why}");
    }
    let why = refused(program(&file("data")).arg("--tls-cert").arg(file("cert.pem")));
    assert!(why.contains("--tls-key"), "{why}");
    let why = refused(served.command().args(["--main-origin", "http://main.example"]));
    assert!(why.contains("begins with https://"), "{why}");
    let why = refused(program(&file("data")).args(["--trusted-proxy", "proxy.example"]));
    assert!(why.contains("expected an address such as 10.0.0.7"), "{why}");
}

const PROXY: &str = "10.0.0.1";
const STRANGER: &str = "203.0.113.66";

async fn behind_a_proxy(limits: Limits) -> Server {
    Server::with(|config| {
        config.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
        config.limits = limits;
    })
    .await
}

async fn from(server: &Server, peer: &str, headers: &[(&str, &str)], request: Request<Body>) -> Answer {
    let mut request = request;
    let address = SocketAddr::new(peer.parse().unwrap(), 4711);
    request.extensions_mut().insert(ConnectInfo(address));
    let mut said = HeaderMap::new();
    for (name, value) in headers {
        said.append(
            axum::http::HeaderName::from_bytes(name.as_bytes()).unwrap(),
            value.parse().unwrap(),
        );
    }
    request.headers_mut().extend(said);
    send(&server.router, request).await
}

fn sign_in_page() -> Request<Body> {
    Request::get("/main/")
        .header(header::HOST, "main.example")
        .body(Body::empty())
        .unwrap()
}

#[tokio::test]
async fn a_trusted_proxy_is_believed_and_nobody_else() {
    let server = behind_a_proxy(Limits::none()).await;
    let x_https = [
        ("x-forwarded-for", "198.51.100.9"),
        ("x-forwarded-proto", "https"),
    ];
    let x_http = [("x-forwarded-for", "198.51.100.9"), ("x-forwarded-proto", "http")];
    let forwarded = [("forwarded", "for=198.51.100.9;proto=https")];
    for (peer, headers, is_secure) in [
        (PROXY, &x_https[..], true),
        (PROXY, &forwarded[..], true),
        (PROXY, &x_http[..], false),
        (PROXY, &[], false),
        (STRANGER, &x_https[..], false),
        (STRANGER, &forwarded[..], false),
        // One kind was written by somebody else.
        (PROXY, &[x_https[0], x_https[1], forwarded[0]][..], false),
    ] {
        let answer = from(&server, peer, headers, sign_in_page()).await;
        let cookie = answer.header("set-cookie").unwrap();
        assert_eq!(
            cookie.ends_with("; Secure"),
            is_secure,
            "{peer} {headers:?}: {cookie}"
        );
        assert_eq!(
            answer.header("strict-transport-security").is_some(),
            is_secure,
            "{peer} {headers:?}"
        );
    }
}

#[tokio::test]
async fn the_throttle_counts_whom_the_proxy_names_and_not_whom_a_stranger_invents() {
    let attempt = || {
        let body = serde_json::json!({
            "version": 1, "attempt_id": uuid(), "login": "field1", "password": "wrong", "device_id": uuid(),
        });
        Request::post("/api/sign-in")
            .header(header::HOST, "main.example")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap()
    };
    let server = behind_a_proxy(Limits::per_minute(NonZeroU32::new(2).unwrap())).await;
    let statuses = async |peer: &str, clients: [&str; 3]| {
        let mut statuses = Vec::new();
        for client in clients {
            let answer = from(&server, peer, &[("x-forwarded-for", client)], attempt()).await;
            statuses.push(answer.status.as_u16());
        }
        statuses
    };
    let (a, b, c) = ("198.51.100.1", "198.51.100.2", "198.51.100.3");
    assert_eq!(statuses(PROXY, [a, a, a]).await, [200, 200, 429], "one client");
    assert_eq!(
        statuses(PROXY, [b, c, b]).await,
        [200, 200, 200],
        "others behind the same proxy"
    );
    assert_eq!(
        statuses(STRANGER, [a, b, c]).await,
        [200, 200, 429],
        "an invented address makes nobody another"
    );
}
