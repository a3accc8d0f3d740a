//! Installed Python distributions, read from the folders that hold them: nothing is imported, no process started.

mod distribution;
mod env_files;
mod modules;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use distribution::Distribution;
pub use distribution::normalized_name;
pub use env_files::{conda_yaml, python_env_yaml, requirements_txt};

/// What runs or builds Python, not what a model needs; and this program itself.
const NEVER_REQUIRED: [&str; 4] = ["pip", "setuptools", "trackline", "wheel"];

/// An installed distribution.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Package {
    /// Its name, normalised as PEP 503 says: lower case, `-` between words.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The distributions that a `sys.path` makes importable.
#[derive(Debug, Default)]
pub struct Packages {
    /// By normalised name.
    found: BTreeMap<String, Distribution>,
    /// The distributions that hold each top-level module; read when first asked for.
    holders: OnceLock<HashMap<String, Vec<String>>>,
}

impl Packages {
    /// Looks through the folders on `sys.path`; where two hold the same distribution, the first wins. What cannot be
    /// read is passed over.
    pub fn scan(sys_path: &[PathBuf]) -> Self {
        let mut found = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for entry in sys_path {
            let folder = if entry.as_os_str().is_empty() { Path::new(".") } else { entry };
            if !seen.insert(folder) {
                continue;
            }
            for distribution in distribution::in_folder(folder) {
                found.entry(distribution.name.clone()).or_insert(distribution);
            }
        }
        Self { found, holders: OnceLock::new() }
    }

    /// Reads which distribution holds which module, from the files of hundreds of them; else the first who asks for
    /// [`requirements`](Self::requirements) does.
    pub fn read_modules(&self) {
        // Not within the lock: a process that is forked meanwhile would wait for it for ever.
        let _ = self.holders.set(modules::holders(self.found.values()));
    }

    /// All of them, by name.
    pub fn list(&self) -> Vec<Package> {
        self.found.values().map(Distribution::package).collect()
    }

    /// What has to be installed for these modules, as sorted `name==version` lines: the distributions that hold them
    /// and those that these require on every platform. Modules of the standard library and unknown ones are left
    /// out, as are Trackline itself, pip, setuptools and wheel.
    ///
    /// Give top-level names. Where several distributions share one (`google`), dotted names (`google.protobuf`) tell
    /// which are meant.
    pub fn requirements(&self, modules: &[&str]) -> Vec<String> {
        let mut needed = BTreeSet::new();
        let mut open = self.distributions_of(modules);
        while let Some(name) = open.pop() {
            if let Some(distribution) = self.found.get(&name)
                && !NEVER_REQUIRED.contains(&name.as_str())
                && needed.insert(name)
            {
                open.extend(distribution.requires());
            }
        }
        let pinned = |name: &String| self.found.get(name).map(|found| format!("{name}=={}", found.version));
        needed.iter().filter_map(pinned).collect()
    }

    fn distributions_of(&self, modules: &[&str]) -> Vec<String> {
        let holders = self.holders.get_or_init(|| modules::holders(self.found.values()));
        let mut names = Vec::new();
        for top in modules.iter().filter_map(|module| module.split('.').next()).collect::<BTreeSet<_>>() {
            match holders.get(top).map(Vec::as_slice) {
                None => {}
                Some([only]) => names.push(only.clone()),
                Some(several) => {
                    let dotted: Vec<&&str> =
                        modules.iter().filter(|module| module.starts_with(&format!("{top}."))).collect();
                    let holds =
                        |name: &&String| self.found.get(*name).is_some_and(|found| found.holds_any(&dotted));
                    let chosen: Vec<String> = several.iter().filter(holds).cloned().collect();
                    names.extend(if chosen.is_empty() { several.to_vec() } else { chosen });
                }
            }
        }
        names
    }
}
