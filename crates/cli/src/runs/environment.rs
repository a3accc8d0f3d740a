//! The facts beside a run: where it ran, with what, from which commit. Every fact may be missing.

use std::collections::BTreeMap;

use serde_json::Value;
use trackline::Backend;

use crate::failure::Failure;
use crate::number;

/// The documents `environment` and `git` of a run.
#[derive(Debug, Default)]
pub(super) struct Environment {
    pub(super) environment: Value,
    pub(super) git: Value,
}

impl Environment {
    pub(super) fn read(store: &Backend, run_id: &str) -> Result<Self, Failure> {
        let mut facts = Self::default();
        for (kind, place) in [("environment", &mut facts.environment), ("git", &mut facts.git)] {
            let Some(bytes) = store.document(run_id, kind)? else { continue };
            *place = serde_json::from_slice(&bytes)
                .map_err(|error| Failure::new(format!("the {kind} of run {run_id} is not JSON: {error}")))?;
        }
        Ok(facts)
    }

    /// Short facts in lines: a label and a text.
    pub(super) fn facts(&self) -> Vec<(&'static str, String)> {
        let facts = &self.environment;
        let cpu = [
            text(&facts["cpu"]["model"]),
            facts["cpu"]["cores"].as_u64().map(|cores| format!("{cores} cores")),
        ];
        let gpus = facts["gpus"]
            .as_array()
            .map(|gpus| gpus.iter().filter_map(|gpu| text(&gpu["name"])).collect::<Vec<_>>().join(", "));
        let packages =
            facts["packages"].as_array().map(|packages| format!("{} (--json lists them)", packages.len()));
        let all = [
            ("python", text(&facts["python"]["version"])),
            ("os", text(&facts["os"])),
            ("host", text(&facts["hostname"])),
            ("cpu", Some(cpu.into_iter().flatten().collect::<Vec<_>>().join(", "))),
            ("memory", facts["memory_bytes"].as_u64().map(number::bytes)),
            ("gpu", gpus),
            ("packages", packages),
            (
                "command",
                facts["argv"]
                    .as_array()
                    .map(|argv| argv.iter().filter_map(text).collect::<Vec<_>>().join(" ")),
            ),
            ("git", self.commit()),
        ];
        all.into_iter()
            .filter_map(|(label, fact)| Some((label, fact.filter(|fact| !fact.is_empty())?)))
            .collect()
    }

    /// `0a1b2c3d4e on main, with uncommitted changes`
    pub(super) fn commit(&self) -> Option<String> {
        let mut commit: String = self.git["commit"].as_str()?.chars().take(10).collect();
        if let Some(branch) = self.git["branch"].as_str() {
            commit.push_str(" on ");
            commit.push_str(branch);
        }
        if self.git["dirty"].as_bool() == Some(true) {
            commit.push_str(", with uncommitted changes");
        }
        Some(commit)
    }

    /// Name and version of each package.
    pub(super) fn packages(&self) -> BTreeMap<String, String> {
        let packages = self.environment["packages"].as_array().into_iter().flatten();
        packages.filter_map(|package| Some((text(&package["name"])?, text(&package["version"])?))).collect()
    }
}

/// Text as it is; a number as text; nothing for the rest.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
