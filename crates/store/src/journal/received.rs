//! Parts of a journal that lies on another machine: no byte of them is trusted.

use trackline_journal::{ArtifactOwner, Event, ExperimentRef, HEADER_LENGTH, Record, read_frames};
use trackline_model::limits::{
    KeyKind, validate_dataset, validate_experiment_name, validate_key, validate_logged_model_name,
    validate_run_id,
};
use trackline_model::{Invalid, Param, Tag};

use super::{Skipped, apply, claims, drained, offset, scope, set_drained};
use crate::blobs::is_digest;
use crate::sql::Connection;
use crate::{Error, Result, Store};

/// What became of frames that came from elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Received {
    /// How far the journal is in the database now, in bytes.
    pub drained: u64,
    /// The records that make no sense in this store, and were passed over.
    pub skipped: Vec<Skipped>,
}

impl Store {
    /// Writes the frames of a journal that lies elsewhere, as they stand in it from the offset `from` on. What is
    /// written already is passed over, so that the same frames may come again; of frames beyond a gap nothing is
    /// written, and the answer says where to go on.
    ///
    /// # Errors
    /// `Invalid` for an id that is none and for bytes that are no whole frames; then nothing is written.
    pub fn apply_frames(&self, journal_id: &str, from: u64, frames: &[u8]) -> Result<Received> {
        check_id(journal_id)?;
        let records =
            read_frames(frames, from).map_err(|error| Error::invalid(format!("Bad journal: {error}.")))?;
        let end = offset(from.saturating_add(frames.len() as u64))?;
        let scope = |connection: &dyn Connection| {
            scope::of(connection, journal_id, records.iter().filter_map(|(_, record)| record.as_ref()))
        };
        self.write_in(scope, |transaction| {
            let known = drained(transaction.reader(), journal_id)?.unwrap_or(0).unsigned_abs();
            let next = known.max(HEADER_LENGTH);
            let new = match records.iter().position(|(behind, _)| *behind > next) {
                Some(0) if from != next => None,
                Some(first) if first > 0 && records[first - 1].0 != next => None,
                first => first,
            };
            let Some(first) = new else {
                return Ok(Received { drained: known, skipped: Vec::new() });
            };
            set_drained(transaction, journal_id, end)?;
            let (good, mut skipped) = sorted_out(journal_id, &records[first..]);
            skipped.extend(apply(transaction, journal_id, good)?.skipped);
            Ok(Received { drained: end.unsigned_abs(), skipped })
        })
    }

    /// The process of a journal speaks of no run any more. How far the journal is stays known: of one that lies
    /// elsewhere, something may be sent again.
    pub fn close_journal(&self, journal_id: &str) -> Result<()> {
        self.write(|transaction| claims::withdraw(transaction, journal_id))
    }
}

/// An id is letters, digits and dashes, as the runtime makes them.
pub(super) fn check_id(journal_id: &str) -> Result<()> {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if !journal_id.is_empty() && journal_id.len() <= 100 && journal_id.bytes().all(good) {
        return Ok(());
    }
    let shown: String = journal_id.chars().take(100).collect();
    Err(Error::invalid(format!(
        "'{shown}' is no id of a journal: it has up to 100 letters, digits and dashes."
    )))
}

/// The records that keep the rules which the runtime of an honest sender keeps, and what is wrong with the others.
fn sorted_out<'a>(journal_id: &str, records: &'a [(u64, Option<Record>)]) -> (Vec<&'a Record>, Vec<Skipped>) {
    let (mut good, mut skipped) = (Vec::new(), Vec::new());
    for (_, record) in records {
        let checked = match record {
            Some(record) => check(record).map(|()| record),
            None => Err(Invalid::new("It holds records of a newer Trackline: update the server.")),
        };
        match checked {
            Ok(record) => good.push(record),
            Err(wrong) => skipped.push(Skipped { owner: journal_id.to_owned(), reason: wrong.message }),
        }
    }
    (good, skipped)
}

fn check(record: &Record) -> std::result::Result<(), Invalid> {
    match record {
        Record::Point { .. } => Ok(()),
        Record::Series { run_id, key, .. } => {
            validate_run_id(run_id)?;
            validate_key(KeyKind::Metric, key)
        }
        Record::Event(event) => check_event(event),
    }
}

fn check_event(event: &Event) -> std::result::Result<(), Invalid> {
    match event {
        Event::RunStarted { run_id, experiment, tags, .. } => {
            validate_run_id(run_id)?;
            check_experiment(experiment)?;
            check_tags(tags)
        }
        Event::Params { params, .. } => check_params(params),
        Event::Tags { tags, .. } | Event::ModelTags { tags, .. } => check_tags(tags),
        Event::Metrics { metrics, .. } => {
            metrics.iter().try_for_each(|metric| validate_key(KeyKind::Metric, &metric.key))
        }
        Event::Input { input, .. } => validate_dataset(input),
        Event::ModelCreated { model_id, name, params, tags, .. } => {
            validate_run_id(model_id.strip_prefix("m-").unwrap_or_default())?;
            validate_logged_model_name(name)?;
            check_params(params)?;
            check_tags(tags)
        }
        Event::Artifact { owner: ArtifactOwner::Run(_) | ArtifactOwner::Model(_), digest, .. } => {
            check_digest(digest)
        }
        Event::Document { kind, digest, .. } => {
            validate_key(KeyKind::Tag, kind)?;
            check_digest(digest)
        }
        Event::ExperimentTags { experiment, tags, .. } => {
            check_experiment(experiment)?;
            check_tags(tags)
        }
        _ => Ok(()),
    }
}

fn check_experiment(experiment: &ExperimentRef) -> std::result::Result<(), Invalid> {
    match experiment {
        ExperimentRef::Id(_) => Ok(()),
        ExperimentRef::Name(name) => validate_experiment_name(name),
    }
}

fn check_params(params: &[Param]) -> std::result::Result<(), Invalid> {
    params.iter().try_for_each(|param| validate_key(KeyKind::Param, &param.key))
}

fn check_tags(tags: &[Tag]) -> std::result::Result<(), Invalid> {
    tags.iter().try_for_each(|tag| validate_key(KeyKind::Tag, &tag.key))
}

fn check_digest(digest: &str) -> std::result::Result<(), Invalid> {
    if is_digest(digest) {
        return Ok(());
    }
    let shown: String = digest.chars().take(100).collect();
    Err(Invalid::new(format!("'{shown}' is no digest of a blob.")))
}
