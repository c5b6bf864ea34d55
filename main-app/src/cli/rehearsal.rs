//! The second listener: where it listens, and what becomes of it when its port is not to be had.

use std::net::{IpAddr, SocketAddr};

use anyhow::Context as _;
use clap::Args;
use main_app::{MainApp, Origin, Rehearsal};
use tokio::net::TcpListener;

use super::tls::Tls;

#[derive(Args)]
pub struct Options {
    /// Port of the rehearsal's listener; by default the next one after --port
    #[arg(long, env = "MAIN_APP_REHEARSAL_PORT", conflicts_with = "no_rehearsal")]
    rehearsal_port: Option<u16>,
    /// Where a proxy serves the rehearsal's listener, such as https://rehearsal.main.example: of the same site as /main
    #[arg(long, env = "MAIN_APP_REHEARSAL_ORIGIN", conflicts_with = "no_rehearsal")]
    rehearsal_origin: Option<Origin>,
    /// Turns rehearsals off: /main/rehearsal is not there, and no second port is listened on
    #[arg(long, env = "MAIN_APP_NO_REHEARSAL")]
    no_rehearsal: bool,
}

/// The listener, before anything is answered on it.
pub struct Second {
    listener: TcpListener,
    pub setup: Rehearsal,
}

impl Options {
    /// Listens beside `first`. `None`: turned off, or nobody asked for it and the port is taken.
    pub async fn listen(&self, bind: IpAddr, first: u16) -> anyhow::Result<Option<Second>> {
        if self.no_rehearsal {
            return Ok(None);
        }
        // The next port after the last is one that the system chooses.
        let port = self.rehearsal_port.unwrap_or(first.wrapping_add(1));
        let listener = match TcpListener::bind(SocketAddr::new(bind, port)).await {
            Ok(listener) => listener,
            Err(error) if self.rehearsal_port.is_none() => {
                tracing::warn!(%error, port, "no rehearsal: its port cannot be listened on (--rehearsal-port chooses another)");
                return Ok(None);
            }
            Err(error) => {
                return Err(error).with_context(|| {
                    format!("cannot listen on {bind}:{port} (--rehearsal-port chooses another)")
                });
            }
        };
        let port = listener.local_addr().context("the rehearsal's address")?.port();
        Ok(Some(Second {
            listener,
            setup: Rehearsal {
                port,
                origin: self.rehearsal_origin.clone(),
            },
        }))
    }
}

impl Second {
    /// Answers until the program ends.
    pub async fn serve(self, app: MainApp, tls: Option<Tls>) -> anyhow::Result<()> {
        let Some(line) = app.rehearsal_line() else {
            return Ok(());
        };
        let router = main_app::rehearsal(app);
        let never = std::future::pending();
        match tls {
            Some(tls) => {
                let listener = line.through(tls.listen(self.listener));
                super::answer(listener, main_app::over_tls(router), never).await
            }
            None => super::answer(line.through(self.listener), router, never).await,
        }
        .context("the rehearsal's listener")
    }
}
