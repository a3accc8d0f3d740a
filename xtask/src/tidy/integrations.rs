//! Each integration has a test of its name and an example that begins with its name.

use std::collections::BTreeSet;

use super::Findings;
use super::files::Tree;

const FOLDER: &str = "python/trackline/integrations/";

/// Finds integrations without a test or an example.
pub fn check(tree: &Tree) -> Findings {
    let names: BTreeSet<&str> = tree
        .below(FOLDER, ".py")
        .filter_map(|file| file.path.strip_prefix(FOLDER))
        .filter_map(|rest| rest.split('/').next())
        .map(|name| name.trim_end_matches(".py"))
        .filter(|name| !name.starts_with('_'))
        .collect();
    let mut findings = Findings::new();
    if names.is_empty() {
        findings.push(format!("{FOLDER} holds no integration"));
    }
    for name in names {
        let test = format!("python/tests/integrations/test_{name}.py");
        let tests = format!("python/tests/integrations/{name}");
        if !tree.has(&test) && !tree.has(&tests) {
            findings.push(format!("{name} has no test: neither {test} nor {tests}/"));
        }
        let example = format!("examples/{name}_");
        if tree.below(&example, ".py").next().is_none() {
            findings.push(format!("{name} has no example: {example}….py"));
        }
    }
    findings
}
