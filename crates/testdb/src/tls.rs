use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Command;

use uuid::Uuid;

use crate::{cluster, programs};

/// How a cluster is reached with TLS.
#[derive(Debug)]
pub struct Tls {
    /// Of this machine. A random one, as the port is the usual one.
    pub address: Ipv4Addr,
    /// The certificate of the server, for that address, signed by itself: a PEM file.
    pub certificate: PathBuf,
}

impl Tls {
    /// Makes a certificate, and has the cluster with this folder of data use it from its next start on.
    pub fn set_up(data: &Path) -> Self {
        let [a, b, c, ..] = *Uuid::new_v4().as_bytes();
        let address = Ipv4Addr::new(127, a, b, c.clamp(1, 254));
        let (key, certificate) = (data.join("server.key"), data.join("server.crt"));
        let settings = data.join("openssl.cnf");
        std::fs::write(&settings, "[req]\ndistinguished_name = name\n[name]\n").unwrap();
        let mut openssl = Command::new("openssl");
        openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]);
        openssl.args([
            "-days",
            "2",
            "-subj",
            "/CN=trackline",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
        ]);
        openssl.args(["-addext", &format!("subjectAltName=IP:{address}"), "-config"]).arg(settings);
        openssl.arg("-keyout").arg(&key).arg("-out").arg(&certificate);
        programs::done(openssl.output().unwrap(), "openssl");
        if programs::is_root() {
            let mut chown = Command::new("chown");
            programs::done(chown.arg("postgres:").args([&key, &certificate]).output().unwrap(), "chown");
        }
        cluster::configure(data, "postgresql.conf", &format!("listen_addresses = '{address}'\nssl = on"));
        cluster::configure(data, "pg_hba.conf", "host all all 127.0.0.0/8 trust");
        Self { address, certificate }
    }
}
