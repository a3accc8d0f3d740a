//! The files that a program writes, as artifacts, and those that it reads, as what the run comes from.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde_json::{Value, json};
use trackline_capture::files::{self, Fingerprint, Input, Places};
use trackline_model::{Dataset, DatasetInput, Tag};

use crate::{RunHandle, Source};

/// The artifact folder of what the program writes.
const FOLDER: &str = "files";
/// The largest file that is kept, in bytes.
const LARGEST_FILE: u64 = 100 << 20;
/// The most that is kept of one run in this way, in bytes and in files.
const MOST_BYTES: u64 = 1 << 30;
const MOST_FILES: usize = 1_000;
/// So many inputs become datasets of the run; all are in its document.
const MOST_DATASETS: usize = 50;
/// So many inputs are looked into.
const MOST_FINGERPRINTS: usize = 200;

/// What a program has written since it was asked last, and all that it has read.
#[derive(Debug, Default)]
pub struct FileAccess {
    /// Each file, and its path below the folder of the program.
    pub written: Vec<(PathBuf, PathBuf)>,
    /// Files and folders.
    pub read: Vec<Input>,
}

/// What was noted of the files of each run, and of each file.
#[derive(Debug, Default)]
pub struct FileNotes {
    runs: HashMap<String, Noted>,
    fingerprints: HashMap<PathBuf, (u64, SystemTime, Fingerprint)>,
}

#[derive(Debug, Default)]
struct Noted {
    written: Vec<(String, Value)>,
    bytes: u64,
    datasets: Vec<PathBuf>,
}

impl FileNotes {
    /// Keeps the files and writes the document `files`: what was written, and where it is or why it is left out, and
    /// what was read.
    pub fn keep(&mut self, run: &RunHandle, access: FileAccess) {
        let run = &run.with_source(Source::hook("files"));
        let noted = self.runs.entry(run.id().to_owned()).or_default();
        for (local, inner) in &access.written {
            noted.keep(run, local, &inner.to_string_lossy());
        }
        let read: Vec<Value> = access.read.iter().filter_map(|input| self.describe(run, input)).collect();
        let noted = self.runs.entry(run.id().to_owned()).or_default();
        let written: Vec<&Value> = noted.written.iter().map(|(_, entry)| entry).collect();
        if written.is_empty() && read.is_empty() {
            return;
        }
        run.keep_document("files", json!({"written": written, "read": read}).to_string().as_bytes());
    }

    fn describe(&mut self, run: &RunHandle, input: &Input) -> Option<Value> {
        match input {
            Input::File(path) => {
                let found = self.fingerprint(path)?;
                let entry = json!({
                    "path": path.to_string_lossy(), "size": found.size, "digest": found.digest, "sampled": found.sampled,
                });
                if Places::is_data(path) {
                    let profile = json!({"size": found.size, "sampled": found.sampled});
                    self.dataset(run, path, &found.digest, profile);
                }
                Some(entry)
            }
            Input::Folder(path, names) => {
                let found = files::fingerprint_folder(path, names);
                let profile = json!({"files": names.len(), "size": found.size});
                self.dataset(run, path, &found.digest, profile);
                Some(json!({
                    "path": path.to_string_lossy(), "files": names.len(), "size": found.size, "digest": found.digest,
                    "sampled": true,
                }))
            }
        }
    }

    /// None for what is no file any more.
    fn fingerprint(&mut self, path: &Path) -> Option<Fingerprint> {
        let found = path.metadata().ok().filter(fs::Metadata::is_file)?;
        let changed = found.modified().ok()?;
        if let Some((size, at, known)) = self.fingerprints.get(path)
            && (*size, *at) == (found.len(), changed)
        {
            return Some(known.clone());
        }
        if self.fingerprints.len() >= MOST_FINGERPRINTS {
            return Some(Fingerprint { digest: String::new(), size: found.len(), sampled: true });
        }
        let fingerprint = files::fingerprint(path).ok()?;
        self.fingerprints.insert(path.to_owned(), (found.len(), changed, fingerprint.clone()));
        Some(fingerprint)
    }

    fn dataset(&mut self, run: &RunHandle, path: &Path, digest: &str, profile: Value) {
        let noted = self.runs.entry(run.id().to_owned()).or_default();
        if noted.datasets.len() >= MOST_DATASETS || noted.datasets.iter().any(|known| known == path) {
            return;
        }
        noted.datasets.push(path.to_owned());
        let dataset = Dataset {
            name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            digest: digest.chars().take(8).collect(),
            source_type: "local".to_owned(),
            source: json!({"uri": path.to_string_lossy()}).to_string(),
            schema: None,
            profile: Some(profile.to_string()),
        };
        let context = Tag { key: "mlflow.data.context".to_owned(), value: "read".to_owned() };
        // A name that breaks a rule is in the document all the same.
        let _ = run.log_input(DatasetInput { dataset, tags: vec![context] });
    }
}

impl Noted {
    /// One file as it is now; one that is gone was not meant to stay.
    fn keep(&mut self, run: &RunHandle, local: &Path, inner: &str) {
        let Some(found) = local.metadata().ok().filter(fs::Metadata::is_file) else { return };
        let size = found.len();
        let path = format!("{FOLDER}/{}", inner.replace('\\', "/"));
        let entry = if size > LARGEST_FILE {
            json!({"path": inner, "size": size, "left_out": format!("larger than {} MiB", LARGEST_FILE >> 20)})
        } else if self.bytes + size > MOST_BYTES || self.written.len() >= MOST_FILES {
            json!({"path": inner, "size": size, "left_out": "the files before it are all that is kept of one run"})
        } else {
            match run.files().keep_new(local, path) {
                None => json!({"path": inner, "size": size, "left_out": "it cannot be read"}),
                Some(artifact) => {
                    self.bytes += size;
                    json!({"path": inner, "size": size, "artifact": artifact})
                }
            }
        };
        self.written.retain(|(other, _)| other != inner);
        self.written.push((inner.to_owned(), entry));
    }
}
