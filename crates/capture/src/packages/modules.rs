//! Which distribution a module comes from.

use std::collections::{BTreeSet, HashMap};

use super::distribution::Distribution;

/// The names of the distributions that hold each top-level module.
pub(super) fn holders<'a>(
    distributions: impl Iterator<Item = &'a Distribution>,
) -> HashMap<String, Vec<String>> {
    let mut holders: HashMap<String, Vec<String>> = HashMap::new();
    for distribution in distributions {
        for module in top_level(distribution) {
            holders.entry(module).or_default().push(distribution.name.clone());
        }
    }
    holders
}

/// `top_level.txt` says it where setuptools wrote one; else the list of installed files does.
fn top_level(distribution: &Distribution) -> BTreeSet<String> {
    if let Some(text) = distribution.read("top_level.txt") {
        return text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    }
    let record = distribution.read("RECORD").unwrap_or_default();
    let mut modules = BTreeSet::new();
    let mut last = "";
    for line in record.lines() {
        let path = line.split(',').next().unwrap_or_default();
        let first = path.split('/').next().unwrap_or_default();
        if first != last
            && let Some(module) = module_of(path, first)
        {
            modules.insert(module.to_owned());
        }
        last = first;
    }
    modules
}

/// The module that an installed file belongs to: `sklearn/base.py` to `sklearn`, `six.py` to `six`,
/// `_cffi_backend.cpython-311-x86_64-linux-gnu.so` to `_cffi_backend`; others to none.
fn module_of<'a>(path: &str, first: &'a str) -> Option<&'a str> {
    let name = if path.len() > first.len() {
        first
    } else {
        let is_module = [".py", ".so", ".pyd"].iter().any(|end| first.ends_with(end));
        is_module.then(|| first.split('.').next()).flatten()?
    };
    let starts = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let identifier = starts && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    (identifier && name != "__pycache__").then_some(name)
}
