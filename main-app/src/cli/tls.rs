//! TLS by the program itself, where no proxy does it: certificate and key from files, and a listener that speaks it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args;
use tls_listener::TlsListener;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Whoever has not greeted by then is let go.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Args)]
pub struct Files {
    /// Certificate chain, a PEM file: everything is served over HTTPS. Read at the start
    #[arg(long, env = "MAIN_APP_TLS_CERT", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Its private key, a PEM file
    #[arg(long, env = "MAIN_APP_TLS_KEY", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
}

/// What a listener needs to speak TLS.
#[derive(Clone)]
pub struct Tls(TlsAcceptor);

impl Files {
    pub fn is_set(&self) -> bool {
        self.tls_cert.is_some()
    }

    /// Reads the files. `None`: there are none, and HTTP is spoken.
    pub fn load(&self) -> anyhow::Result<Option<Tls>> {
        let (Some(cert), Some(key)) = (&self.tls_cert, &self.tls_key) else {
            return Ok(None);
        };
        Tls::of(cert, key).map(Some)
    }
}

impl Tls {
    fn of(cert: &Path, key: &Path) -> anyhow::Result<Self> {
        let chain: Vec<_> = CertificateDer::pem_file_iter(cert)
            .and_then(Iterator::collect)
            .with_context(|| format!("--tls-cert {}: no PEM file", cert.display()))?;
        if chain.is_empty() {
            bail!("--tls-cert {}: there is no certificate in it", cert.display());
        }
        let secret = PrivateKeyDer::from_pem_file(key)
            .with_context(|| format!("--tls-key {}: no PEM file with a private key", key.display()))?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .context("TLS")?
            .with_no_client_auth()
            .with_single_cert(chain, secret)
            .with_context(|| {
                format!(
                    "--tls-cert {} and --tls-key {} do not belong together",
                    cert.display(),
                    key.display()
                )
            })?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }

    pub fn listen(&self, listener: TcpListener) -> TlsListener<TcpListener, TlsAcceptor> {
        tls_listener::builder(self.0.clone())
            .handshake_timeout(HANDSHAKE_TIMEOUT)
            .listen(listener)
    }
}
