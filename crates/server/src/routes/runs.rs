use axum::extract::State;
use trackline_model::{Param, Tag};
use trackline_store::{Batch, NewRun, RunQuery, Store};

use super::{Answer, blocking, done, max_results};
use crate::clock::now;
use crate::wire::runs::{
    CreateRun, DeleteTag, LogBatch, LogInputs, LogMetric, LogOutputs, OneRun, Run, RunCreated, RunId,
    RunUpdated, Runs, SearchRuns, SetOnRun, UpdateRun,
};
use crate::wire::{Args, Done, Json, optional_text, params, required, required_text, run_id, tags};

/// Starts a run.
#[utoipa::path(post, path = "/runs/create", tag = "runs", request_body = CreateRun,
    responses((status = OK, body = RunCreated)))]
pub(crate) async fn create(State(store): State<Store>, Args(args): Args<CreateRun>) -> Answer<RunCreated> {
    let new = NewRun {
        run_id: None,
        experiment_id: required_text("experiment_id", args.experiment_id)?,
        user_id: args.user_id.unwrap_or_default(),
        run_name: optional_text(args.run_name),
        start_time: args.start_time.map_or_else(now, |time| time.0),
        tags: tags("tags", args.tags)?,
    };
    let run = blocking(move || store.create_run(&new)).await?;
    Ok(Json(RunCreated { run: run.into() }))
}

/// One run, deleted or not, with the latest value of each metric.
#[utoipa::path(get, path = "/runs/get", tag = "runs", params(RunId),
    responses((status = OK, body = OneRun)))]
pub(crate) async fn get(State(store): State<Store>, Args(args): Args<RunId>) -> Answer<OneRun> {
    let id = run_id(args.run_id, args.run_uuid)?;
    let run = blocking(move || store.get_run(&id)).await?;
    Ok(Json(OneRun { run: run.into() }))
}

/// Changes status, end time or name.
#[utoipa::path(post, path = "/runs/update", tag = "runs", request_body = UpdateRun,
    responses((status = OK, body = RunUpdated)))]
pub(crate) async fn update(State(store): State<Store>, Args(args): Args<UpdateRun>) -> Answer<RunUpdated> {
    let id = run_id(args.run_id, args.run_uuid)?;
    let (status, end_time) = (args.status, args.end_time.map(|time| time.0));
    let name = optional_text(args.run_name);
    let info = blocking(move || store.update_run(&id, status, end_time, name.as_deref())).await?;
    Ok(Json(RunUpdated { run_info: info.into() }))
}

/// Finds runs.
#[utoipa::path(post, path = "/runs/search", tag = "runs", request_body = SearchRuns,
    responses((status = OK, body = Runs)))]
pub(crate) async fn search(State(store): State<Store>, Args(args): Args<SearchRuns>) -> Answer<Runs> {
    let query = RunQuery {
        experiment_ids: args.experiment_ids,
        filter: args.filter.unwrap_or_default(),
        view: args.run_view_type.unwrap_or_default(),
        order_by: args.order_by,
        max_results: max_results(args.max_results, 1000, 50_000)?,
        page_token: optional_text(args.page_token),
    };
    let page = blocking(move || store.search_runs(&query)).await?;
    let runs = page.items.into_iter().map(Run::from).collect();
    Ok(Json(Runs { runs, next_page_token: page.next_page_token }))
}

/// Deletes a run; it can be restored.
#[utoipa::path(post, path = "/runs/delete", tag = "runs", request_body = RunId,
    responses((status = OK, body = Done)))]
pub(crate) async fn delete(State(store): State<Store>, Args(args): Args<RunId>) -> Answer<Done> {
    let id = required_text("run_id", args.run_id)?;
    done(move || store.delete_run(&id)).await
}

/// Restores a deleted run.
#[utoipa::path(post, path = "/runs/restore", tag = "runs", request_body = RunId,
    responses((status = OK, body = Done)))]
pub(crate) async fn restore(State(store): State<Store>, Args(args): Args<RunId>) -> Answer<Done> {
    let id = required_text("run_id", args.run_id)?;
    done(move || store.restore_run(&id)).await
}

/// Logs up to 1000 metrics, 100 params and 100 tags, together 1000; all or nothing.
#[utoipa::path(post, path = "/runs/log-batch", tag = "runs", request_body = LogBatch,
    responses((status = OK, body = Done)))]
pub(crate) async fn log_batch(State(store): State<Store>, Args(args): Args<LogBatch>) -> Answer<Done> {
    let batch = Batch {
        run_id: required_text("run_id", args.run_id)?,
        metrics: args.metrics.checked()?,
        params: params("params", args.params)?,
        tags: tags("tags", args.tags)?,
    };
    done(move || store.log(batch)).await
}

/// Logs one value of a metric.
#[utoipa::path(post, path = "/runs/log-metric", tag = "runs", request_body = LogMetric,
    responses((status = OK, body = Done)))]
pub(crate) async fn log_metric(State(store): State<Store>, Args(args): Args<LogMetric>) -> Answer<Done> {
    let (run_id, metrics) = args.checked()?;
    done(move || store.log(Batch { run_id, metrics, ..Batch::default() })).await
}

/// Logs a param, which then can not be changed.
#[utoipa::path(post, path = "/runs/log-parameter", tag = "runs", request_body = SetOnRun,
    responses((status = OK, body = Done)))]
pub(crate) async fn log_param(State(store): State<Store>, Args(args): Args<SetOnRun>) -> Answer<Done> {
    let id = run_id(args.run_id, args.run_uuid)?;
    let key = required_text("key", args.key)?;
    let param = Param { key, value: args.value.unwrap_or_default() };
    done(move || store.log(Batch { run_id: id, params: vec![param], ..Batch::default() })).await
}

/// Sets a tag.
#[utoipa::path(post, path = "/runs/set-tag", tag = "runs", request_body = SetOnRun,
    responses((status = OK, body = Done)))]
pub(crate) async fn set_tag(State(store): State<Store>, Args(args): Args<SetOnRun>) -> Answer<Done> {
    let id = run_id(args.run_id, args.run_uuid)?;
    let key = required_text("key", args.key)?;
    let tag = Tag { key, value: args.value.unwrap_or_default() };
    done(move || store.set_tag(&id, &tag)).await
}

/// Deletes a tag.
#[utoipa::path(post, path = "/runs/delete-tag", tag = "runs", request_body = DeleteTag,
    responses((status = OK, body = Done)))]
pub(crate) async fn delete_tag(State(store): State<Store>, Args(args): Args<DeleteTag>) -> Answer<Done> {
    let id = required_text("run_id", args.run_id)?;
    let key = required_text("key", args.key)?;
    done(move || store.delete_tag(&id, &key)).await
}

/// Logs datasets and logged models that a run read.
#[utoipa::path(post, path = "/runs/log-inputs", tag = "runs", request_body = LogInputs,
    responses((status = OK, body = Done)))]
pub(crate) async fn log_inputs(State(store): State<Store>, Args(args): Args<LogInputs>) -> Answer<Done> {
    let id = required_text("run_id", args.run_id)?;
    let datasets = args.datasets.into_iter().enumerate().map(|(index, dataset)| dataset.checked(index));
    let datasets = datasets.collect::<Result<Vec<_>, _>>()?;
    let models = args.models.into_iter().map(|model| required_text("models.model_id", model.model_id));
    let models = models.collect::<Result<Vec<_>, _>>()?;
    done(move || store.log_inputs(&id, &datasets, &models)).await
}

/// Logs logged models that a run made.
#[utoipa::path(post, path = "/runs/outputs", tag = "runs", request_body = LogOutputs,
    responses((status = OK, body = Done)))]
pub(crate) async fn log_outputs(State(store): State<Store>, Args(args): Args<LogOutputs>) -> Answer<Done> {
    let id = required_text("run_id", args.run_id)?;
    let outputs = required("models", args.models)?.into_iter().enumerate();
    let outputs = outputs.map(|(index, output)| output.checked(index)).collect::<Result<Vec<_>, _>>()?;
    done(move || store.log_outputs(&id, &outputs)).await
}
