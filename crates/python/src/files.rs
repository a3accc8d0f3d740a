//! The files that this process opens, as the interpreter's audit events tell them.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString, PyTuple};
use trackline::FileAccess;
use trackline_capture::files::{FileLog, Places};
use trackline_capture::results;

use crate::run::RunHandle;

/// None while nothing is watched. Held for moments, and only with the GIL, so a fork finds it free.
static LOG: Mutex<Option<FileLog>> = Mutex::new(None);

/// Called before a file gets a new name, or a copy. Held as `LOG` is.
static RENAMES: Mutex<Option<Py<PyAny>>> = Mutex::new(None);

/// An audit hook, which is called for every event of the interpreter: <https://docs.python.org/3/library/audit_events.html>.
/// Never fails.
#[pyfunction]
pub fn audit(event: &Bound<'_, PyString>, args: &Bound<'_, PyTuple>) {
    match event.to_str() {
        Ok("open") => opened(args),
        Ok("os.rename") => {
            renamed(args);
            told(args, true);
        }
        Ok("os.link" | "shutil.copyfile") => told(args, false),
        _ => {}
    }
}

/// `path, mode, flags`; the path is a number where the file is open already, and the mode is None in `os.open`.
fn opened(args: &Bound<'_, PyTuple>) {
    let flags = args.get_item(2).and_then(|flags| flags.extract::<i32>()).unwrap_or(libc::O_RDONLY);
    let _ = args.get_item(0).map(|path| note(&path, flags & libc::O_ACCMODE != libc::O_RDONLY));
}

fn renamed(args: &Bound<'_, PyTuple>) {
    let paths = (args.get_item(0), args.get_item(1));
    if let (Ok(from), Ok(to)) = paths {
        with_path(&from, |from| {
            with_path(&to, |to| {
                if let Some(log) = log().as_mut() {
                    log.renamed(from, to);
                }
            });
        });
    }
}

/// Tells of `from, to`, and whether `from` goes. What is called sees to its own errors.
fn told(args: &Bound<'_, PyTuple>, moves: bool) {
    let then =
        RENAMES.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|then| then.clone_ref(args.py()));
    if let (Some(then), Ok(from), Ok(to)) = (then, args.get_item(0), args.get_item(1)) {
        let _ = then.call1(args.py(), (from, to, moves));
    }
}

fn note(path: &Bound<'_, PyAny>, writes: bool) {
    with_path(path, |path| {
        if let Some(log) = log().as_mut() {
            if writes { log.wrote(path) } else { log.read(path) }
        }
    });
}

/// Text and bytes only: anything else would have to be asked, which runs code of the user.
fn with_path(path: &Bound<'_, PyAny>, then: impl FnOnce(&OsStr)) {
    if let Ok(text) = path.cast::<PyString>() {
        match text.to_str() {
            Ok(text) => then(OsStr::new(text)),
            // A name that is no UTF-8.
            Err(_) => drop(text.extract::<PathBuf>().map(|path| then(path.as_os_str()))),
        }
    } else if let Ok(bytes) = path.cast::<PyBytes>() {
        then(OsStr::from_bytes(bytes.as_bytes()));
    }
}

fn log() -> MutexGuard<'static, Option<FileLog>> {
    LOG.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Notes files from now on: those below the folders `own`, and data from elsewhere but `installed`.
#[pyfunction]
pub fn watch_files(own: Vec<PathBuf>, installed: Vec<PathBuf>) {
    *log() = Some(FileLog::new(Places { own, installed }));
}

/// Notes no files any more.
#[pyfunction]
pub fn unwatch_files() {
    *log() = None;
}

/// Calls `then(from, to, moves)` before a file gets a new name, or with `moves` false another one or a copy; None: no more.
#[pyfunction]
pub fn watch_renames(then: Option<Py<PyAny>>) {
    *RENAMES.lock().unwrap_or_else(PoisonError::into_inner) = then;
}

/// Notes a file that the interpreter did not open itself; `path` is text or bytes.
#[pyfunction]
pub fn note_file(path: &Bound<'_, PyAny>, writes: bool) {
    note(path, writes);
}

/// By their keys, with steps and values.
type Results = HashMap<String, Vec<(i64, f64)>>;

/// The results in the files that were written since the last call, with the paths of these.
#[pyfunction]
pub fn written_results(py: Python<'_>) -> Vec<(String, Results)> {
    let paths = log().as_mut().map(FileLog::take_results).unwrap_or_default();
    let found = |path: PathBuf| {
        let written = results::read(&path).into_iter();
        let results = written.map(|written| (written.key, written.points)).collect();
        (path.to_string_lossy().into_owned(), results)
    };
    py.detach(|| paths.into_iter().map(found).collect())
}

/// Keeps what was written since the last call, and tells what was read, in the background.
#[pyfunction]
pub fn keep_files(run: &RunHandle) {
    let access = log().as_mut().map(|log| FileAccess { written: log.take_written(), read: log.inputs() });
    if let Some(access) = access {
        run.0.log_file_access(access);
    }
}
