//! The cluster that all tests of a build share.
//!
//! Who uses it holds a shared lock on a file, until the process ends; who starts or ends it holds it alone.

use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::cluster;

/// Ends the cluster when nobody has used it for some seconds. `$1` is the lock, `$2` the folder, the rest ends it.
const WATCH: &str = r#"
lock=$1 folder=$2; shift 2; idle=0
while [ $idle -lt 3 ]; do
    sleep 2
    if flock --nonblock --exclusive "$lock" true; then idle=$((idle + 1)); else idle=0; fi
done
exec flock --exclusive "$lock" sh -c '"$@"; rm -rf "$0"' "$folder" "$@"
"#;

pub fn socket_folder() -> &'static Path {
    static USED: OnceLock<(PathBuf, File)> = OnceLock::new();
    let (folder, _) = USED.get_or_init(|| {
        let (folder, lock_path) = places();
        let lock = File::create(&lock_path).unwrap();
        loop {
            lock.lock_shared().unwrap();
            if cluster::is_running(&folder) {
                return (folder, lock);
            }
            lock.unlock().unwrap();
            lock.lock().unwrap();
            if !cluster::is_running(&folder) {
                begin(&folder, &lock_path);
            }
            lock.unlock().unwrap();
        }
    });
    folder
}

/// The folder of the cluster, of a path short enough for a socket, and the lock beside the tests' programs.
fn places() -> (PathBuf, PathBuf) {
    let program = std::env::current_exe().unwrap();
    let build = program.ancestors().find(|folder| folder.join("deps").is_dir()).unwrap();
    let mut hasher = DefaultHasher::new();
    build.hash(&mut hasher);
    let folder = std::env::temp_dir().join(format!("trackline-postgres-{:x}", hasher.finish()));
    (folder, build.join("postgres.lock"))
}

#[allow(clippy::zombie_processes, reason = "who ends the cluster outlives this process")]
fn begin(folder: &Path, lock: &Path) {
    drop(std::fs::remove_dir_all(folder));
    std::fs::create_dir(folder).unwrap();
    cluster::create(folder);
    cluster::start(folder);
    let mut end = cluster::control(folder);
    end.args(["--mode=immediate", "stop"]);
    Command::new("sh")
        .args(["-c", WATCH, "sh"])
        .args([lock, folder])
        .arg(end.get_program())
        .args(end.get_args())
        // Out of reach of who ends the test with all its processes.
        .current_dir("/")
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
}
