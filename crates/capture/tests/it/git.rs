use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use trackline_capture::Variables;
use trackline_capture::git::{self, Git, MAX_DIFF_BYTES};

fn observe(folder: &Path) -> Option<Git> {
    git::observe(folder, &Variables::now())
}

fn run(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.current_dir(folder).args([
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b",
        "-c",
        "commit.gpgsign=false",
    ]);
    let output = command.args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null").output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn repository() -> TempDir {
    let folder = TempDir::new().unwrap();
    run(folder.path(), &["init", "--quiet", "--initial-branch=main"]);
    folder
}

fn committed() -> TempDir {
    let folder = repository();
    fs::write(folder.path().join("train.py"), "lr = 0.1\nprint(lr)\n").unwrap();
    run(folder.path(), &["add", "."]);
    run(folder.path(), &["commit", "--quiet", "-m", "Start"]);
    folder
}

#[test]
fn a_clean_tree_is_its_commit() {
    let folder = committed();
    fs::create_dir(folder.path().join("below")).unwrap();
    let found = observe(&folder.path().join("below")).unwrap();
    assert_eq!(found.commit.unwrap(), run(folder.path(), &["rev-parse", "HEAD"]));
    assert_eq!(found.branch.as_deref(), Some("main"));
    assert_eq!(Path::new(&found.root), folder.path().canonicalize().unwrap());
    assert_eq!((found.dirty, found.diff.as_str(), found.diff_truncated), (Some(false), "", false));
    assert_eq!(found.remote, None);
}

#[test]
fn the_diff_restores_the_tree() {
    let folder = committed();
    fs::write(folder.path().join("train.py"), "lr = 0.2\nprint(lr)\n").unwrap();
    fs::create_dir(folder.path().join("a folder")).unwrap();
    fs::write(folder.path().join("a folder/new ü.py"), "x = 1\nno end").unwrap();
    let found = observe(folder.path()).unwrap();
    assert_eq!(found.dirty, Some(true));
    let clone = TempDir::new().unwrap();
    run(clone.path(), &["clone", "--quiet", folder.path().to_str().unwrap(), "."]);
    let patch = clone.path().join("the.patch");
    fs::write(&patch, &found.diff).unwrap();
    run(clone.path(), &["apply", patch.to_str().unwrap()]);
    assert_eq!(fs::read_to_string(clone.path().join("train.py")).unwrap(), "lr = 0.2\nprint(lr)\n");
    assert_eq!(fs::read_to_string(clone.path().join("a folder/new ü.py")).unwrap(), "x = 1\nno end");
}

#[test]
fn data_and_secrets_stay_out_of_the_diff() {
    let folder = committed();
    fs::write(folder.path().join("weights.bin"), [0, 1, 2, 0]).unwrap();
    fs::write(folder.path().join("big.csv"), "1,2\n".repeat(50_000)).unwrap();
    fs::write(folder.path().join(".env"), "SOMETHING=hidden\n").unwrap();
    fs::write(folder.path().join("train.py"), "password = 'hunter2'\n").unwrap();
    let found = observe(folder.path()).unwrap();
    assert_eq!(found.dirty, Some(true));
    assert!(found.diff.contains("+password = '[redacted]'"), "{}", found.diff);
    for absent in ["weights.bin", "big.csv", ".env", "hidden", "hunter2"] {
        assert!(!found.diff.contains(absent), "{absent}");
    }
}

#[test]
fn a_long_diff_is_cut_and_says_so() {
    let folder = committed();
    fs::write(folder.path().join("train.py"), "a line of text\n".repeat(200_000)).unwrap();
    let found = observe(folder.path()).unwrap();
    assert!(found.diff_truncated);
    assert!(found.diff.len() <= MAX_DIFF_BYTES && found.diff.len() > MAX_DIFF_BYTES / 2);
    assert!(found.diff.ends_with("+a line of text\n"), "the last line is whole");
}

#[test]
fn the_remote_has_no_credentials() {
    let folder = committed();
    run(folder.path(), &["remote", "add", "backup", "https://other.example/x"]);
    run(folder.path(), &["remote", "add", "origin", "https://me:s3cret@github.example/a/b.git"]);
    assert_eq!(observe(folder.path()).unwrap().remote.as_deref(), Some("https://github.example/a/b.git"));
}

#[test]
fn before_the_first_commit_everything_is_new() {
    let folder = repository();
    fs::write(folder.path().join("train.py"), "x = 1\n").unwrap();
    let found = observe(folder.path()).unwrap();
    assert_eq!((found.commit, found.branch.as_deref(), found.dirty), (None, Some("main"), Some(true)));
    assert!(found.diff.contains("+x = 1"));
}

#[test]
fn a_detached_head_has_no_branch() {
    let folder = committed();
    run(folder.path(), &["checkout", "--quiet", "--detach"]);
    let found = observe(folder.path()).unwrap();
    assert!(found.commit.is_some() && found.branch.is_none());
}

#[test]
fn without_a_repository_there_is_nothing() {
    let folder = TempDir::new().unwrap();
    assert_eq!(observe(folder.path()), None);
    assert_eq!(observe(&folder.path().join("missing")), None);
}

#[test]
fn programs_of_the_user_are_not_run() {
    let folder = committed();
    let trap = folder.path().join("ran");
    let command = format!("touch '{}'; cat", trap.display());
    run(folder.path(), &["config", "diff.external", &command]);
    run(folder.path(), &["config", "diff.py.textconv", &command]);
    run(folder.path(), &["config", "core.fsmonitor", &command]);
    run(folder.path(), &["config", "core.pager", &command]);
    fs::write(folder.path().join(".gitattributes"), "*.py diff=py\n").unwrap();
    fs::write(folder.path().join("train.py"), "lr = 0.3\n").unwrap();
    let found = observe(folder.path()).unwrap();
    assert!(found.diff.contains("+lr = 0.3"), "{}", found.diff);
    assert!(!trap.exists());
}
