use std::fs;
use std::path::Path;

use ureq::tls::{PemItem, RootCerts, parse_pem};

use crate::{Error, Result};

/// The authorities whose certificates are in a file in the PEM format: their word is taken that a server is the one that
/// is meant.
///
/// # Errors
/// For a file that cannot be read or holds no certificate.
pub fn authorities(file: &Path) -> Result<RootCerts> {
    let pem = fs::read(file)
        .map_err(|error| Error::io(&format!("read the certificates in {}", file.display()), &error))?;
    let certificates: Vec<_> = parse_pem(&pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    if certificates.is_empty() {
        return Err(Error::invalid(format!(
            "{} holds no certificate: give a file in the PEM format.",
            file.display()
        )));
    }
    Ok(RootCerts::new_with_certs(&certificates))
}
