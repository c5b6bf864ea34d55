//! What a browser or a network can do to the app, played by scripts that run in the page before the app does, and by a
//! stranger between the tablet and the main application. The product knows nothing of either.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Request, Response, StatusCode, Uri};
use journeys::{Browser, Whole};
use serde_json::{Value, json};
use tokio::sync::watch;

/// The page's clock, moved with `later(milliseconds)`, which also has the app look at it.
pub const CLOCK: &str = "(() => {
  const Real = Date;
  let ahead = Number(sessionStorage.getItem('ahead') || 0);
  const now = () => Real.now() + ahead;
  window.Date = class extends Real {
    constructor(...parts) { if (parts.length) super(...parts); else super(now()); }
    static now() { return now(); }
  };
  window.later = milliseconds => {
    ahead += milliseconds;
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  };
  window.setClock = at => { ahead = at - Real.now(); sessionStorage.setItem('ahead', ahead); };
})();";

/// After `failWrites(true)`, every write is refused on the spot, as Firefox does it where there is no room.
pub const FULL: &str = "(() => {
  const put = IDBObjectStore.prototype.put;
  let full = false;
  window.failWrites = told => { full = told; };
  IDBObjectStore.prototype.put = function (...given) {
    if (full) throw new DOMException('told to', 'QuotaExceededError');
    return put.apply(this, given);
  };
})();";

/// The storage of the browser refuses to open.
pub const NO_STORAGE: &str =
    "IDBFactory.prototype.open = function () { throw new DOMException('told to', 'SecurityError'); };";

/// The next worker dies before it has said anything: with `killLoudly` as a worker that crashed, else without a word, and
/// then a minute is over at once.
pub const KILL_WORKERS: &str = "(() => {
  const Real = Worker;
  window.killing = null;
  window.Worker = class extends Real {
    constructor(...given) {
      super(...given);
      if (!window.killing) return;
      const loudly = window.killing === 'loudly';
      this.terminate();
      if (loudly) queueMicrotask(() => this.dispatchEvent(new Event('error')));
    }
  };
  const wait = setTimeout;
  window.setTimeout = (call, time, ...given) => wait(call, window.killing && time >= 60000 ? 1 : time, ...given);
})();";

/// Notes that a page came back from the back/forward cache.
pub const FROM_CACHE: &str = "addEventListener('pageshow', event => { if (event.persisted) sessionStorage.setItem('from-cache', 'yes'); }, true);";

/// Has a script run in every page of this tab from now on, before the page's own.
pub async fn prepare(tablet: &Browser, script: &str) -> Result<()> {
    tablet
        .devtools(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({ "source": script }),
        )
        .await?;
    Ok(())
}

/// Runs a script in the page now.
pub async fn run(tablet: &Browser, script: &str) -> Result<Value> {
    Ok(tablet.raw().execute(script, vec![]).await?.json().clone())
}

/// Runs a script that says by itself when it is done, with `done(value)`.
pub async fn run_until_done(tablet: &Browser, script: &str) -> Result<Value> {
    let script = format!("const done = arguments[arguments.length - 1]; {script}");
    Ok(tablet.raw().execute_async(&script, vec![]).await?.json().clone())
}

/// What a stranger answers in the main application's place.
#[derive(Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, &'static str)>,
    pub body: String,
}

/// What happens to requests for the API.
#[derive(Clone, Default)]
enum Doing {
    #[default]
    PassOn,
    Answer(Answer),
    /// Sign-ins wait.
    Hold,
}

/// Sits between the tablet and the main application, as a captive portal or a proxy does.
pub struct Stranger {
    port: u16,
    doing: watch::Sender<Doing>,
    sign_ins: Arc<AtomicUsize>,
    programs: Arc<AtomicUsize>,
    server: tokio::task::JoinHandle<()>,
}

#[derive(Clone)]
struct Line {
    whole: String,
    doing: watch::Receiver<Doing>,
    sign_ins: Arc<AtomicUsize>,
    programs: Arc<AtomicUsize>,
}

impl Stranger {
    pub async fn before(whole: &Whole) -> Result<Self> {
        let (doing, heard) = watch::channel(Doing::PassOn);
        let (sign_ins, programs) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let line = Line {
            whole: whole.url(""),
            doing: heard,
            sign_ins: sign_ins.clone(),
            programs: programs.clone(),
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let router = Router::new().fallback(pass).with_state(line);
        let server = tokio::spawn(async move {
            // It ends with the test.
            drop(axum::serve(listener, router).await);
        });
        Ok(Self {
            port,
            doing,
            sign_ins,
            programs,
            server,
        })
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.port)
    }

    pub fn answers(&self, answer: Answer) {
        self.doing.send_replace(Doing::Answer(answer));
    }

    pub fn holds_sign_ins(&self) {
        self.doing.send_replace(Doing::Hold);
    }

    pub fn passes_on(&self) {
        self.doing.send_replace(Doing::PassOn);
    }

    /// How many sign-ins have come by.
    pub fn sign_ins(&self) -> usize {
        self.sign_ins.load(Ordering::SeqCst)
    }

    /// How many times the app's program was sent, and not only confirmed.
    pub fn programs(&self) -> usize {
        self.programs.load(Ordering::SeqCst)
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn pass(
    State(mut line): State<Line>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    if path == "/api/sign-in" {
        line.sign_ins.fetch_add(1, Ordering::SeqCst);
        let held = line.doing.wait_for(|doing| !matches!(doing, Doing::Hold)).await;
        if held.is_err() {
            return broken("the test is over");
        }
    }
    let doing = line.doing.borrow().clone();
    if let (Doing::Answer(answer), true) = (doing, path.starts_with("/api/")) {
        let mut reply = Response::builder().status(answer.status);
        for (name, value) in answer.headers {
            reply = reply.header(name, value);
        }
        return reply
            .body(Body::from(answer.body))
            .unwrap_or_else(|error| broken(&error.to_string()));
    }
    let is_program = path.starts_with("/app-") && path.ends_with(".wasm");
    let passed =
        tokio::task::spawn_blocking(move || pass_on(&line.whole, method, &path, &headers, body)).await;
    match passed {
        Ok(Ok(reply)) => {
            if is_program && reply.status() == StatusCode::OK {
                line.programs.fetch_add(1, Ordering::SeqCst);
            }
            reply
        }
        Ok(Err(error)) => broken(&format!("{error:#}")),
        Err(error) => broken(&error.to_string()),
    }
}

fn pass_on(
    whole: &str,
    method: Method,
    path: &str,
    headers: &HeaderMap,
    body: Bytes,
) -> Result<Response<Body>> {
    let mut request = Request::builder().method(method).uri(format!("{whole}{path}"));
    for (name, value) in headers.iter().filter(|(name, _)| *name != "connection") {
        request = request.header(name, value);
    }
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .into();
    let passed = match body.is_empty() {
        true => agent.run(request.body(())?),
        false => agent.run(request.body(body.to_vec())?),
    };
    let (parts, mut body) = passed.context("passing on")?.into_parts();
    let bytes = body.read_to_vec()?;
    let mut reply = Response::builder().status(parts.status);
    for (name, value) in &parts.headers {
        if name != "transfer-encoding" && name != "content-length" {
            reply = reply.header(name, value);
        }
    }
    Ok(reply.body(Body::from(bytes))?)
}

fn broken(why: &str) -> Response<Body> {
    let mut reply = Response::new(Body::from(why.to_owned()));
    *reply.status_mut() = StatusCode::BAD_GATEWAY;
    reply
}
