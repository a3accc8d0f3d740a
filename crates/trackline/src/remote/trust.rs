//! Whose word is taken that a server is the one we mean.

use std::env;
use std::path::Path;

use trackline_store::authorities;
use ureq::tls::TlsConfig;

use crate::Error;

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
    Ok(config.root_certs(authorities(Path::new(&file))?).build())
}
