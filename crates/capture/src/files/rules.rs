use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

/// Folders of tools, and of what they can make again.
const TOOLS: [&str; 12] = [
    "__pycache__",
    "catboost_info",
    "dist-packages",
    "env",
    "lightning_logs",
    "mlartifacts",
    "mlruns",
    "node_modules",
    "site-packages",
    "target",
    "venv",
    "wandb",
];

/// Endings of code, libraries and of what exists only for a while.
const PASSING: [&str; 20] = [
    "bak", "c", "cpp", "cu", "dll", "dylib", "h", "ipynb", "lock", "part", "pid", "py", "pyc", "pyd", "pyi",
    "pyx", "so", "sock", "swp", "tmp",
];

/// Endings of data: such files count wherever they lie.
const DATA: [&str; 25] = [
    "arff", "arrow", "avro", "bz2", "csv", "feather", "gz", "h5", "hdf5", "ipc", "jsonl", "libsvm", "mat",
    "ndjson", "npy", "npz", "orc", "parquet", "pickle", "pkl", "rds", "svm", "tfrecord", "tsv", "xlsx",
];

/// Endings of keys and certificates.
const KEYS: [&str; 8] = ["env", "jks", "key", "keystore", "kdbx", "p12", "pem", "pfx"];

/// Names, up to the first dot, of files that hold secrets.
const SECRETS: [&str; 12] = [
    "apikey",
    "api_key",
    "credential",
    "credentials",
    "id_ecdsa",
    "id_ed25519",
    "id_rsa",
    "password",
    "passwords",
    "secret",
    "secrets",
    "token",
];

/// Folders of the system, whose files are no data of anybody.
const SYSTEM: [&str; 8] = ["/bin", "/dev", "/etc", "/lib", "/proc", "/run", "/sys", "/usr"];

/// Where a program works and where its libraries lie.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// Files below these are the program's own: its working folder, and the folder of its script.
    pub own: Vec<PathBuf>,
    /// Files below these belong to libraries, unless they are the program's own.
    pub installed: Vec<PathBuf>,
}

impl Places {
    /// The path of a file of the program below its folder, if it lies in no folder of a tool: `given` as the program names it.
    /// Where no project around is known, one that it reaches by `..` is its own too, as `../output/submission.csv`.
    pub(super) fn inner<'a>(&self, path: &'a Path, given: &'a Path) -> Option<&'a Path> {
        let here = self.own.first();
        let in_project =
            here.is_some_and(|here| self.own.iter().any(|own| own != here && here.starts_with(own)));
        let climbs = !in_project && (given.starts_with("..") || given.starts_with("./.."));
        let around = self.own.iter().flat_map(|folder| folder.ancestors()).filter(|_| climbs);
        self.below(path)
            .or_else(|| around.into_iter().find_map(|folder| path.strip_prefix(folder).ok()))
            .filter(|inner| !is_of_tool(inner))
    }

    /// Whether a file counts as data that the program reads.
    pub fn is_input(&self, path: &Path) -> bool {
        match self.below(path) {
            Some(inner) => is_kept(inner),
            None => {
                Self::is_data(path)
                    && !self.installed.iter().any(|folder| path.starts_with(folder))
                    && !SYSTEM.iter().any(|folder| path.starts_with(folder))
                    && !is_of_tool(path)
            }
        }
    }

    /// Whether it is data by its ending.
    pub fn is_data(path: &Path) -> bool {
        has_ending(path, &DATA)
    }

    /// Whether a path may count for what is read; quick, and of a path as it was given.
    pub(super) fn may_be_input(path: &OsStr) -> bool {
        !has_ending(Path::new(path), &PASSING)
    }

    fn below<'a>(&self, path: &'a Path) -> Option<&'a Path> {
        self.own.iter().find_map(|folder| path.strip_prefix(folder).ok())
    }
}

/// Whether a file below the program's folder is kept: not hidden, of no tool, no code, no secret.
pub(super) fn is_kept(inner: &Path) -> bool {
    let is_plain =
        |part| matches!(part, Component::Normal(name) if !name.as_encoded_bytes().starts_with(b"."));
    let name = inner.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let stem = name.split('.').next().unwrap_or_default();
    inner.components().all(is_plain)
        && !is_of_tool(inner)
        && !name.ends_with('~')
        && !name.contains("tfevents")
        && !SECRETS.contains(&stem)
        && !has_ending(inner, &PASSING)
        && !has_ending(inner, &KEYS)
}

fn is_of_tool(path: &Path) -> bool {
    path.components().any(|part| TOOLS.iter().any(|tool| part.as_os_str() == *tool))
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|found| endings.iter().any(|ending| found.eq_ignore_ascii_case(ending)))
}
