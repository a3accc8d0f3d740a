//! How the data of a run differs from that of the run before.

use serde_json::{Value, json};
use trackline_model::{Change, ColumnDrift};
use trackline_store::DatasetDrift;

use crate::number;

/// A dataset's name, and in a line what is worth a look.
pub(super) fn line(found: &DatasetDrift) -> (String, String) {
    let before = &found.previous_run_name;
    if found.drift.same {
        return (found.name.clone(), format!("as in {before}"));
    }
    let notable: Vec<String> =
        found.drift.columns.iter().filter(|column| column.is_notable()).map(told).collect();
    let told = if notable.is_empty() { "no column moved much".to_owned() } else { notable.join(", ") };
    (found.name.clone(), format!("since {before}: {told}"))
}

fn told(column: &ColumnDrift) -> String {
    let name = &column.name;
    match (column.change, column.psi) {
        (Change::Added, _) => format!("{name} added"),
        (Change::Removed, _) => format!("{name} removed"),
        (Change::Retyped, _) => format!("{name} has another type"),
        (Change::Kept, Some(psi)) => format!("{name} moved (PSI {})", number::short(psi)),
        (Change::Kept, None) => name.clone(),
    }
}

pub(super) fn json(found: &[DatasetDrift]) -> Value {
    let one = |found: &DatasetDrift| {
        json!({
            "name": found.name,
            "digest": found.digest,
            "context": found.context,
            "previous_run_id": found.previous_run_id,
            "same": found.drift.same,
            "columns": found.drift.columns,
        })
    };
    found.iter().map(one).collect()
}
