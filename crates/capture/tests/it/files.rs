use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use trackline_capture::files::{FileLog, Input, Places, fingerprint, fingerprint_folder};

fn log() -> FileLog {
    let own = vec![PathBuf::from("/home/me/project")];
    FileLog::new(Places { own, installed: vec![PathBuf::from("/opt/python")] })
}

fn written(log: &mut FileLog) -> Vec<String> {
    log.take_written().into_iter().map(|(_, inner)| inner.to_string_lossy().into_owned()).collect()
}

fn wrote(paths: &[&str]) -> Vec<String> {
    let mut log = log();
    for path in paths {
        log.wrote(OsStr::new(&format!("/home/me/project/{path}")));
    }
    written(&mut log)
}

fn read(path: &str) -> bool {
    let mut log = log();
    log.read(OsStr::new(path));
    !log.inputs().is_empty()
}

#[test]
fn output_below_the_folder_counts_once_and_in_its_order() {
    let found = wrote(&[
        "out/b.csv",
        "a.txt",
        "out/../a.txt",
        "./out//b.csv",
        "train.log",
        "no ending",
        "ünï 中.png",
    ]);
    assert_eq!(found, ["a.txt", "out/b.csv", "train.log", "no ending", "ünï 中.png"]);
    let mut log = log();
    log.wrote(OsStr::new("/home/me/other/a.txt"));
    log.wrote(OsStr::new("/home/me/project/../a.txt"));
    log.wrote(OsStr::new("/home/me/project2/a.txt"));
    assert_eq!(written(&mut log), Vec::<String>::new());
}

#[test]
fn output_that_is_reached_from_where_the_program_works_is_its_own() {
    let here = std::env::current_dir().unwrap();
    let mut log = FileLog::new(Places { own: vec![here.clone()], installed: Vec::new() });
    for path in ["../output/./a.csv", "./../b.png", "../../c.txt", "../.cache/d.csv", "/elsewhere/e.csv"] {
        log.wrote(OsStr::new(path));
    }
    let found = log.take_written();
    assert_eq!(found[0], (here.parent().unwrap().join("output/a.csv"), PathBuf::from("output/a.csv")));
    let inner: Vec<_> = found.iter().map(|(_, inner)| inner.to_string_lossy()).collect();
    assert_eq!(inner, ["output/a.csv", "b.png", "c.txt"]);
    let project = here.parent().unwrap().to_owned();
    let mut log = FileLog::new(Places { own: vec![here, project], installed: Vec::new() });
    log.wrote(OsStr::new("../output/a.csv"));
    log.wrote(OsStr::new("../../b.csv"));
    assert_eq!(written(&mut log), ["output/a.csv"]);
}

#[test]
fn tools_code_secrets_and_what_is_passing_are_left_out() {
    let left_out = [
        ".git/index",
        "__pycache__/a.bin",
        "mlruns/0/meta.yaml",
        "wandb/x.json",
        "catboost_info/learn.json",
        ".env",
        "prod.env",
        "sub/.hidden/a.csv",
        "node_modules/a.js",
        "model.py",
        "lib.so",
        "a.csv.tmp",
        "a.csv~",
        "run.lock",
        "id_rsa",
        "server.pem",
        "secrets.yaml",
        "credentials.json",
        "API_KEY.txt",
        "events.out.tfevents.17.host",
        "lightning_logs/v/metrics.csv",
    ];
    assert_eq!(wrote(&left_out), Vec::<String>::new());
    assert_eq!(
        wrote(&["tokenizer.json", "keys.csv", "environment.yaml"]),
        ["tokenizer.json", "keys.csv", "environment.yaml"]
    );
}

#[test]
fn a_file_is_known_by_its_last_name() {
    let mut log = log();
    log.wrote(OsStr::new("/home/me/project/model.bin.tmp"));
    log.renamed(OsStr::new("/home/me/project/model.bin.tmp"), OsStr::new("/home/me/project/model.bin"));
    log.renamed(OsStr::new("/tmp/made/elsewhere"), OsStr::new("/home/me/project/report.html"));
    log.renamed(OsStr::new("/home/me/project/old.csv"), OsStr::new("/home/me/project/new.csv"));
    assert_eq!(written(&mut log), ["model.bin", "report.html"]);
    assert_eq!(written(&mut log), Vec::<String>::new());
}

#[test]
fn names_that_are_no_text_are_files_too() {
    let mut log = log();
    log.wrote(OsStr::from_bytes(b"/home/me/project/\xff\n.csv"));
    let found = log.take_written();
    assert_eq!(found[0].0.as_os_str().as_bytes(), b"/home/me/project/\xff\n.csv");
}

#[test]
fn many_writes_of_many_files_stay_bounded() {
    let mut log = log();
    for number in 0..30_000 {
        log.wrote(OsStr::new(&format!("/home/me/project/{}", number % 15_000)));
    }
    assert_eq!(log.take_written().len(), 10_000);
}

#[test]
fn data_counts_wherever_it_lies_and_the_rest_only_in_the_project() {
    for path in
        ["/data/train.csv", "/home/me/project/config.yaml", "/home/me/.keras/mnist.npz", "/data/part.PARQUET"]
    {
        assert!(read(path), "{path}");
    }
    for path in [
        "/data/config.yaml",
        "/opt/python/lib/data/iris.csv",
        "/usr/share/zoneinfo/x.csv",
        "/home/me/project/train.py",
        "/x/site-packages/sklearn/datasets/data/iris.csv",
        "/home/me/project/.env",
        "/home/me/project/lib.so",
        "/proc/self/x.csv",
    ] {
        assert!(!read(path), "{path}");
    }
}

#[test]
fn what_the_program_wrote_is_none_of_its_inputs() {
    let mut log = log();
    log.wrote(OsStr::new("/home/me/project/clean.csv"));
    log.read(OsStr::new("/home/me/project/clean.csv"));
    log.wrote(OsStr::new("/tmp/errors-of-a-worker.pickle"));
    log.read(OsStr::new("/tmp/errors-of-a-worker.pickle"));
    log.read(OsStr::new("/home/me/project/raw.csv"));
    log.read(OsStr::new("/home/me/project/raw.csv"));
    assert_eq!(log.inputs(), [Input::File(PathBuf::from("/home/me/project/raw.csv"))]);
}

#[test]
fn many_files_of_a_folder_are_one_input() {
    let mut log = log();
    log.read(OsStr::new("/data/labels.csv"));
    for turn in 0..2 {
        for number in 0..2_000 {
            log.read(OsStr::new(&format!("/home/me/project/images/{}.jpg", number + turn)));
        }
    }
    let inputs = log.inputs();
    assert_eq!(inputs[0], Input::File(PathBuf::from("/data/labels.csv")));
    let Input::Folder(folder, names) = &inputs[1] else { panic!("{inputs:?}") };
    assert_eq!(folder, Path::new("/home/me/project/images"));
    assert_eq!((names.len(), &names[0]), (1_000, &OsString::from("0.jpg")));
}

#[test]
fn a_fingerprint_tells_contents_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.bin");
    let of = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        fingerprint(&path).unwrap()
    };
    let small = of(b"abc");
    assert_eq!((small.size, small.sampled), (3, false));
    assert_eq!(small.digest, blake3_of_abc());
    let mut bytes = vec![7; (16 << 20) + 1];
    let large = of(&bytes);
    assert!(large.sampled);
    *bytes.last_mut().unwrap() = 8;
    assert_ne!(of(&bytes).digest, large.digest);
    assert!(fingerprint(&folder.path().join("missing")).is_err());
    let names = [OsString::from("data.bin")];
    let whole = fingerprint_folder(folder.path(), &names);
    assert_eq!(whole.size, (16 << 20) + 1);
    fs::write(&path, b"abc").unwrap();
    assert_ne!(fingerprint_folder(folder.path(), &names).digest, whole.digest);
}

/// From the test vectors of BLAKE3's `b3sum`.
fn blake3_of_abc() -> &'static str {
    "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85"
}
