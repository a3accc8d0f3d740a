//! The files that a program writes and reads, in its run.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use trackline::store::Store;
use trackline::{FileAccess, RunHandle, Tracker};
use trackline_capture::files::Input;

use crate::samples::{artifact, tracker, trial};

struct Project {
    folder: tempfile::TempDir,
    tracker: Tracker,
    run: RunHandle,
}

impl Project {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let tracker = tracker(&folder.path().join("store"));
        let run = tracker.start_run(trial()).unwrap();
        Self { folder, tracker, run }
    }

    fn write(&self, name: &str, bytes: &[u8]) -> (PathBuf, PathBuf) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        (path, PathBuf::from(name))
    }

    fn keep(&self, written: Vec<(PathBuf, PathBuf)>, read: Vec<Input>) -> (Store, Value) {
        self.run.log_file_access(FileAccess { written, read });
        let store = self.tracker.store().unwrap();
        let (_, digest) =
            store.documents(self.run.id()).unwrap().into_iter().find(|(kind, _)| kind == "files").unwrap();
        let document = serde_json::from_slice(&store.blobs().read(&digest).unwrap()).unwrap();
        assert_eq!(self.tracker.take_problem(), None);
        (store, document)
    }

    fn artifact(&self, store: &Store, path: &str) -> Vec<u8> {
        let uri = store.get_run(self.run.id()).unwrap().info.artifact_uri;
        artifact(store, &format!("{}/{path}", uri.strip_prefix("mlflow-artifacts:/").unwrap()))
    }
}

#[test]
fn what_was_written_is_kept_and_the_same_bytes_once() {
    let project = Project::new();
    project.run.log_bytes(b"weights", "checkpoints/model.pt").unwrap();
    let written = vec![
        project.write("out/table.csv", b"a,b\n"),
        project.write("model.pt", b"weights"),
        project.write("copy of table.csv", b"a,b\n"),
        (project.folder.path().join("gone.txt"), PathBuf::from("gone.txt")),
    ];
    let (store, document) = project.keep(written, Vec::new());
    assert_eq!(project.artifact(&store, "files/out/table.csv"), b"a,b\n");
    let kept: Vec<_> = document["written"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| (&file["path"], &file["artifact"]))
        .collect();
    assert_eq!(
        kept,
        [
            (&Value::from("out/table.csv"), &Value::from("files/out/table.csv")),
            (&Value::from("model.pt"), &Value::from("checkpoints/model.pt")),
            (&Value::from("copy of table.csv"), &Value::from("files/out/table.csv")),
        ]
    );
}

#[test]
fn a_huge_file_is_left_out_with_a_word() {
    let project = Project::new();
    let (path, inner) = project.write("huge.bin", b"");
    fs::File::options().write(true).open(&path).unwrap().set_len(200 << 20).unwrap();
    let (_, document) = project.keep(vec![(path, inner)], Vec::new());
    assert_eq!(document["written"][0]["left_out"], "larger than 100 MiB");
    assert_eq!(document["written"][0]["size"], 200 << 20);
}

#[test]
fn a_file_that_was_written_again_is_told_once_as_it_is_now() {
    let project = Project::new();
    project.keep(vec![project.write("log.txt", b"one")], Vec::new());
    let (store, document) = project.keep(vec![project.write("log.txt", b"one two")], Vec::new());
    assert_eq!(project.artifact(&store, "files/log.txt"), b"one two");
    assert_eq!(document["written"].as_array().unwrap().len(), 1);
    assert_eq!(document["written"][0]["size"], 7);
}

#[test]
fn what_was_read_becomes_a_dataset() {
    let project = Project::new();
    let (csv, _) = project.write("data/train.csv", b"a,b\n1,2\n");
    let (config, _) = project.write("config.yaml", b"lr: 1\n");
    let names = (0..30).map(|number| project.write(&format!("images/{number}.png"), b"png").0);
    let names = names.map(|path| path.file_name().unwrap().to_owned()).collect();
    let images = project.folder.path().join("images");
    let read = vec![Input::File(csv.clone()), Input::File(config), Input::Folder(images, names)];
    let (store, document) = project.keep(Vec::new(), read.clone());
    let told: Vec<_> =
        document["read"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
    let names: Vec<_> =
        told.iter().map(|path| Path::new(path).file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["train.csv", "config.yaml", "images"]);
    assert_eq!(document["read"][2]["files"], 30);
    project.keep(Vec::new(), read);
    let inputs = store.get_run(project.run.id()).unwrap().dataset_inputs;
    let mut datasets: Vec<_> =
        inputs.iter().map(|input| (input.dataset.name.as_str(), input.tags[0].value.as_str())).collect();
    datasets.sort_unstable();
    assert_eq!(datasets, [("images", "read"), ("train.csv", "read")]);
}
