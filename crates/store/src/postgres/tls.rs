//! Encrypted connections, asked for as libpq is: `?sslmode=verify-full&sslrootcert=/etc/ssl/db.pem`.

use std::sync::Arc;

use percent_encoding::percent_decode_str;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{Error, Result};

/// Whether connections are encrypted, and who the server must prove to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    mode: Mode,
    /// A file of certificates in the PEM format; the server's must be signed by one of them.
    root: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Mode {
    Disable,
    /// If the server can.
    #[default]
    Prefer,
    Require,
    /// And the server has a certificate of a known authority, for its name.
    Verify,
}

impl Wanted {
    /// Takes what is about encryption out of the query of an address.
    ///
    /// # Errors
    /// For a mode that there is not.
    pub fn take<'a>(
        query: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<(Self, Vec<(&'a str, &'a str)>)> {
        let (mut wanted, mut rest) = (Self::default(), Vec::new());
        for (key, value) in query {
            match key {
                "sslmode" => wanted.mode = mode(value)?,
                "sslrootcert" => {
                    let path = percent_decode_str(value).decode_utf8_lossy().into_owned();
                    wanted.root = Some(path).filter(|path| path != "system" && !path.is_empty());
                }
                _ => rest.push((key, value)),
            }
        }
        if wanted.root.is_some() && wanted.mode == Mode::Require {
            wanted.mode = Mode::Verify;
        }
        Ok((wanted, rest))
    }

    pub fn mode(&self) -> SslMode {
        match self.mode {
            Mode::Disable => SslMode::Disable,
            Mode::Prefer => SslMode::Prefer,
            Mode::Require | Mode::Verify => SslMode::Require,
        }
    }

    /// # Errors
    /// For certificates that cannot be read.
    pub fn connector(&self) -> Result<MakeRustlsConnect> {
        let provider = Arc::new(ring::default_provider());
        let config =
            ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions();
        let config = config.map_err(|error| Error::invalid(format!("TLS cannot be used: {error}.")))?;
        let config = if self.mode == Mode::Verify {
            config.with_root_certificates(self.roots()?)
        } else {
            config.dangerous().with_custom_certificate_verifier(Arc::new(Anybody(provider)))
        };
        Ok(MakeRustlsConnect::new(config.with_no_client_auth()))
    }

    /// Those of the file; without one, the usual authorities.
    fn roots(&self) -> Result<RootCertStore> {
        let Some(path) = &self.root else {
            return Ok(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() });
        };
        let unreadable = |why: String| {
            Error::invalid(format!(
                "The certificates in sslrootcert={path} cannot be read: {why}. Give a PEM file."
            ))
        };
        let mut roots = RootCertStore::empty();
        for certificate in
            CertificateDer::pem_file_iter(path).map_err(|error| unreadable(error.to_string()))?
        {
            let certificate = certificate.map_err(|error| unreadable(error.to_string()))?;
            roots.add(certificate).map_err(|error| unreadable(error.to_string()))?;
        }
        if roots.is_empty() { Err(unreadable("there is none".to_owned())) } else { Ok(roots) }
    }
}

fn mode(value: &str) -> Result<Mode> {
    Ok(match value {
        "disable" => Mode::Disable,
        "allow" | "prefer" => Mode::Prefer,
        "require" => Mode::Require,
        "verify-ca" | "verify-full" => Mode::Verify,
        other => {
            return Err(Error::invalid(format!(
                "There is no sslmode={other}. Write disable, prefer, require or verify-full."
            )));
        }
    })
}

/// Believes any server to be the right one: what is sent cannot be read on the way, unless somebody stands in between.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
