use std::collections::HashMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Component, Path, PathBuf};

use super::Places;
use super::rules::is_kept;
use crate::results;

/// So many files are remembered that a program writes.
const MOST_WRITTEN: usize = 10_000;
/// So many folders are remembered that it reads from, and so many files of each.
const MOST_READ: usize = 1_000;
/// A folder with more files than this counts as a whole.
const MOST_SINGLE: usize = 20;
/// So many files are remembered that may hold results.
const MOST_RESULTS: usize = 100;

/// The files that a program has opened. Noting one costs about a microsecond and asks nothing of the file.
#[derive(Debug, Default)]
pub struct FileLog {
    places: Places,
    written: HashMap<PathBuf, Output>,
    results: Vec<PathBuf>,
    read: HashMap<PathBuf, HashMap<OsString, usize>>,
    next: usize,
}

/// Where a file that the program wrote belongs.
#[derive(Debug)]
struct Output {
    /// In which it came.
    order: usize,
    /// The path below the program's folder; None for data of elsewhere.
    inner: Option<PathBuf>,
}

/// Something that the program read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A file.
    File(PathBuf),
    /// A folder, and the names of the files in it that were read: the first thousand.
    Folder(PathBuf, Vec<OsString>),
}

impl FileLog {
    /// For a program that works in these places.
    pub fn new(places: Places) -> Self {
        Self { places, ..Self::default() }
    }

    /// A file is opened to be written to.
    pub fn wrote(&mut self, path: &OsStr) {
        let given = Path::new(path);
        let path = absolute(given);
        let inner = self.places.inner(&path, given).map(Path::to_owned);
        // Data is remembered wherever it lies: read again, it is no input.
        if (inner.is_some() || Places::is_data(&path))
            && (self.written.len() < MOST_WRITTEN || self.written.contains_key(&path))
        {
            self.next += 1;
            let holds = inner.as_deref().is_some_and(|inner| is_kept(inner) && results::may_hold(inner));
            if holds && self.results.len() < MOST_RESULTS && !self.results.contains(&path) {
                self.results.push(path.clone());
            }
            self.written.insert(path, Output { order: self.next, inner });
        }
    }

    /// A file is opened to be read. What the program wrote itself is none of its inputs.
    pub fn read(&mut self, path: &OsStr) {
        if !Places::may_be_input(path) {
            return;
        }
        let path = absolute(Path::new(path));
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return };
        if self.read.get(folder).is_some_and(|names| names.len() >= MOST_READ || names.contains_key(name)) {
            return;
        }
        let room = self.read.len() < MOST_READ || self.read.contains_key(folder);
        if room && !self.written.contains_key(&path) && self.places.is_input(&path) {
            self.next += 1;
            self.read.entry(folder.to_owned()).or_default().insert(name.to_owned(), self.next);
        }
    }

    /// A file gets another name, as it does where it is written under a passing one first.
    pub fn renamed(&mut self, from: &OsStr, to: &OsStr) {
        let given = Path::new(from);
        let from = absolute(given);
        if self.written.remove(&from).is_some() || self.places.inner(&from, given).is_none() {
            self.wrote(to);
        }
    }

    /// What was written since this was asked last, in its order: each file with its path below its folder.
    pub fn take_written(&mut self) -> Vec<(PathBuf, PathBuf)> {
        let mut written: Vec<_> = self.written.drain().collect();
        written.sort_by_key(|(_, output)| output.order);
        let place =
            |(path, output): (PathBuf, Output)| Some((path, output.inner.filter(|inner| is_kept(inner))?));
        written.into_iter().filter_map(place).collect()
    }

    /// Files of the program that may hold results, since this was asked last.
    pub fn take_results(&mut self) -> Vec<PathBuf> {
        std::mem::take(&mut self.results)
    }

    /// What was read so far, in its order.
    pub fn inputs(&self) -> Vec<Input> {
        let mut found: Vec<(usize, Input)> = Vec::new();
        for (folder, names) in &self.read {
            let mut names: Vec<_> = names.iter().map(|(name, order)| (*order, name)).collect();
            names.sort();
            match names.first() {
                Some((first, _)) if names.len() > MOST_SINGLE => {
                    let names = names.iter().map(|(_, name)| (*name).clone()).collect();
                    found.push((*first, Input::Folder(folder.clone(), names)));
                }
                _ => found
                    .extend(names.into_iter().map(|(order, name)| (order, Input::File(folder.join(name))))),
            }
        }
        found.sort_by_key(|(order, _)| *order);
        found.into_iter().map(|(_, input)| input).collect()
    }
}

/// The path from the root on, without `.` and `..`; links stay as they are.
fn absolute(path: &Path) -> PathBuf {
    let mut plain = if path.is_absolute() { PathBuf::new() } else { env::current_dir().unwrap_or_default() };
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}
