use trackline_journal::{ArtifactOwner, Event, ExperimentRef};
use trackline_model::{DEFAULT_EXPERIMENT_ID, EXIT_REASON_TAG, EXIT_TAG, RunStatus, Tag, USER_SOURCE};

use super::{Outcome, claims, waiting};
use crate::artifact_root::tree_path;
use crate::artifacts::{self, ArtifactKey};
use crate::origin::Origin;
use crate::runs::{self, RUN_NAME_TAG, RunKey};
use crate::sql::{Transaction, values};
use crate::store::now;
use crate::{
    Blob, NewLoggedModel, NewRun, Result, batch, documents, experiments, inputs, models, params, tags,
};

/// Applies an event. A second time, it changes nothing.
pub(super) fn apply(transaction: &dyn Transaction, event: &Event) -> Result<Outcome> {
    match event {
        Event::RunStarted { .. } => start_run(transaction, event),
        Event::ExperimentTags { experiment, tags, time } => {
            let id = experiment_id(transaction, experiment, *time)?;
            for tag in tags {
                experiments::set_tag(transaction, id, tag)?;
            }
            Ok(Outcome::Applied)
        }
        Event::ModelFinalized { model_id, .. }
        | Event::ModelTags { model_id, .. }
        | Event::Artifact { owner: ArtifactOwner::Model(model_id), .. } => {
            if models::check(transaction.reader(), model_id).is_err() {
                return waiting::keep(transaction, model_id, event);
            }
            of_model(transaction, model_id, event)
        }
        _ => {
            let Some(run_id) = run_of(event) else { return Ok(Outcome::Applied) };
            match runs::find_optional(transaction.reader(), run_id)? {
                Some(run) => of_run(transaction, run_id, run, event),
                None => waiting::keep(transaction, run_id, event),
            }
        }
    }
}

fn run_of(event: &Event) -> Option<&str> {
    match event {
        Event::RunStarted { run_id, .. }
        | Event::RunOpened { run_id }
        | Event::RunJoined { run_id }
        | Event::RunResumed { run_id, .. }
        | Event::RunMoved { run_id, .. }
        | Event::RunEnded { run_id, .. }
        | Event::Params { run_id, .. }
        | Event::Tags { run_id, .. }
        | Event::TagDeleted { run_id, .. }
        | Event::Metrics { run_id, .. }
        | Event::Input { run_id, .. }
        | Event::ModelCreated { run_id, .. }
        | Event::ModelOutput { run_id, .. }
        | Event::ArtifactDeleted { run_id, .. }
        | Event::Document { run_id, .. }
        | Event::Artifact { owner: ArtifactOwner::Run(run_id), .. } => Some(run_id),
        _ => None,
    }
}

fn start_run(transaction: &dyn Transaction, event: &Event) -> Result<Outcome> {
    let Event::RunStarted { run_id, experiment, run_name, user_id, start_time, tags } = event else {
        return Ok(Outcome::Applied);
    };
    if let Some(run) = runs::find_optional(transaction.reader(), run_id)? {
        transaction.execute(
            "UPDATE runs SET start_time = ? WHERE id = ? AND start_time > ?",
            values![*start_time, run.id, *start_time],
        )?;
        let others: Vec<Tag> = tags.iter().filter(|tag| tag.key != RUN_NAME_TAG).cloned().collect();
        tags::set(transaction, run, &others, USER_SOURCE)?;
        if claims::was_given_up(transaction, run)? {
            resume(transaction, run)?;
        }
        return Ok(Outcome::Applied);
    }
    let experiment = experiment_id(transaction, experiment, *start_time)?;
    let location = location(transaction, experiment)?;
    let mut new = NewRun {
        run_id: Some(run_id.clone()),
        experiment_id: experiment.to_string(),
        user_id: user_id.clone(),
        run_name: run_name.clone(),
        start_time: *start_time,
        tags: tags.clone(),
    };
    // A name beside a name tag that differs is no reason to lose a run.
    if run_name.as_ref().is_some_and(|name| !name.is_empty()) {
        new.tags.retain(|tag| tag.key != RUN_NAME_TAG);
    }
    runs::insert(transaction, &new, experiment, &location)?;
    waiting::release(transaction, run_id)?;
    Ok(Outcome::Applied)
}

/// Where the files of runs and models are: in the store, also where others keep those of the experiment elsewhere, since
/// the bytes come with the journal.
fn location(transaction: &dyn Transaction, experiment: i64) -> Result<String> {
    let given = experiments::get(transaction.reader(), experiment)?.artifact_location;
    Ok(if tree_path(&given).is_some() { given } else { experiments::own_location(experiment) })
}

/// The experiment, which is made if it has a name that is new. One that is deleted takes runs all the
/// same, and the default one takes those of an id that is not known: no run is lost.
fn experiment_id(transaction: &dyn Transaction, experiment: &ExperimentRef, time: i64) -> Result<i64> {
    let connection = transaction.reader();
    match experiment {
        ExperimentRef::Name(name) => match experiments::find_by_name(connection, name)? {
            Some(id) => Ok(id),
            None => experiments::insert(transaction, name, None, None, time),
        },
        ExperimentRef::Id(id) => {
            let default = experiments::parse_id(DEFAULT_EXPERIMENT_ID)?;
            let id = experiments::parse_id(id).unwrap_or(default);
            Ok(if experiments::find(connection, id)?.is_some() { id } else { default })
        }
    }
}

fn of_run(transaction: &dyn Transaction, run_id: &str, run: RunKey, event: &Event) -> Result<Outcome> {
    match event {
        Event::RunResumed { .. } => resume(transaction, run)?,
        Event::RunMoved { experiment, time, .. } => {
            let experiment = experiment_id(transaction, experiment, *time)?;
            runs::move_to(transaction, run, experiment)?;
        }
        Event::RunEnded { status, end_time, .. } => {
            if claims::was_given_up(transaction, run)? {
                forget_end(transaction, run)?;
            }
            // The clock was set back meanwhile, or is another machine's.
            let end_time = runs::info(transaction.reader(), run.id)?.start_time.max(*end_time);
            runs::update(transaction, run, Some(*status), Some(end_time))?;
            claims::release(transaction, run)?;
        }
        Event::Params { params, time, source, confidence, .. } => {
            let origin = Origin { source, confidence: *confidence, time: *time };
            params::set(transaction, run, params, origin)?;
        }
        Event::Tags { tags, source, .. } => tags::set(transaction, run, tags, source)?,
        Event::TagDeleted { key, .. } => {
            tags::delete(transaction, run, key)?;
        }
        Event::Metrics { metrics, source, .. } => {
            let origin = Origin { source, confidence: None, time: now() };
            batch::log_metrics(transaction, run_id, run, &metrics.iter().collect(), origin)?;
        }
        Event::Input { input, source, .. } => inputs::add_dataset(transaction, run, input, source)?,
        Event::ModelCreated { .. } => create_model(transaction, run, event)?,
        Event::ModelOutput { output, .. } => inputs::add_output(transaction, run, output)?,
        Event::Document { kind, digest, .. } => documents::set(transaction, run, kind, digest)?,
        Event::ArtifactDeleted { path, .. } => {
            artifacts::delete(transaction, &of_root(transaction, run_id, run, path)?)?;
        }
        Event::Artifact { path, digest, size, time, source, .. } => {
            let key = of_root(transaction, run_id, run, path)?;
            artifacts::put(transaction, &key, &Blob { digest: digest.clone(), size: *size }, *time, source)?;
        }
        _ => {}
    }
    Ok(Outcome::Applied)
}

fn of_model(transaction: &dyn Transaction, model_id: &str, event: &Event) -> Result<Outcome> {
    match event {
        Event::ModelFinalized { status, time, .. } => {
            models::finalize(transaction, model_id, *status, *time)?;
        }
        Event::ModelTags { tags, .. } => models::set_tags(transaction, model_id, tags)?,
        Event::Artifact { path, digest, size, time, source, .. } => {
            let model = models::get(transaction.reader(), model_id)?;
            let fallback = format!("{}/models/{model_id}/artifacts", model.experiment_id);
            let key = root(&model.artifact_uri, &fallback)?.join(path)?;
            artifacts::put(transaction, &key, &Blob { digest: digest.clone(), size: *size }, *time, source)?;
        }
        _ => {}
    }
    Ok(Outcome::Applied)
}

/// The place of an artifact of a run.
fn of_root(transaction: &dyn Transaction, run_id: &str, run: RunKey, path: &str) -> Result<ArtifactKey> {
    let info = runs::info(transaction.reader(), run.id)?;
    root(&info.artifact_uri, &format!("{}/{run_id}/artifacts", run.experiment))?.join(path)
}

/// Where artifacts go whose bytes are already here, also when those of the experiment go elsewhere.
fn root(uri: &str, fallback: &str) -> Result<ArtifactKey> {
    ArtifactKey::of_uri(uri).map_or_else(|| ArtifactKey::parse(fallback), Ok)
}

/// What was said of an earlier end holds no more.
fn forget_end(transaction: &dyn Transaction, run: RunKey) -> Result<()> {
    [EXIT_TAG, EXIT_REASON_TAG].iter().try_for_each(|key| tags::delete(transaction, run, key).map(drop))
}

pub(super) fn resume(transaction: &dyn Transaction, run: RunKey) -> Result<()> {
    forget_end(transaction, run)?;
    runs::update(transaction, run, Some(RunStatus::Running), None)?;
    transaction.execute("UPDATE runs SET end_time = NULL WHERE id = ?", values![run.id]).map(drop)
}

fn create_model(transaction: &dyn Transaction, run: RunKey, event: &Event) -> Result<()> {
    let Event::ModelCreated { model_id, name, run_id, model_type, params, tags, time, source } = event else {
        return Ok(());
    };
    let model = NewLoggedModel {
        model_id: Some(model_id.clone()),
        experiment_id: run.experiment.to_string(),
        name: Some(name.clone()),
        model_type: model_type.clone(),
        source_run_id: Some(run_id.clone()),
        params: params.clone(),
        tags: tags.clone(),
    };
    if models::check(transaction.reader(), model_id).is_ok() {
        return Ok(());
    }
    models::insert(
        transaction,
        &model,
        run.experiment,
        &location(transaction, run.experiment)?,
        *time,
        source,
    )?;
    waiting::release(transaction, model_id)
}
