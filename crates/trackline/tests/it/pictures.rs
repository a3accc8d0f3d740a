use trackline::{Interpreter, Picture, RunStatus};

use crate::samples::{artifact, tag, tracker, trial};

const PNG: &[u8] = b"\x89PNG and so on";

/// A renderer that answers with what it is told.
fn echo() -> Interpreter {
    let arguments = ["-c", "exec 3<&0; cat <&3 3<&- &"].map(Into::into);
    Interpreter { program: "/bin/sh".into(), arguments: arguments.into() }
}

#[test]
fn pictures_are_kept_once_they_are_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    // They may be begun before there is a run.
    let (here, there) = (Picture::of(|| b"drawn here".to_vec()), Picture::drawn_by(echo(), PNG.to_vec()));
    let run = tracker.start_run(trial()).unwrap();
    run.end(RunStatus::Finished, None);
    run.log_picture(&here, "figures/here.png").unwrap();
    run.log_picture(&there, "figures/there.png").unwrap();
    assert!(run.log_picture(&there, "../there.png").is_err());
    let store = tracker.store().unwrap();
    let uri = store.get_run(run.id()).unwrap().info.artifact_uri;
    let root = uri.strip_prefix("mlflow-artifacts:/").unwrap();
    assert_eq!(artifact(&store, &format!("{root}/figures/here.png")), b"drawn here");
    assert_eq!(artifact(&store, &format!("{root}/figures/there.png")), PNG);
    assert_eq!(tag(&tracker, run.id(), "trackline.error.figures"), None);
}

#[test]
fn a_run_says_which_picture_is_missing_and_why() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    let missing = |picture: &Picture| {
        run.log_picture(picture, "a.png").unwrap();
        tag(&tracker, run.id(), "trackline.error.figures").unwrap()
    };
    let refused = Picture::drawn_by(echo(), b"too many ticks".to_vec());
    assert_eq!(missing(&refused), "a.png: too many ticks");
    let nobody = Interpreter { program: "/bin/true".into(), arguments: Vec::new() };
    let given = Picture::drawn_by(nobody, PNG.to_vec());
    assert!(missing(&given).starts_with("a.png: the process that draws has ended"));
    let broken = Picture::of(|| panic!("a defect of ours"));
    assert_eq!(missing(&broken), "a.png: drawing ended in the middle");
    // The next one is drawn again.
    let whole = Picture::drawn_by(echo(), PNG.to_vec());
    run.log_picture(&whole, "b.png").unwrap();
    let store = tracker.store().unwrap();
    let root = store.get_run(run.id()).unwrap().info.artifact_uri;
    let root = root.strip_prefix("mlflow-artifacts:/").unwrap();
    assert_eq!(artifact(&store, &format!("{root}/b.png")), PNG);
}
