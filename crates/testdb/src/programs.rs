use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// The folder of `initdb` and the other programs of the server.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let told = Command::new("pg_config").arg("--bindir").output().ok();
        let told = told.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
        // Debian keeps them out of the PATH, one folder for each version.
        let mut debian: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
            .map(|versions| versions.flatten().map(|version| version.path().join("bin")).collect())
            .unwrap_or_default();
        debian.sort();
        let mut folders = told.into_iter().chain(debian.into_iter().rev());
        let found = folders.find(|folder| folder.join("initdb").is_file());
        found.unwrap_or_else(|| panic!("There is no PostgreSQL server here. Run: apt-get install postgresql"))
    })
}

/// A program of the server, which refuses the superuser: then it runs as `postgres`.
pub fn server(name: &str) -> Command {
    let program = folder().join(name);
    let mut command = match is_root() {
        true => {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
            command
        }
        false => Command::new(program),
    };
    command.env("LC_ALL", "C.UTF-8").current_dir("/");
    command
}

pub fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").unwrap().uid() == 0
}

/// Runs SQL in the database that is always there.
pub fn psql(socket_folder: &Path, sql: &str) -> String {
    psql_in(socket_folder, "postgres", sql)
}

pub fn psql_in(socket_folder: &Path, database: &str, sql: &str) -> String {
    let mut command = Command::new(folder().join("psql"));
    command.arg("--host").arg(socket_folder).args(["--username=postgres", "--dbname", database]);
    command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--command", sql]);
    done(command.output().unwrap(), sql)
}

/// The output of a program that must succeed.
pub fn done(output: Output, what: &str) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{what}: {said}{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}
