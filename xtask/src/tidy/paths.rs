//! Documents rot where nothing reads them: the paths they name must exist.

use super::Findings;
use super::files::Tree;

const DOCUMENTS: &[&str] =
    &["ARCHITECTURE.md", "README.md", "docs/format.md", "docs/differences.md", "bench/README.md"];
/// A word in backticks that begins so is meant as a path of the project.
const ROOTS: &[&str] =
    &["crates/", "python/", "ui/", "e2e/", "bench/", "fuzz/", "examples/", "docs/", "xtask/", ".ci/"];
/// Made by a build, not tracked.
const BUILT: &[&str] = &["ui/dist"];

/// Finds paths in documents that name nothing.
pub fn check(tree: &Tree) -> Findings {
    let mut findings = Findings::new();
    for document in DOCUMENTS {
        let Some(text) = tree.text(document) else {
            findings.push(format!("{document} is missing"));
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            for path in
                named(line).filter(|path| !tree.has(path) && !BUILT.contains(&path.trim_end_matches('/')))
            {
                findings.push(format!("{document}:{}: {path} does not exist", number + 1));
            }
        }
    }
    findings
}

/// The paths in backticks; patterns with `*`, `<` or `…` are no paths.
fn named(line: &str) -> impl Iterator<Item = &str> {
    line.split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| ROOTS.iter().any(|root| word.starts_with(root)))
        .filter(|word| !word.contains(['*', '<', '…', ' ', '{']))
}
