//! What the parts and charts of the page may import.

use super::Findings;
use super::files::{File, Tree};

/// Looks at every file below `parts` and `charts`, which know nothing of the server or of pages.
pub fn check(tree: &Tree) -> Findings {
    ["ui/src/parts/", "ui/src/charts/"]
        .iter()
        .flat_map(|folder| tree.below(folder, ""))
        .flat_map(check_file)
        .chain(tree.below("ui/src/", "").filter_map(fetches))
        .collect()
}

fn check_file(file: &File) -> Findings {
    let lines = file.text.lines().enumerate();
    lines
        .filter(|(_, line)| line.contains("import") && line.contains("from"))
        .filter(|(_, line)| ["/api/", "/api'", "/api\"", "/pages/"].iter().any(|part| line.contains(part)))
        .map(|(number, line)| format!("{}:{}: {}", file.path, number + 1, line.trim()))
        .collect()
}

/// Only `ui/src/api` speaks to the server.
fn fetches(file: &File) -> Option<String> {
    let calls = file.text.contains("fetch(") && !file.path.starts_with("ui/src/api/");
    let test = file.path.contains(".test.");
    (calls && !test).then(|| format!("{}: only ui/src/api calls fetch", file.path))
}
