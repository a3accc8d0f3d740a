//! The output of a program below `trackline run`: the same bytes for who reads them, and a copy in the run.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Output, Stdio};

use crate::project::Project;

const TALKS: &str = "echo one; echo two >&2; printf '\\r10%%\\r20%%\\n'; test -t 1 && echo terminal; exit 3";

fn with_pipe(mut command: Command) -> Output {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap()
}

fn kept(project: &Project) -> String {
    let store = project.store();
    let runs = store
        .search_runs(&trackline_store::RunQuery { experiment_ids: vec!["0".into()], ..Default::default() });
    let run = runs.unwrap().items.remove(0);
    let Some(trackline_store::Artifact::File { blob, .. }) =
        store.stat_artifact(&format!("0/{}/artifacts/console.log", run.info.run_id)).unwrap()
    else {
        panic!("no console.log")
    };
    String::from_utf8(store.blobs().read(&blob.digest).unwrap()).unwrap()
}

#[test]
fn a_pipe_gets_the_same_and_the_run_a_copy() {
    let project = Project::new();
    let output = with_pipe(project.command(&["run", "--", "sh", "-c", TALKS]));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "one\n\r10%\r20%\n");
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "two\n");
    assert_eq!(output.status.code(), Some(3));
    let kept = kept(&project);
    assert!(kept.contains("one\n") && kept.contains("two\n") && kept.contains("20%\n"), "{kept:?}");
    assert!(!kept.contains("10%"), "{kept:?}");
}

#[test]
fn a_terminal_is_one_for_the_program_too() {
    let project = Project::new();
    let command = format!(
        "stty cols 91; {} run -- sh -c 'test -t 1 && test -t 2 && stty size <&1'",
        env!("CARGO_BIN_EXE_trackline")
    );
    let mut script = Command::new("script");
    script.args(["-qec", &command, "/dev/null"]).current_dir(project.path()).stdin(Stdio::null());
    let output = with_pipe(script);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "0 91\r\n");
    assert_eq!(kept(&project), "0 91\n");
}

#[test]
fn what_is_written_after_the_end_still_arrives() {
    let project = Project::new();
    let late = project.path().join("late");
    let wait = format!("(while [ ! -e {} ]; do sleep 0.05; done; echo late) & echo now", late.display());
    let mut child =
        project.command(&["run", "--", "sh", "-c", &wait]).stdout(Stdio::piped()).spawn().unwrap();
    assert!(child.wait().unwrap().success());
    std::fs::write(late, "").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "now\nlate\n");
}

#[test]
fn a_program_writes_on_when_the_command_is_killed() {
    let project = Project::new();
    let wait = format!(
        "echo now; while [ ! -e {} ]; do sleep 0.05; done; echo later; echo last",
        project.path().join("late").display()
    );
    let mut child =
        project.command(&["run", "--", "sh", "-c", &wait]).stdout(Stdio::piped()).spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    output.read_line(&mut text).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    std::fs::write(project.path().join("late"), "").unwrap();
    output.read_to_string(&mut text).unwrap();
    assert_eq!(text, "now\nlater\nlast\n");
}

#[test]
fn a_reader_that_leaves_is_noticed() {
    let project = Project::new();
    let mut child = project.command(&["run", "--", "yes"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    use std::os::unix::process::ExitStatusExt;
    assert_eq!(child.wait().unwrap().signal(), Some(13));
}
