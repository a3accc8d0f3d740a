//! Where the spools of this user are.

use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// `trackline/spool` in the user's folder for state, the best place first: as the environment says, else in the home, which
/// the list of users knows too. Last comes a folder among the temporary ones: in a container the home is often nobody's.
pub fn all() -> impl Iterator<Item = PathBuf> {
    let state = env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    let home = env::home_dir().map(|home| home.join(".local").join("state"));
    let states = [state, home].into_iter().flatten().map(|state| state.join("trackline"));
    states.chain(temporary()).filter(|folder| folder.is_absolute()).map(|folder| folder.join("spool"))
}

/// The first of them that can be written to, or else the first.
pub fn chosen() -> Option<PathBuf> {
    all().find(|folder| may_be_made(folder)).or_else(|| all().next())
}

fn temporary() -> Option<PathBuf> {
    let uid = fs::metadata("/proc/self").ok()?.uid();
    let folder = env::temp_dir().join(format!("trackline-{uid}"));
    is_left_to(uid, &folder).then_some(folder)
}

/// Whether nobody else has made it: nor a link there, which could lead to any folder of the user's.
fn is_left_to(uid: u32, folder: &Path) -> bool {
    fs::symlink_metadata(folder).map_or(true, |found| found.is_dir() && found.uid() == uid)
}

/// Whether the folder, or the nearest one above that is there, is writable.
fn may_be_made(folder: &Path) -> bool {
    folder
        .ancestors()
        .find(|folder| folder.exists())
        .is_some_and(|there| there.is_dir() && is_writable(there))
}

#[allow(unsafe_code)]
fn is_writable(folder: &Path) -> bool {
    let Ok(path) = CString::new(folder.as_os_str().as_bytes()) else { return false };
    // SAFETY: the path ends with a zero byte, and is only read.
    unsafe { libc::access(path.as_ptr(), libc::W_OK | libc::X_OK) == 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_written_to_is_no_place() {
        let folder = tempfile::tempdir().unwrap();
        assert!(may_be_made(&folder.path().join("not").join("yet")));
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(!may_be_made(&file.join("below")));
    }

    #[test]
    fn what_somebody_else_may_have_put_there_is_no_place() {
        let folder = tempfile::tempdir().unwrap();
        let uid = fs::metadata(folder.path()).unwrap().uid();
        assert!(is_left_to(uid, folder.path()) && is_left_to(uid, &folder.path().join("none")));
        assert!(!is_left_to(uid + 1, folder.path()));
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(folder.path(), &link).unwrap();
        assert!(!is_left_to(uid, &link));
    }
}
