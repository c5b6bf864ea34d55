//! The command line, and what it starts. The administrative commands are in [`user`], [`form`] and [`keys`], the second listener in
//! [`rehearsal`], HTTPS in [`tls`].

mod form;
mod keys;
mod rehearsal;
mod tls;
mod user;

use std::io::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, bail};
use axum::Router;
use axum::serve::{Listener, ListenerExt as _};
use base64ct::{Base64, Encoding as _};
use clap::{Args, Parser, Subcommand, ValueEnum};
use ipnet::IpNet;
use main_app::{
    Config, Data, DatabaseUrl, Limits, MainApp, Origin, SAMPLE_ACCOUNTS, SAMPLE_ANSWER, SAMPLE_PASSWORD,
    may_serve_sample,
};
use zeroize::{Zeroize as _, Zeroizing};

/// 32 bytes in base64; from the environment only, since a command line can be read by others.
const MASTER_KEY_VARIABLE: &str = "MAIN_APP_MASTER_KEY";
/// The key that the one above replaces, until `keys rotate` has sealed everything anew.
const EARLIER_MASTER_KEY_VARIABLE: &str = "MAIN_APP_EARLIER_MASTER_KEY";
/// How long requests may take to come to an end after the signal to stop.
const LONGEST_GRACE: Duration = Duration::from_secs(10);
const TIDY_EVERY: Duration = Duration::from_secs(60 * 60);

/// The reference main application of Mobile Assessments.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Subcommand)]
enum Command {
    /// Print the OpenAPI description and end
    Openapi,
    /// Administer accounts and their tablets; works while the service runs
    #[command(subcommand)]
    User(user::Command),
    /// Publish forms; works while the service runs
    #[command(subcommand)]
    Form(form::Command),
    /// Replace the master key; works while the service runs
    #[command(subcommand)]
    Keys(keys::Command),
}

/// Where accounts and keys lie.
#[derive(Args)]
struct On {
    /// Directory of the database and the master key; made if it is missing
    #[arg(long, env = "MAIN_APP_DATA", default_value = ".data")]
    data: PathBuf,
    /// A PostgreSQL database in place of the SQLite file, such as postgres://user@host:5432/database. One with a password
    /// goes into the environment: a command line can be read by others
    #[arg(long, env = "MAIN_APP_DATABASE", hide_env_values = true)]
    database: Option<DatabaseUrl>,
}

impl On {
    /// Opens the data of a service, which may be running.
    async fn open(&self, temp_password_hours: u32) -> anyhow::Result<MainApp> {
        let config = Config {
            data: Data::Directory(self.data.clone()),
            database: self.database.clone(),
            temp_password_hours,
            master_key: key_from_environment(MASTER_KEY_VARIABLE)?,
            earlier_master_key: key_from_environment(EARLIER_MASTER_KEY_VARIABLE)?,
            ..Config::default()
        };
        Ok(main_app::open(config).await?)
    }
}

#[derive(Args)]
struct Serve {
    /// Port to listen on; 0 takes a free one
    #[arg(long, env = "MAIN_APP_PORT", default_value_t = 8080)]
    port: u16,
    /// Address to listen on
    #[arg(long, env = "MAIN_APP_BIND", default_value = "127.0.0.1")]
    bind: IpAddr,
    #[command(flatten)]
    on: On,
    /// Directory of the built PWA
    #[arg(long, env = "MAIN_APP_DIST")]
    dist: Option<PathBuf>,
    /// Fill an empty database with sample accounts, clients and forms
    #[arg(long, env = "MAIN_APP_SAMPLE")]
    sample: bool,
    /// Begin anew: removes a sample database and its master key; any other database is refused
    #[arg(long, env = "MAIN_APP_FRESH")]
    fresh: bool,
    /// A host of its own for /main, such as http://main.localhost:8080; served by this listener too
    #[arg(long, env = "MAIN_APP_MAIN_ORIGIN")]
    main_origin: Option<Origin>,
    /// Where "Back to Mobile Assessments" leads; with --main-origin by default http://localhost:PORT/
    #[arg(long, env = "MAIN_APP_APP_URL")]
    app_url: Option<String>,
    /// Where a request for a reset is mailed
    #[arg(long, env = "MAIN_APP_HELPDESK_EMAIL")]
    helpdesk_email: Option<String>,
    /// The page on which an agency submits an Access Request
    #[arg(long, env = "MAIN_APP_ACCESS_REQUEST_URL")]
    access_request_url: Option<String>,
    /// Whom to ask, as one line for people
    #[arg(long, env = "MAIN_APP_CONTACT")]
    contact: Option<String>,
    /// How many hours a temp password can be used for a new sign-in; 0 is for ever
    #[arg(long, env = "MAIN_APP_TEMP_PASSWORD_HOURS", default_value_t = 72)]
    temp_password_hours: u32,
    /// How many sign-ins an address, and each login at it, may try in a minute, and at once; more are told to wait. Without it
    /// an address may try 600 and 120 at once, a login 30 and 20 at once
    #[arg(long, env = "MAIN_APP_ATTEMPTS_PER_MINUTE")]
    attempts_per_minute: Option<NonZeroU32>,
    #[command(flatten)]
    tls: tls::Files,
    /// A proxy, or a network of them, whose word is taken for where a request came from and whether over TLS (the headers
    /// Forwarded, or X-Forwarded-For and X-Forwarded-Proto), such as 10.0.0.7 or 10.0.0.0/8; can be given several times
    #[arg(long = "trusted-proxy", env = "MAIN_APP_TRUSTED_PROXY", value_delimiter = ',', value_parser = proxy)]
    trusted_proxies: Vec<IpNet>,
    #[command(flatten)]
    rehearsal: rehearsal::Options,
    /// The log's form, on standard error
    #[arg(long, env = "MAIN_APP_LOG", value_enum, default_value_t = Log::Text)]
    log: Log,
}

#[derive(Clone, Copy, ValueEnum)]
enum Log {
    Text,
    Json,
}

impl Cli {
    pub async fn run(self) -> anyhow::Result<()> {
        match self.command {
            Some(Command::Openapi) => {
                let document = main_app::openapi().to_pretty_json().context("the description")?;
                say(&document)
            }
            Some(Command::User(command)) => command.run().await,
            Some(Command::Form(command)) => command.run().await,
            Some(Command::Keys(command)) => command.run().await,
            None => self.serve.run().await,
        }
    }
}

impl Serve {
    async fn run(self) -> anyhow::Result<()> {
        start_log(self.log);
        if self.sample && !may_serve_sample(self.bind) {
            bail!("{}", sample_refusal(self.bind));
        }
        let listener = tokio::net::TcpListener::bind(SocketAddr::new(self.bind, self.port))
            .await
            .with_context(|| {
                format!(
                    "cannot listen on {}:{} (--port chooses another)",
                    self.bind, self.port
                )
            })?;
        let address = listener.local_addr().context("the listener's address")?;
        let tls = self.tls.load()?;
        if tls.is_some() && self.main_origin.as_ref().is_some_and(|origin| !origin.is_https()) {
            bail!("with --tls-cert, --main-origin begins with https://");
        }
        // After the port is ours: whoever serves these data still would have kept us from it.
        if self.fresh {
            if self.on.database.is_some() {
                bail!(
                    "--fresh removes a sample database file; drop a PostgreSQL database with its own programs"
                );
            }
            main_app::remove_sample_data(&self.on.data).await?;
        }
        let second = self.rehearsal.listen(self.bind, address.port()).await?;
        let mut config = self.config(address.port())?;
        config.rehearsal = second.as_ref().map(|second| second.setup.clone());
        let app = main_app::open(config).await?;
        if app.has_sample_accounts() && !may_serve_sample(self.bind) {
            bail!("{}", sample_refusal(self.bind));
        }
        self.announce(&app, address)?;
        let rehearsing = second.map(|second| {
            let served = second.serve(app.clone(), tls.clone());
            tokio::spawn(async move {
                if let Err(error) = served.await {
                    tracing::error!("rehearsals are served no more: {error:#}");
                }
            })
        });
        let tidying = tokio::spawn(keep_tidy(app.clone()));
        let router = main_app::app(app.clone());
        let (stopping, stop_at_last) = tokio::sync::oneshot::channel();
        let stop = async move {
            stop_signal().await;
            // Nobody listens any more where everything has been answered already.
            let _ = stopping.send(());
        };
        let answering = async {
            match tls {
                Some(tls) => answer(tls.listen(listener), main_app::over_tls(router), stop).await,
                None => answer(listener, router, stop).await,
            }
        };
        tokio::select! {
            answered = answering => answered?,
            () = grace(stop_at_last) => tracing::warn!("stopping with requests unanswered"),
        }
        tidying.abort();
        if let Some(rehearsing) = rehearsing {
            rehearsing.abort();
        }
        app.close().await;
        tracing::info!("stopped");
        Ok(())
    }

    fn scheme(&self) -> &'static str {
        if self.tls.is_set() { "https" } else { "http" }
    }

    fn config(&self, port: u16) -> anyhow::Result<Config> {
        // The samples come with addresses that exist nowhere; without them an unset one is empty.
        let text = |given: &Option<String>, sample: &str| {
            given.clone().unwrap_or_else(|| {
                if self.sample {
                    sample.to_owned()
                } else {
                    String::new()
                }
            })
        };
        let app_url = match (&self.app_url, &self.main_origin) {
            (Some(url), _) => url.clone(),
            (None, Some(_)) => format!("{}://localhost:{port}/", self.scheme()),
            (None, None) => "/".to_owned(),
        };
        Ok(Config {
            data: Data::Directory(self.on.data.clone()),
            database: self.on.database.clone(),
            dist: self.dist.clone(),
            sample: self.sample,
            main_origin: self.main_origin.clone(),
            app_url,
            settings: protocol::Settings {
                helpdesk_email: text(&self.helpdesk_email, "helpdesk@example.org"),
                access_request_url: text(&self.access_request_url, "https://example.org/access-request"),
                contact: text(&self.contact, "Helpdesk, 555-0100, weekdays 8 to 17"),
                ..protocol::Settings::default()
            },
            temp_password_hours: self.temp_password_hours,
            limits: self
                .attempts_per_minute
                .map_or_else(Limits::default, Limits::per_minute),
            trusted_proxies: self.trusted_proxies.clone(),
            master_key: key_from_environment(MASTER_KEY_VARIABLE)?,
            earlier_master_key: key_from_environment(EARLIER_MASTER_KEY_VARIABLE)?,
            ..Config::default()
        })
    }

    fn announce(&self, app: &MainApp, address: SocketAddr) -> anyhow::Result<()> {
        let host = if address.ip().is_loopback() {
            "localhost".to_owned()
        } else {
            address.ip().to_string()
        };
        let here = format!("{}://{host}:{}", self.scheme(), address.port());
        let main = self
            .main_origin
            .as_ref()
            .map_or_else(|| here.clone(), Origin::to_string);
        say(&format!(
            "Mobile Assessments    {here}/\nMain application      {main}/main/\nHelpdesk              {main}/main/helpdesk"
        ))?;
        if app.rehearsal_line().is_some() {
            say(&format!("Rehearsal             {main}/main/rehearsal"))?;
        }
        if app.has_sample_accounts() {
            say(&format!(
                "\nSample accounts, password {SAMPLE_PASSWORD}, security answer {SAMPLE_ANSWER}:"
            ))?;
            for account in &SAMPLE_ACCOUNTS {
                say(&format!(
                    "  {:<12} {}, {}",
                    account.login, account.full_name, account.about
                ))?;
            }
        }
        tracing::info!(%address, "listening");
        Ok(())
    }
}

fn sample_refusal(address: IpAddr) -> String {
    format!(
        "sample accounts have a password that everybody knows, and {address} can be reached by others: \
         serve them on 127.0.0.1, or use a data directory without them"
    )
}

fn say(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "{text}")
        .and_then(|()| out.flush())
        .context("standard output")
}

fn start_log(log: Log) {
    let lines = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::INFO)
        .with_writer(std::io::stderr);
    match log {
        Log::Text => lines
            .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
            .init(),
        Log::Json => lines.json().flatten_event(true).init(),
    }
}

fn key_from_environment(variable: &str) -> anyhow::Result<Option<Zeroizing<[u8; 32]>>> {
    let Ok(mut text) = std::env::var(variable) else {
        return Ok(None);
    };
    let mut key = Zeroizing::new([0; 32]);
    let length = Base64::decode(&text, &mut key[..]).map(<[u8]>::len);
    text.zeroize();
    match length {
        Ok(32) => Ok(Some(key)),
        _ => bail!("{variable} is not 32 bytes in base64"),
    }
}

/// Answers what comes in by a listener, until it is told to stop.
async fn answer(
    listener: impl Listener<Addr = SocketAddr>,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    // Tapped, and nothing done with it: so a listener of any kind tells the address of whoever asks.
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener.tap_io(|_| ()), service)
        .with_graceful_shutdown(stop)
        .await
        .context("the listener")
}

/// An address, or a network as address and length.
fn proxy(text: &str) -> Result<IpNet, String> {
    let address = text.parse::<IpAddr>().map(IpNet::from);
    address
        .or_else(|_| text.parse())
        .map_err(|_| "expected an address such as 10.0.0.7, or a network such as 10.0.0.0/8".to_owned())
}

async fn keep_tidy(app: MainApp) {
    let mut hourly = tokio::time::interval(TIDY_EVERY);
    hourly.tick().await;
    loop {
        hourly.tick().await;
        if let Err(fault) = app.tidy().await {
            tracing::warn!(%fault, "tidying up failed; it is tried again in an hour");
        }
    }
}

/// Returns some time after the signal to stop, for requests that never come to an end.
async fn grace(signalled: tokio::sync::oneshot::Receiver<()>) {
    match signalled.await {
        Ok(()) => tokio::time::sleep(LONGEST_GRACE).await,
        Err(_) => std::future::pending().await,
    }
}

async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(error) => {
                tracing::warn!(%error, "SIGTERM will not be graceful");
                std::future::pending::<()>().await;
            }
        }
    };
    let interrupted = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::warn!(%error, "SIGINT will not be graceful");
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = terminated => {}
        () = interrupted => {}
    }
    tracing::info!("stopping");
}
