//! Whose word is taken that a server is the one we mean.

use std::path::PathBuf;
use std::{env, fs};

use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};

use crate::{Error, ErrorKind};

/// The usual authorities; or those in the file that `MLFLOW_TRACKING_SERVER_CERT_PATH` or `SSL_CERT_FILE` names; or,
/// if `MLFLOW_TRACKING_INSECURE_TLS` is `true`, anybody.
///
/// # Errors
/// For a file that cannot be read or holds no certificate.
pub fn trust() -> Result<TlsConfig, Error> {
    let given = |name| env::var_os(name).filter(|value| !value.is_empty());
    let insecure = given("MLFLOW_TRACKING_INSECURE_TLS").is_some_and(|value| value == "true" || value == "1");
    let config = TlsConfig::builder().disable_verification(insecure);
    let Some(file) = given("MLFLOW_TRACKING_SERVER_CERT_PATH").or_else(|| given("SSL_CERT_FILE")) else {
        return Ok(config.build());
    };
    let file = PathBuf::from(file);
    let pem = fs::read(&file)
        .map_err(|error| Error::io(&format!("read the certificates in {}", file.display()), &error))?;
    let certificates: Vec<_> = parse_pem(&pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    if certificates.is_empty() {
        let message = format!("{} holds no certificate: give a file in the PEM format", file.display());
        return Err(Error::new(ErrorKind::Invalid, message));
    }
    Ok(config.root_certs(RootCerts::new_with_certs(&certificates)).build())
}
