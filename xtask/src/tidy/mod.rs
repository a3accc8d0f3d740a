//! The rules of the house: who may import whom, how long a file may be, what must stand beside what.

mod crates;
mod files;
mod integrations;
mod paths;
mod python;
mod sizes;
mod ui;

use std::path::Path;
use std::process::ExitCode;

use files::Tree;

/// What a check found; empty when the house is tidy.
type Findings = Vec<String>;
type Check = fn(&Tree) -> Findings;

const CHECKS: [(&str, Check); 6] = [
    ("crates import whom they may", crates::check),
    ("python imports what it may", python::check),
    ("page imports what it may", ui::check),
    ("files are short", sizes::check),
    ("documents name what exists", paths::check),
    ("each integration has its test and example", integrations::check),
];

/// Runs every check, prints what they found, and fails if that is anything.
pub fn run() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let tree = match Tree::read(&root) {
        Ok(tree) => tree,
        Err(error) => {
            eprintln!("error: the tree could not be read: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut failed = false;
    for (name, check) in CHECKS {
        let findings = check(&tree);
        println!("{} {name}", if findings.is_empty() { "ok  " } else { "FAIL" });
        for finding in &findings {
            println!("     {finding}");
        }
        failed |= !findings.is_empty();
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
