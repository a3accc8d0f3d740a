use std::path::Path;
use std::{fs, io};

use ureq::tls::{PemItem, RootCerts, parse_pem};

use crate::{Error, Result};

/// The authorities whose certificates are in a file in the PEM format, or in the files of a folder: their word is taken
/// that a server is the one that is meant.
///
/// # Errors
/// For what cannot be read or holds no certificate.
pub fn authorities(place: &Path) -> Result<RootCerts> {
    let pem = pem(place)
        .map_err(|error| Error::io(&format!("read the certificates in {}", place.display()), &error))?;
    let certificates: Vec<_> = parse_pem(&pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    if certificates.is_empty() {
        return Err(Error::invalid(format!(
            "{} holds no certificate: give a file in the PEM format, or a folder with such files.",
            place.display()
        )));
    }
    Ok(RootCerts::new_with_certs(&certificates))
}

fn pem(place: &Path) -> io::Result<Vec<u8>> {
    if !place.is_dir() {
        return fs::read(place);
    }
    let mut all = Vec::new();
    for entry in fs::read_dir(place)? {
        let file = entry?.path();
        // A link may lead nowhere.
        if file.is_file() {
            all.extend(fs::read(file)?);
            all.push(b'\n');
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_are_in_a_file_or_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        assert!(authorities(folder.path()).unwrap_err().message.contains("holds no certificate"));
        let pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
        for name in ["a.pem", "b.0"] {
            fs::write(folder.path().join(name), pem).unwrap();
        }
        fs::write(folder.path().join("README"), "not one").unwrap();
        fs::create_dir(folder.path().join("inner")).unwrap();
        std::os::unix::fs::symlink("nowhere", folder.path().join("lost")).unwrap();
        for (place, count) in [(folder.path().to_owned(), 2), (folder.path().join("a.pem"), 1)] {
            let RootCerts::Specific(found) = authorities(&place).unwrap() else { panic!("{place:?}") };
            assert_eq!(found.len(), count, "{place:?}");
        }
        assert!(authorities(&folder.path().join("none")).is_err());
    }
}
