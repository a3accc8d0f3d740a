//! `trackline gc`

use std::time::Duration;

use trackline_store::{ArtifactRoot, Store};

use crate::args::GcArgs;
use crate::failure::Failure;
use crate::number::counted;
use crate::place;

/// Gives what was removed.
pub(crate) fn gc(args: &GcArgs) -> Result<String, Failure> {
    let location = place::location(&args.store)?;
    let store = match &location {
        trackline_store::Location::Folder(folder) => place::embedded(folder.to_str())?,
        database @ trackline_store::Location::Database { .. } => Store::at(database)?,
    };
    let root = args.default_artifact_root.as_deref().filter(|uri| !uri.is_empty());
    let root = root.map(ArtifactRoot::new).transpose()?;
    let removed = store.gc(args.older_than, root.as_ref())?;
    let left = match removed.left {
        0 => String::new(),
        left => format!("The files of {left} of these lie elsewhere: give --default-artifact-root\n"),
    };
    Ok(format!(
        "Removed {}, {}, {} and {} ({})\n{left}",
        counted(removed.runs.len() as u64, "run"),
        counted(removed.models.len() as u64, "logged model"),
        counted(removed.experiments.len() as u64, "experiment"),
        counted(removed.blobs, "blob"),
        counted(removed.bytes, "byte"),
    ))
}

/// `30d`, `12h`, `1d2h3m4s`, as `mlflow gc` takes it.
pub(crate) fn age(text: &str) -> Result<Duration, String> {
    let wrong = || format!("'{text}' is no age: write 30d, 12h, or 1d2h3m4s");
    let mut seconds = 0_u64;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit()).ok_or_else(wrong)?;
        let number: u64 = rest[..digits].parse().map_err(|_| wrong())?;
        let unit = match &rest[digits..=digits] {
            "d" => 86_400,
            "h" => 3_600,
            "m" => 60,
            "s" => 1,
            _ => return Err(wrong()),
        };
        seconds = number.checked_mul(unit).and_then(|more| seconds.checked_add(more)).ok_or_else(wrong)?;
        rest = &rest[digits + 1..];
    }
    if text.is_empty() { Err(wrong()) } else { Ok(Duration::from_secs(seconds)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_sums_of_days_hours_minutes_and_seconds() {
        assert_eq!(age("30d"), Ok(Duration::from_secs(30 * 86_400)));
        assert_eq!(age("1d2h3m4s"), Ok(Duration::from_secs(93_784)));
        assert_eq!(age("0s"), Ok(Duration::ZERO));
        for wrong in ["", "5", "d", "1w", "1d2", "-1d", "1dé", "99999999999999999999d", "999999999999999999d"]
        {
            assert!(age(wrong).is_err(), "{wrong}");
        }
    }
}
