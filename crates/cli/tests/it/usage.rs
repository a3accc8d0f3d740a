use insta::assert_snapshot;

use crate::project::Project;

#[test]
fn help_names_every_command() {
    assert_snapshot!(Project::empty().transcript(&["--help"]), @r#"
    Record training runs; look at them, compare them, register the best model.

    `trackline run train.py` runs a script and records it in the folder `.trackline/`; so does a script
    with the line `import trackline; trackline.autolog()`. Then look with the commands below.

    Usage: trackline <COMMAND>

    Commands:
      ui           Look at the runs in a browser
      run          Run a program and record what it does
      server       Serve runs to scripts, MLflow clients and browsers
      runs         List, show and compare runs in the terminal
      experiments  List experiments in the terminal
      sync         Send or bring in what waits
      backup       Copy a store to another folder, while it is in use
      gc           Remove for good what was deleted
      version      Print the version

    Options:
      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Examples:
      trackline run train.py --lr 0.1              record a script
      trackline ui                                 look at the runs in a browser
      trackline runs list --filter "metrics.accuracy > 0.9"
      trackline runs diff 3fa85f64 9b2c01aa        what changed between two runs

    `trackline COMMAND --help` says more about each.
    "#);
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
    assert_snapshot!(Project::empty().transcript(&["runs", "list"]), @r"
    error: there is no store at PROJECT/.trackline
    hint: go to the folder of your project, give --store, or record a first run
    [exit code 1]
    ");
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
    assert_snapshot!(project.transcript(&["ui", "--store", "http://localhost:5000"]), @r"
    error: http://localhost:5000 is a server: for this, give the folder of a store
    hint: --store chooses the folder of a store
    [exit code 2]
    ");
    std::fs::write(project.path().join("file"), "").unwrap();
    assert_snapshot!(project.transcript(&["runs", "list", "--store", "file"]), @r"
    error: file is not a folder: the store is a folder, give its path
    [exit code 2]
    ");
}

#[test]
fn a_wrong_command_ends_with_code_2() {
    let code = |args: &[&str]| Project::empty().command(args).output().unwrap().status.code();
    assert_eq!(code(&["dance"]), Some(2));
    assert_eq!(code(&["runs", "diff", "one"]), Some(2));
    assert_eq!(code(&["runs", "list", "--limit", "0"]), Some(2));
    assert_eq!(code(&[]), Some(2));
}
