use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use trackline_store::{ErrorKind, Store};

use crate::fixture;
use crate::support::{fails, open, run};

#[test]
fn a_new_folder_keeps_out_of_version_control() {
    let store = open();
    assert_eq!(fs::read_to_string(store.folder.path().join(".gitignore")).unwrap(), "*\n");
    assert!(store.folder.path().join("trackline.db").is_file());
    assert!(store.folder.path().join("blobs").is_dir());
}

#[test]
fn what_was_written_is_there_when_it_is_opened_again() {
    let store = open();
    let run_id = run(&store);
    let again = Store::open(store.folder.path()).unwrap();
    assert_eq!(again.get_run(&run_id).unwrap(), store.get_run(&run_id).unwrap());
    assert_eq!(again.create_experiment("a", None, &[]).unwrap().experiment_id, "1");
}

#[test]
fn a_store_of_a_newer_program_is_refused() {
    let store = open();
    let database = rusqlite::Connection::open(store.folder.path().join("trackline.db")).unwrap();
    database.execute("UPDATE meta SET number = 1000 WHERE name = 'schema_version'", []).unwrap();
    let error = fails(Store::open(store.folder.path()), ErrorKind::TooNew);
    assert!(error.message.contains("1000"), "{error}");
}

#[test]
fn what_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("trackline.db"), "this is no database at all, just a text").unwrap();
    let error = fails(Store::open(folder.path()), ErrorKind::Corrupt);
    assert!(error.message.contains(folder.path().to_str().unwrap()), "{error}");
}

#[test]
fn a_file_is_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let error = Store::open(&file.join("store")).unwrap_err();
    assert!(error.message.contains("file/store"), "{error}");
}

/// Rights do not bind the superuser, so the look from outside is taken by another process, as nobody.
#[test]
fn a_folder_without_write_permission_says_so() {
    const FOLDER: &str = "TRACKLINE_TEST_FOLDER";
    if let Some(folder) = std::env::var_os(FOLDER) {
        let error = fails(Store::open(Path::new(&folder)), ErrorKind::Denied);
        assert!(error.message.contains(folder.to_str().unwrap()), "{error}");
        return;
    }
    let outside = tempfile::tempdir().unwrap();
    fs::set_permissions(outside.path(), Permissions::from_mode(0o755)).unwrap();
    let program = outside.path().join("test");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    let made = outside.path().join("made");
    run(&Store::open(&made).unwrap());
    let empty = outside.path().join("empty");
    fs::create_dir(&empty).unwrap();
    for folder in [&made, &empty] {
        fs::set_permissions(folder, Permissions::from_mode(0o555)).unwrap();
        let mut child = Command::new(&program);
        child.args(["--exact", "opening::a_folder_without_write_permission_says_so"]).env(FOLDER, folder);
        if fs::metadata("/proc/self").unwrap().uid() == 0 {
            child.uid(65534).gid(65534);
        }
        let output = child.current_dir("/").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
}

#[test]
fn every_format_opens() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let current = version(&open().folder.path().join("trackline.db"));
    for number in 1..=current {
        let fixture = fixtures.join(format!("v{number}/trackline.db"));
        assert_eq!(version(&fixture), number, "make it as examples/fixture.rs says");
        let folder = tempfile::tempdir().unwrap();
        fs::copy(fixture, folder.path().join("trackline.db")).unwrap();
        fixture::check(&Store::open(folder.path()).unwrap(), number);
        assert_eq!(version(&folder.path().join("trackline.db")), current);
    }
}

fn version(database: &Path) -> i64 {
    let database = rusqlite::Connection::open(database).unwrap();
    database.query_one("SELECT number FROM meta WHERE name = 'schema_version'", [], |row| row.get(0)).unwrap()
}
