//! Which crate may depend on which, and which libraries stay out of it.

use serde_json::Value;

use super::Findings;
use super::files::Tree;

struct Room {
    folder: &'static str,
    /// Our crates it may use, by folder.
    may: &'static [&'static str],
    /// Libraries it must never use directly.
    never: &'static [&'static str],
}

/// The table of ARCHITECTURE.md.
const ROOMS: &[Room] = &[
    Room { folder: "model", may: &[], never: &["tokio", "axum", "pyo3", "rusqlite", "tempfile", "jiff"] },
    Room { folder: "journal", may: &["model"], never: &["tokio", "axum", "pyo3", "rusqlite"] },
    Room { folder: "store", may: &["model", "journal"], never: &["axum", "pyo3"] },
    Room { folder: "capture", may: &["model"], never: &["axum", "pyo3", "rusqlite"] },
    Room {
        folder: "trackline",
        may: &["model", "journal", "store", "capture"],
        never: &["axum", "pyo3", "rusqlite"],
    },
    Room { folder: "server", may: &["model", "store"], never: &["pyo3", "rusqlite"] },
    Room {
        folder: "cli",
        may: &["model", "server", "store", "trackline", "capture"],
        never: &["pyo3", "rusqlite"],
    },
    Room { folder: "testdb", may: &[], never: &["tokio", "axum", "pyo3", "rusqlite"] },
    Room { folder: "testbucket", may: &[], never: &["axum", "pyo3", "rusqlite"] },
    Room { folder: "python", may: &["trackline", "model", "capture", "cli"], never: &["axum", "rusqlite"] },
];

/// Compares the table with the manifests. Dev-dependencies count for our crates' own tests only and are free.
pub fn check(tree: &Tree) -> Findings {
    let mut findings = Findings::new();
    for room in ROOMS {
        let path = format!("crates/{}/Cargo.toml", room.folder);
        let Some(manifest) = tree.text(&path) else {
            findings.push(format!("{path} is missing"));
            continue;
        };
        for name in dependencies(manifest) {
            findings.extend(judge(room, &path, name));
        }
    }
    for file in tree.below("crates/", "/Cargo.toml") {
        let folder = file.path.split('/').nth(1).unwrap_or_default();
        if !ROOMS.iter().any(|room| room.folder == folder) {
            findings.push(format!("{} is not in the table of xtask/src/tidy/crates.rs", file.path));
        }
    }
    findings.extend(unlinted());
    findings
}

fn judge(room: &Room, path: &str, name: &str) -> Option<String> {
    let ours = if name == "trackline" { Some("trackline") } else { name.strip_prefix("trackline-") };
    match ours {
        Some(other) if !room.may.contains(&other) => {
            Some(format!("{path}: {} must not import {other}", room.folder))
        }
        None if room.never.contains(&name) => Some(format!("{path}: {} must not use {name}", room.folder)),
        _ => None,
    }
}

/// The names under `[dependencies]` and `[target.….dependencies]`.
fn dependencies(manifest: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    manifest.lines().filter_map(move |line| {
        if let Some(header) = line.strip_prefix('[') {
            let header = header.trim_end_matches(']');
            inside = header == "dependencies" || header.ends_with(".dependencies");
            return None;
        }
        let name = line.split(['.', '=', ' ']).next()?;
        (inside && !name.is_empty() && !name.starts_with('#')).then_some(name)
    })
}

/// Crates that do not take the lints of the workspace.
fn unlinted() -> Findings {
    let output = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .output();
    let Ok(output) = output else { return vec!["cargo metadata could not be run".into()] };
    let Ok(metadata) = serde_json::from_slice::<Value>(&output.stdout) else {
        return vec![format!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr))];
    };
    let packages = metadata["packages"].as_array().cloned().unwrap_or_default();
    packages
        .iter()
        .filter_map(|package| {
            let manifest = package["manifest_path"].as_str()?;
            let text = std::fs::read_to_string(manifest).ok()?;
            (!text.contains("[lints]\nworkspace = true"))
                .then(|| format!("{} does not take the workspace's lints", package["name"]))
        })
        .collect()
}
