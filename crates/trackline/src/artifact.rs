use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use trackline_journal::{ArtifactOwner, Event};
use trackline_model::Invalid;
use trackline_store::{Blob, Blobs};

use crate::{Error, RunHandle, clock};

/// A file to be copied later: it may be renamed or removed until then, and is known when it was written to.
#[derive(Debug)]
pub struct Opened {
    file: fs::File,
    as_opened: (u64, SystemTime),
}

impl Opened {
    /// # Errors
    /// For what is no file or cannot be read.
    pub fn open(local: &Path) -> Result<Self, Invalid> {
        let file = fs::File::open(local).map_err(|error| unreadable(local, &error))?;
        if !local.is_file() {
            return Err(Invalid::new(format!("cannot log {}: it is not a file", local.display())));
        }
        let as_opened = state(&file).map_err(|error| unreadable(local, &error))?;
        Ok(Self { file, as_opened })
    }

    fn is_as_opened(&self) -> bool {
        state(&self.file).is_ok_and(|now| now == self.as_opened)
    }
}

fn state(file: &fs::File) -> io::Result<(u64, SystemTime)> {
    let found = file.metadata()?;
    Ok((found.len(), found.modified()?))
}

/// The artifacts of a run or of a logged model: bytes go into the blobs first, then the paths into the journal.
pub struct Files<'a> {
    pub run: &'a RunHandle,
    pub owner: ArtifactOwner,
}

impl Files<'_> {
    /// A file, or a folder with all that is in it, under its own name in `to`.
    pub fn keep(&self, local: &Path, to: Option<&str>) -> Result<(), Invalid> {
        if self.run.is_off() {
            return Ok(());
        }
        let name = fs::canonicalize(local).map_err(|error| unreadable(local, &error))?;
        let name = name.file_name().unwrap_or_default().to_string_lossy();
        self.keep_tree(local, &joined(&checked(to.unwrap_or_default())?, &name))
    }

    /// What is in a folder, in `to`.
    pub fn keep_contents(&self, folder: &Path, to: Option<&str>) -> Result<(), Invalid> {
        if self.run.is_off() {
            return Ok(());
        }
        if !folder.is_dir() {
            let message = format!("cannot log the artifacts in {}: it is not a folder", folder.display());
            return Err(Invalid::new(message));
        }
        self.keep_tree(folder, &checked(to.unwrap_or_default())?)
    }

    /// Bytes as the file `path`.
    pub fn keep_bytes(&self, bytes: &[u8], path: &str) -> Result<(), Invalid> {
        if self.run.is_off() {
            return Ok(());
        }
        let path = checked_file(path)?;
        let kept = self.blobs().and_then(|blobs| Ok(blobs.put_bytes(bytes)?));
        self.append(kept.map(|blob| vec![self.event(path, blob)]));
        Ok(())
    }

    /// A file as the artifact `path`, unless it was changed since it was opened.
    pub fn keep_opened(&self, opened: Opened, path: String) {
        if self.run.is_off() {
            return;
        }
        let kept = self.blobs().and_then(|blobs| Ok(blobs.put(&opened.file)?));
        if opened.is_as_opened() {
            self.append(kept.map(|blob| vec![self.event(path, blob)]));
        }
    }

    /// A file as the artifact `path`, unless the run has these bytes from this process; gives the path that they have.
    /// None if it cannot be read.
    pub fn keep_new(&self, local: &Path, path: String) -> Option<String> {
        let path = checked_file(&path).ok()?;
        let file = fs::File::open(local).ok()?;
        match self.blobs().and_then(|blobs| Ok(blobs.put(&file)?)) {
            Ok(blob) => {
                if let Some(known) = self.run.process().kept.path_of(self.run.id(), &blob.digest) {
                    return Some(known);
                }
                let event = self.event(path.clone(), blob);
                self.append(Ok(vec![event]));
                Some(path)
            }
            Err(error) => {
                self.append(Err(error));
                None
            }
        }
    }

    fn keep_tree(&self, local: &Path, to: &str) -> Result<(), Invalid> {
        let mut events = Vec::new();
        let kept = match self.blobs() {
            Ok(blobs) => self.collect(blobs, local, to, &mut events)?,
            Err(error) => Err(error),
        };
        self.append(kept.map(|()| events));
        Ok(())
    }

    /// Puts a file or all files below a folder into the blobs. Links to files are followed, links to folders within
    /// a folder are not: they may lead in circles.
    fn collect(
        &self,
        blobs: &Blobs,
        local: &Path,
        path: &str,
        events: &mut Vec<Event>,
    ) -> Result<Result<(), Error>, Invalid> {
        if !local.is_dir() {
            fs::File::open(local).map_err(|error| unreadable(local, &error))?;
            return Ok(blobs
                .put_file(local)
                .map(|blob| events.push(self.event(path.to_owned(), blob)))
                .map_err(Error::from));
        }
        for entry in fs::read_dir(local).map_err(|error| unreadable(local, &error))? {
            let entry = entry.map_err(|error| unreadable(local, &error))?;
            let inner = entry.path();
            if inner.is_symlink() && inner.is_dir() {
                continue;
            }
            let path = joined(path, &entry.file_name().to_string_lossy());
            if let Err(error) = self.collect(blobs, &inner, &path, events)? {
                return Ok(Err(error));
            }
        }
        Ok(Ok(()))
    }

    fn blobs(&self) -> Result<&Blobs, Error> {
        self.run.process().blobs()
    }

    fn event(&self, path: String, blob: Blob) -> Event {
        if let ArtifactOwner::Run(run_id) = &self.owner {
            self.run.process().kept.add(run_id, &blob.digest, &path);
        }
        Event::Artifact {
            owner: self.owner.clone(),
            path,
            digest: blob.digest,
            size: blob.size,
            time: clock::now(),
            source: self.run.source.name.to_string(),
        }
    }

    fn append(&self, events: Result<Vec<Event>, Error>) {
        let process = self.run.process();
        match events {
            Ok(events) => process.append(Some(&self.run.state), events),
            Err(error) => process.problems.note(error),
        }
    }
}

/// The bytes that runs have from this process, and under which path.
#[derive(Debug, Default)]
pub struct Kept(Mutex<HashMap<String, HashMap<String, String>>>);

impl Kept {
    fn add(&self, run_id: &str, digest: &str, path: &str) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.entry(run_id.to_owned()).or_default().insert(digest.to_owned(), path.to_owned());
    }

    fn path_of(&self, run_id: &str, digest: &str) -> Option<String> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(run_id)?.get(digest).cloned()
    }
}

/// An artifact path without empty parts and `.`; refused if it leads out.
fn checked(path: &str) -> Result<String, Invalid> {
    let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    if path.starts_with('/') || parts.contains(&"..") || path.contains('\0') {
        return Err(Invalid::new(format!(
            "Invalid artifact path '{}': give a path relative to the run's artifacts, without '..'",
            path.escape_debug()
        )));
    }
    Ok(parts.join("/"))
}

/// As [`checked`], and not the root.
pub fn checked_file(path: &str) -> Result<String, Invalid> {
    let path = checked(path)?;
    if path.is_empty() {
        return Err(Invalid::new("an artifact needs a path: the empty text was given"));
    }
    Ok(path)
}

fn joined(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn unreadable(local: &Path, error: &io::Error) -> Invalid {
    Invalid::new(format!("cannot log the artifact {}: {error}", local.display()))
}
