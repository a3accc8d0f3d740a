//! One installed distribution: what its `*.dist-info` or `*.egg-info` says.

use std::fs;
use std::path::{Path, PathBuf};

use super::Package;

/// An installed distribution and where it is described.
#[derive(Debug)]
pub(super) struct Distribution {
    pub(super) name: String,
    pub(super) version: String,
    /// The `*.dist-info` or `*.egg-info` folder; some old egg-infos are a file.
    info: PathBuf,
}

impl Distribution {
    pub(super) fn package(&self) -> Package {
        Package { name: self.name.clone(), version: self.version.clone() }
    }

    /// A file of the description; `None` if there is none that can be read.
    pub(super) fn read(&self, file: &str) -> Option<String> {
        fs::read(self.info.join(file)).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Normalised names of what it always requires. What only an extra or one platform asks for is left out:
    /// the installer finds the latter by itself, and on other platforms a pin for it would not install.
    pub(super) fn requires(&self) -> Vec<String> {
        let metadata = self.read("METADATA").or_else(|| self.read("PKG-INFO")).unwrap_or_default();
        let headers = metadata.lines().take_while(|line| !line.is_empty());
        headers.filter_map(|line| required_name(line.strip_prefix("Requires-Dist:")?)).collect()
    }

    /// Whether it holds one of these dotted modules.
    pub(super) fn holds_any(&self, modules: &[&&str]) -> bool {
        let record = self.read("RECORD").unwrap_or_default();
        modules.iter().any(|module| {
            let path = module.replace('.', "/");
            record.lines().any(|line| {
                line.strip_prefix(path.as_str())
                    .is_some_and(|rest| rest.starts_with('/') || rest.starts_with('.'))
            })
        })
    }
}

/// `numpy>=1.22 ; python_version < "3.12"` requires `numpy`.
fn required_name(requirement: &str) -> Option<String> {
    let (requirement, marker) = requirement.split_once(';').unwrap_or((requirement, ""));
    if ["extra", "platform", "os_name"].iter().any(|word| marker.contains(word)) {
        return None;
    }
    let requirement = requirement.trim_start();
    let end = requirement.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)));
    Some(normalized_name(&requirement[..end.unwrap_or(requirement.len())]))
}

/// The name as PEP 503 writes it: lower case, runs of `-`, `_` and `.` as one `-`.
pub fn normalized_name(name: &str) -> String {
    let mut normalized = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            '-' | '_' | '.' if normalized.ends_with('-') => {}
            '-' | '_' | '.' => normalized.push('-'),
            _ => normalized.extend(letter.to_lowercase()),
        }
    }
    normalized
}

/// The distributions described in a folder, in the order of their folders' names.
pub(super) fn in_folder(folder: &Path) -> Vec<Distribution> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".dist-info") || name.ends_with(".egg-info"))
        .collect();
    names.sort_unstable();
    names.iter().filter_map(|name| described(folder, name)).collect()
}

fn described(folder: &Path, info: &str) -> Option<Distribution> {
    let stem = info.strip_suffix(".dist-info").or_else(|| info.strip_suffix(".egg-info"))?;
    // An egg-info may end in the Python it was built for: `six-1.16.0-py3.11.egg-info`.
    let stem = match stem.rsplit_once("-py") {
        Some((rest, python)) if python.starts_with(|c: char| c.is_ascii_digit()) => rest,
        _ => stem,
    };
    let info = folder.join(info);
    match stem.rsplit_once('-') {
        Some((name, version)) => {
            // `~ip-24.0.dist-info` is what a failed uninstall leaves behind.
            let whole = name.starts_with(|c: char| c.is_ascii_alphanumeric());
            whole.then(|| Distribution { name: normalized_name(name), version: version.to_owned(), info })
        }
        // Only development installs leave the version out of the folder's name.
        None => {
            let metadata = fs::read_to_string(info.join("PKG-INFO")).ok()?;
            let version = metadata.lines().find_map(|line| line.strip_prefix("Version:"))?.trim().to_owned();
            Some(Distribution { name: normalized_name(stem), version, info })
        }
    }
}
