//! What applying the records of a journal decides by and changes.

use std::collections::BTreeSet;

use trackline_journal::{ArtifactOwner, Event, Record};

use crate::Result;
use crate::sql::{Connection, Scope, values};

/// The scope of records; what makes something new, or may let waiting events go on, concerns everything.
pub(super) fn of<'a>(
    connection: &dyn Connection,
    journal_id: &str,
    records: impl IntoIterator<Item = &'a Record>,
) -> Result<Scope> {
    let mut ids: BTreeSet<String> = BTreeSet::from([journal_id.to_owned()]);
    let mut series: BTreeSet<u32> = BTreeSet::new();
    for record in records {
        match record {
            Record::Series { run_id, .. } => drop(ids.insert(run_id.clone())),
            Record::Point { series: number, .. } => drop(series.insert(*number)),
            Record::Event(event) => match of_event(event) {
                Some(of_event) => ids.extend(of_event.into_iter().map(str::to_owned)),
                None => return Ok(Scope::Everything),
            },
        }
    }
    let series: Vec<_> =
        series.into_iter().map(|number| values![journal_id, i64::from(number)].to_vec()).collect();
    let sql = "SELECT run_id FROM journal_series WHERE journal = ? AND number = ?";
    for row in connection.query_each(sql, &series)?.iter().flatten() {
        ids.insert(row.text(0)?);
    }
    Ok(Scope::Of(ids.into_iter().collect()))
}

fn of_event(event: &Event) -> Option<Vec<&str>> {
    match event {
        Event::RunOpened { run_id }
        | Event::RunJoined { run_id }
        | Event::RunResumed { run_id, .. }
        | Event::RunEnded { run_id, .. }
        | Event::Params { run_id, .. }
        | Event::Tags { run_id, .. }
        | Event::TagDeleted { run_id, .. }
        | Event::ModelOutput { run_id, .. }
        | Event::Document { run_id, .. } => Some(vec![run_id]),
        Event::ProcessStarted(_) | Event::RunAttended { .. } | Event::RunLeft { .. } => Some(Vec::new()),
        Event::Metrics { run_id, metrics, .. } => {
            let models = metrics.iter().filter_map(|metric| metric.model_id.as_deref());
            Some(models.chain([run_id.as_str()]).collect())
        }
        Event::ModelFinalized { model_id, .. } | Event::ModelTags { model_id, .. } => Some(vec![model_id]),
        Event::Artifact { owner: ArtifactOwner::Run(id) | ArtifactOwner::Model(id), .. } => {
            Some(vec![id, Scope::ARTIFACTS])
        }
        _ => None,
    }
}
