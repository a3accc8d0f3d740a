//! Connections over a network, with TLS and without.

use std::path::Path;

use tempfile::TempDir;
use trackline_store::{ErrorKind, Store};
use trackline_testdb::{Cluster, Database, Tls};

use crate::support::fails;

fn opened(database: &Database, tls: &Tls, query: &str) -> trackline_store::Result<Store> {
    let folder = TempDir::new().unwrap();
    Store::connect(
        &format!("postgresql://postgres@{}/{}{query}", tls.address, database.name()),
        folder.path(),
    )
}

/// Whether the connection of the store that is open is encrypted.
fn encrypted(database: &Database) -> String {
    let sql = "SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
               WHERE application_name = 'trackline' AND datname = current_database()";
    database.psql(sql)
}

fn verify(certificate: &Path) -> String {
    format!("?sslmode=verify-full&sslrootcert={}", certificate.display().to_string().replace('/', "%2F"))
}

#[test]
fn connections_are_encrypted_as_the_address_says() {
    let (cluster, tls) = Cluster::with_tls();
    for (query, expected) in
        [("", "t"), ("?sslmode=require", "t"), (&verify(&tls.certificate), "t"), ("?sslmode=disable", "f")]
    {
        let database = cluster.database();
        let store = opened(&database, &tls, query).unwrap();
        assert_eq!(store.get_experiment("0").unwrap().name, "Default");
        assert_eq!(encrypted(&database), expected, "{query}");
        drop(store);
    }
}

#[test]
fn a_server_that_cannot_prove_who_it_is_is_refused() {
    let (cluster, tls) = Cluster::with_tls();
    let database = cluster.database();
    let error = opened(&database, &tls, "?sslmode=verify-full").unwrap_err();
    assert!(error.message.contains("certificate"), "{error}");
    // A certificate of another server, for another address.
    let (_other, others) = Cluster::with_tls();
    let error = opened(&database, &tls, &verify(&others.certificate)).unwrap_err();
    assert!(error.message.contains("certificate"), "{error}");
    let error = fails(opened(&database, &tls, &verify(Path::new("/none.pem"))), ErrorKind::Invalid);
    assert!(error.message.contains("sslrootcert=/none.pem"), "{error}");
}
