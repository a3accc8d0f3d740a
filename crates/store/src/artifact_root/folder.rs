//! Files below a folder, out of which no link leads.

use std::io;
use std::path::{Path, PathBuf};

use trackline_model::FileInfo;

use super::{OpenArtifact, is_folder, no_such};
use crate::{Error, Result};

/// What is in the folder at `below`; nothing where no folder is.
pub fn list(root: &Path, below: &str) -> Result<Vec<FileInfo>> {
    let Some(folder) = found(root, below)?.filter(|folder| folder.is_dir()) else { return Ok(Vec::new()) };
    let wrong = |error| Error::io(&format!("list the folder {}", folder.display()), &error);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(wrong)? {
        let entry = entry.map_err(wrong)?;
        // What a link leads to counts; one that leads nowhere is passed over.
        let Ok(metadata) = std::fs::metadata(entry.path()) else { continue };
        let file_size = metadata.is_file().then_some(metadata.len());
        let path = entry.file_name().to_string_lossy().into_owned();
        files.push(FileInfo { path, is_dir: metadata.is_dir(), file_size });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// The file at `below`, which is called `path` in errors.
pub fn open(root: &Path, below: &str, path: &str) -> Result<OpenArtifact> {
    let Some(file) = found(root, below)? else { return Err(no_such(path)) };
    let wrong = |error| Error::io(&format!("read the file {}", file.display()), &error);
    // Looked at before it is opened: opening a pipe would wait for whoever writes into it.
    let metadata = file.metadata().map_err(wrong)?;
    if !metadata.is_file() {
        return Err(is_folder(path));
    }
    let bytes = std::fs::File::open(&file).map_err(wrong)?;
    let changed = metadata.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    let tag = format!("{:x}-{:x}", metadata.len(), changed.unwrap_or_default().as_nanos());
    Ok(OpenArtifact { bytes: Box::new(bytes), size: metadata.len(), tag })
}

/// Writes the file at `below`, and makes the folders that it needs.
pub fn put(root: &Path, below: &str, bytes: &[u8]) -> Result<()> {
    let file = root.join(below);
    let wrong = |error| Error::io(&format!("write the file {}", file.display()), &error);
    std::fs::create_dir_all(root).map_err(wrong)?;
    // What is made lies where the first part that is there already lies.
    let way = below.match_indices('/').map(|(at, _)| &below[..at]).chain([below]);
    for part in way {
        if found(root, part)?.is_some() {
            continue;
        }
        if root.join(part).is_symlink() {
            return Err(Error::invalid(format!(
                "Invalid path: '{below}' is below a link that leads nowhere."
            )));
        }
        break;
    }
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(wrong)?;
    }
    std::fs::write(&file, bytes).map_err(wrong)
}

/// Takes a folder away with all that is in it, and the one around it if that is empty then. What is not there, and what a
/// link leads to, stays.
pub fn remove(root: &Path, below: &str) -> Result<()> {
    let Some(folder) = found(root, below)? else { return Ok(()) };
    if !folder.ends_with(below) || !folder.is_dir() {
        return Ok(());
    }
    let wrong = |error| Error::io(&format!("remove the folder {}", folder.display()), &error);
    std::fs::remove_dir_all(&folder).map_err(wrong)?;
    // It may hold more, or be the root.
    let _ = folder.parent().map(std::fs::remove_dir);
    Ok(())
}

/// What lies there, if anything does. Links out of the root are not followed.
fn found(root: &Path, below: &str) -> Result<Option<PathBuf>> {
    let real = |path: &Path| match path.canonicalize() {
        Ok(path) => Ok(Some(path)),
        Err(error) if is_nowhere(error.kind()) => Ok(None),
        Err(error) => Err(Error::io(&format!("find {}", path.display()), &error)),
    };
    let (Some(root), Some(path)) = (real(root)?, real(&root.join(below))?) else { return Ok(None) };
    if path.starts_with(&root) {
        Ok(Some(path))
    } else {
        Err(Error::invalid(format!("Invalid path: '{below}'.")))
    }
}

fn is_nowhere(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
