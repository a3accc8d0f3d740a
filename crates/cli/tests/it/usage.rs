use insta::assert_snapshot;

use crate::project::Project;

#[test]
fn help_names_every_command() {
    assert_snapshot!(Project::empty().transcript(&["--help"]), @"");
}

#[test]
fn version() {
    assert_eq!(
        Project::empty().transcript(&["version"]),
        format!("trackline {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn without_a_store_reading_commands_say_where_they_looked() {
    assert_snapshot!(Project::empty().transcript(&["runs", "list"]), @"");
}

#[test]
fn a_store_above_is_found() {
    let project = Project::new();
    let below = project.path().join("a/b");
    std::fs::create_dir_all(&below).unwrap();
    let shown = project.finish(project.command(&["runs", "list"]).current_dir(below));
    assert_eq!(shown, "There are no runs yet.\n");
}

#[test]
fn a_store_that_is_no_folder_is_refused() {
    let project = Project::empty();
    assert_snapshot!(project.transcript(&["runs", "list", "--store", "http://localhost:5000"]), @"");
    std::fs::write(project.path().join("file"), "").unwrap();
    assert_snapshot!(project.transcript(&["runs", "list", "--store", "file"]), @"");
}

#[test]
fn a_wrong_command_ends_with_code_2() {
    let code = |args: &[&str]| Project::empty().command(args).output().unwrap().status.code();
    assert_eq!(code(&["dance"]), Some(2));
    assert_eq!(code(&["runs", "diff", "one"]), Some(2));
    assert_eq!(code(&["runs", "list", "--limit", "0"]), Some(2));
    assert_eq!(code(&[]), Some(2));
}
