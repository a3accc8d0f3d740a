use std::path::Path;

use trackline::{ErrorKind, Tracker, locate};

use crate::child::fork;

/// What `locate` finds in a process with this working directory and these variables.
fn found(here: &Path, uri: Option<&str>, variables: &[(&str, &str)]) -> String {
    let child = fork(|say| {
        std::env::set_current_dir(here).unwrap();
        for name in ["TRACKLINE_URI", "MLFLOW_TRACKING_URI"] {
            set(name, variables.iter().find(|(given, _)| *given == name).map(|(_, value)| *value));
        }
        say.line(locate(uri).unwrap().display());
    });
    child.finish().remove(0)
}

#[allow(unsafe_code)]
fn set(name: &str, value: Option<&str>) {
    // SAFETY: a forked child has one thread.
    match value {
        Some(value) => unsafe { std::env::set_var(name, value) },
        None => unsafe { std::env::remove_var(name) },
    }
}

#[test]
fn the_nearest_folder_above_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let top = folder.path().canonicalize().unwrap();
    let below = top.join("a/b");
    std::fs::create_dir_all(&below).unwrap();
    assert_eq!(found(&below, None, &[]), below.join(".trackline").to_str().unwrap());
    std::fs::create_dir(top.join(".trackline")).unwrap();
    assert_eq!(found(&below, None, &[]), top.join(".trackline").to_str().unwrap());
}

#[test]
fn an_address_is_taken_from_the_call_then_from_the_variables() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().canonicalize().unwrap();
    let both = [("TRACKLINE_URI", "/t"), ("MLFLOW_TRACKING_URI", "file:///m%20n")];
    assert_eq!(found(&here, Some("/given"), &both), "/given");
    assert_eq!(found(&here, None, &both), "/t");
    assert_eq!(found(&here, None, &both[1..]), "/m n");
    assert_eq!(found(&here, Some("runs"), &[]), here.join("runs").to_str().unwrap());
    assert_eq!(found(&here, Some("file:runs"), &[]), here.join("runs").to_str().unwrap());
    assert_eq!(found(&here, Some("file://localhost/x"), &[]), "/x");
}

#[test]
fn an_address_that_is_no_folder_is_refused() {
    let refused = |uri: &str| Tracker::open(Some(uri)).unwrap_err();
    for uri in ["sqlite:///mlflow.db", "postgresql://h/d", "mysql+pymysql://h/d", "databricks:x"] {
        let error = refused(uri);
        assert_eq!(error.kind, ErrorKind::Unsupported, "{uri}");
        assert!(error.message.contains(uri), "{error}");
    }
    assert_eq!(locate(Some("http://localhost:5000")).unwrap_err().kind, ErrorKind::Unsupported);
    let message = locate(Some("mysql+pymysql://me:hunter2@host/runs")).unwrap_err().to_string();
    assert!(message.contains("mysql+pymysql://host/runs") && !message.contains("hunter2"), "{message}");
    assert_eq!(refused("http://").kind, ErrorKind::Invalid);
    assert_eq!(refused("file://host/path").kind, ErrorKind::Invalid);
    let file = tempfile::NamedTempFile::new().unwrap();
    assert_eq!(refused(file.path().to_str().unwrap()).kind, ErrorKind::Invalid);
}
