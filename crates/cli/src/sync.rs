//! `trackline sync`

use trackline::Synced;

use crate::args::SyncArgs;
use crate::failure::Failure;
use crate::number::counted;

/// Gives what was done, a paragraph a place; a failure if something could not be brought in.
pub(crate) fn sync(args: &SyncArgs) -> Result<String, Failure> {
    let synced = trackline::sync(args.store.as_deref())?;
    for place in &synced {
        place.problems.iter().for_each(|problem| eprintln!("warning: {problem}"));
    }
    let (failed, well): (Vec<_>, Vec<_>) = synced.iter().partition(|place| place.failure.is_some());
    let text: String = well.iter().map(|place| done(place)).collect();
    if failed.is_empty() {
        return Ok(if text.is_empty() { "Nothing waits.\n".to_owned() } else { text });
    }
    print!("{text}");
    let told: Vec<String> = failed.iter().map(|place| trouble(place)).collect();
    Err(Failure::new(told.join("\n")).hint("what waits is kept: try again later"))
}

fn done(synced: &Synced) -> String {
    let mut text = format!("{}: ", synced.place);
    match synced.processes {
        0 if synced.records == 0 => text.push_str("nothing waited"),
        processes => text.push_str(&format!(
            "brought in {} of {} from {}",
            counted(synced.records, "record"),
            counted(synced.runs as u64, "run"),
            counted(processes as u64, "process"),
        )),
    }
    if synced.left > 0 {
        text.push_str(&format!("; {} still at work", counted(synced.left as u64, "process")));
    }
    text + "\n"
}

fn trouble(synced: &Synced) -> String {
    let why = synced.failure.as_ref().map(ToString::to_string).unwrap_or_default();
    format!("{why}: {} left in {}", counted(synced.left as u64, "journal"), synced.journals.display())
}
