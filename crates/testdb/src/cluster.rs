use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::tls::Tls;
use crate::{Database, programs};

/// A cluster of its own, for tests that stop and start it; ended with its folder.
#[derive(Debug)]
pub struct Cluster {
    folder: TempDir,
}

impl Cluster {
    /// Makes and starts one.
    pub fn start() -> Self {
        let folder = TempDir::with_prefix("trackline-postgres-").unwrap();
        create(folder.path());
        let cluster = Self { folder };
        cluster.restart();
        cluster
    }

    /// Makes and starts one that is reached over the network of this machine too, with TLS.
    pub fn with_tls() -> (Self, Tls) {
        let folder = TempDir::with_prefix("trackline-postgres-").unwrap();
        create(folder.path());
        let tls = Tls::set_up(&data(folder.path()));
        let cluster = Self { folder };
        cluster.restart();
        (cluster, tls)
    }

    /// A new database.
    pub fn database(&self) -> Database {
        Database::within(self.folder.path())
    }

    /// Stops it at once, as a crash would.
    pub fn crash(&self) {
        stop(self.folder.path());
    }

    /// Starts it again, as after a crash.
    pub fn restart(&self) {
        start(self.folder.path());
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if is_running(self.folder.path()) {
            stop(self.folder.path());
        }
    }
}

/// What the server is started with: nothing survives the test, so nothing needs to survive a power cut.
const SETTINGS: &str = "-c fsync=off -c full_page_writes=off -c max_connections=400 \
                        -c shared_buffers=64MB -c log_min_messages=error -c unix_socket_directories=";

/// Makes a cluster in an empty folder. Its text is sorted by the rules of English, so that whoever relies on the order of
/// bytes has to say so.
pub fn create(folder: &Path) {
    if programs::is_root() {
        programs::done(Command::new("chown").arg("postgres:").arg(folder).output().unwrap(), "chown");
    }
    let mut initdb = programs::server("initdb");
    initdb.args(["--username=postgres", "--auth=trust", "--no-sync", "--no-instructions", "--encoding=UTF8"]);
    initdb.args(["--locale-provider=icu", "--icu-locale=en", "--pgdata"]).arg(data(folder));
    programs::done(initdb.output().unwrap(), "initdb");
    configure(&data(folder), "postgresql.conf", "listen_addresses = ''");
}

/// Adds a line to a file of settings; of several about one thing, the last counts.
pub fn configure(data: &Path, file: &str, line: &str) {
    let mut file = OpenOptions::new().append(true).open(data.join(file)).unwrap();
    writeln!(file, "{line}").unwrap();
}

fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

pub fn start(folder: &Path) {
    let mut start = control(folder);
    start.arg("--options").arg(format!("{SETTINGS}{}", folder.display()));
    start.arg("--log").arg(folder.join("log")).args(["--wait", "start"]);
    // The server inherits what is not redirected, and whoever reads that would wait for its end.
    let started = start.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
    assert!(started.success(), "PostgreSQL does not start: {log}");
}

pub fn stop(folder: &Path) {
    programs::done(control(folder).args(["--mode=immediate", "stop"]).output().unwrap(), "pg_ctl stop");
}

/// `pg_ctl` for this cluster.
pub fn control(folder: &Path) -> Command {
    let mut control = programs::server("pg_ctl");
    control.arg("--pgdata").arg(data(folder)).arg("--silent");
    control
}

pub fn is_running(folder: &Path) -> bool {
    UnixStream::connect(folder.join(".s.PGSQL.5432")).is_ok()
}
