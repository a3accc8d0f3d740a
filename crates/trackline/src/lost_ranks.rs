//! Ranks that were gone before they had left the run that they attended: it says why.

use std::collections::BTreeMap;
use std::path::Path;

use trackline_journal::{Event, Found, Record, Writer};
use trackline_model::{EXIT_REASON_TAG, Exit, Tag};
use uuid::Uuid;

use crate::part::Part;
use crate::{Error, clock};

/// The runs that the writer of a journal attended to its end, and as which rank.
fn attended(journal: &Found) -> Result<BTreeMap<String, u32>, Error> {
    let (mut reader, mut attended) = (journal.reader()?, BTreeMap::new());
    // Behind a damage nothing is known.
    while let Ok(Some(record)) = reader.next() {
        match record {
            Record::Event(Event::RunAttended { run_id, rank }) => drop(attended.insert(run_id, rank)),
            Record::Event(Event::RunLeft { run_id }) => drop(attended.remove(&run_id)),
            _ => {}
        }
    }
    Ok(attended)
}

/// Tells those runs how the writer of the journal went, in a journal for that alone, which is carried as any other. False if there
/// is nothing to tell.
pub fn tell(journal: &Found, journals: &Path, exit: &Exit) -> Result<bool, Error> {
    let told = attended(journal)?.into_iter().map(|(run_id, rank)| {
        let tag = Tag { key: Part::Rank(rank).name(EXIT_REASON_TAG), value: exit.reason.clone() };
        Record::Event(Event::Tags { run_id, tags: vec![tag], source: "trackline".to_owned() })
    });
    let told: Vec<_> = told.collect();
    if told.is_empty() {
        return Ok(false);
    }
    let id = format!("{:012x}-{}", clock::now(), Uuid::new_v4().simple());
    Writer::create(journals, &id)?.append(&told)?;
    Ok(true)
}
