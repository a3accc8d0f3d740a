//! What the Python package may import.

use super::Findings;
use super::files::{File, Tree};

/// Work of these kinds belongs to Rust.
const NEVER: &[&str] =
    &["socket", "sqlite3", "threading", "_thread", "multiprocessing", "concurrent", "asyncio"];
/// Files that may all the same, each with its reason.
const EXCEPTIONS: &[(&str, &str)] = &[(
    "python/trackline/_ending.py",
    "hears of the ends of threads and workers that the user made; makes none",
)];
/// What a script may not have installed; imported only inside functions, where the user's code brought it.
const FRAMEWORKS: &[&str] = &[
    "numpy",
    "pandas",
    "polars",
    "scipy",
    "sklearn",
    "xgboost",
    "matplotlib",
    "PIL",
    "cloudpickle",
    "joblib",
];

/// Looks at every module of the package.
pub fn check(tree: &Tree) -> Findings {
    tree.below("python/trackline/", ".py").flat_map(check_file).collect()
}

fn check_file(file: &File) -> Findings {
    let own = integration(&file.path);
    let mut typing_only = false;
    let mut findings = Findings::new();
    for (number, line) in file.text.lines().enumerate() {
        if !line.starts_with([' ', '\t', ')', ']']) && !line.is_empty() {
            typing_only = line.starts_with("if TYPE_CHECKING");
        }
        let Some(module) = imported(line) else { continue };
        let top = module.split('.').next().unwrap_or_default();
        let at_top = !line.starts_with([' ', '\t']) || (line.starts_with(' ') && typing_only);
        let place = format!("{}:{}", file.path, number + 1);
        if NEVER.contains(&top) && !EXCEPTIONS.iter().any(|(path, _)| *path == file.path) {
            findings.push(format!("{place}: {top} belongs to Rust"));
        }
        if at_top && !typing_only && FRAMEWORKS.contains(&top) {
            findings.push(format!("{place}: {top} must be imported inside a function, if the user has it"));
        }
        if let (Some(own), Some(other)) = (own, integration_module(module))
            && other != own
        {
            findings.push(format!("{place}: integration {own} must not import integration {other}"));
        }
    }
    findings
}

/// The module of an `import x` or `from x import …` line.
fn imported(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let rest = line.strip_prefix("import ").or_else(|| line.strip_prefix("from "))?;
    rest.split([' ', ',', ';']).next().filter(|module| !module.is_empty())
}

fn integration(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("python/trackline/integrations/")?;
    let name = rest.split('/').next()?.trim_end_matches(".py");
    (!name.starts_with('_')).then_some(name)
}

fn integration_module(module: &str) -> Option<&str> {
    let name = module.strip_prefix("trackline.integrations.")?.split('.').next()?;
    (!name.starts_with('_')).then_some(name)
}
