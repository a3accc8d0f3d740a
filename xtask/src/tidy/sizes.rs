//! How long a hand-written file may be.

use super::Findings;
use super::files::Tree;

const MOST_LINES: usize = 800;
const MOST_LINES_OF_AN_INTEGRATION: usize = 200;
const HAND_WRITTEN: &[&str] = &[".rs", ".py", ".pyi", ".ts", ".svelte", ".css", ".md"];
const GENERATED: &[&str] = &["ui/src/api/generated.ts"];

/// Files that may be longer, each with its reason.
const EXCEPTIONS: &[(&str, &str)] = &[];

/// Finds the files that are too long.
pub fn check(tree: &Tree) -> Findings {
    tree.files
        .iter()
        .filter(|file| HAND_WRITTEN.iter().any(|ending| file.path.ends_with(ending)))
        .filter(|file| !GENERATED.contains(&file.path.as_str()))
        .filter(|file| !EXCEPTIONS.iter().any(|(path, _)| *path == file.path))
        .filter_map(|file| {
            let most = if file.path.starts_with("python/trackline/integrations/") {
                MOST_LINES_OF_AN_INTEGRATION
            } else {
                MOST_LINES
            };
            let lines = file.text.lines().count();
            (lines > most).then(|| format!("{}: {lines} lines, at most {most}", file.path))
        })
        .collect()
}
