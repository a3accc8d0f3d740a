use axum::extract::State;
use trackline_model::Tag;
use trackline_store::{ExperimentQuery, Store};

use super::{Answer, blocking, done, max_results};
use crate::artifact_path::checked_location;
use crate::wire::experiments::{
    CreateExperiment, DeleteExperimentTag, Experiment, ExperimentCreated, ExperimentId, ExperimentName,
    Experiments, OneExperiment, SearchExperiments, SetExperimentTag, UpdateExperiment,
};
use crate::wire::{Args, Done, Json, optional_text, required_text, tags};

/// Makes an experiment; its name must be new, also among deleted ones.
#[utoipa::path(post, path = "/experiments/create", tag = "experiments", request_body = CreateExperiment,
    responses((status = OK, body = ExperimentCreated)))]
pub(crate) async fn create(
    State(store): State<Store>,
    Args(args): Args<CreateExperiment>,
) -> Answer<ExperimentCreated> {
    let name = required_text("name", args.name)?;
    let location = checked_location(args.artifact_location)?;
    let tags = tags("tags", args.tags)?;
    let experiment = blocking(move || store.create_experiment(&name, location.as_deref(), &tags)).await?;
    Ok(Json(ExperimentCreated { experiment_id: experiment.experiment_id }))
}

/// One experiment, deleted or not.
#[utoipa::path(get, path = "/experiments/get", tag = "experiments", params(ExperimentId),
    responses((status = OK, body = OneExperiment)))]
pub(crate) async fn get(State(store): State<Store>, Args(args): Args<ExperimentId>) -> Answer<OneExperiment> {
    let id = required_text("experiment_id", args.experiment_id)?;
    let experiment = blocking(move || store.get_experiment(&id)).await?;
    Ok(Json(OneExperiment { experiment: experiment.into() }))
}

/// One experiment by its name, deleted or not.
#[utoipa::path(get, path = "/experiments/get-by-name", tag = "experiments", params(ExperimentName),
    responses((status = OK, body = OneExperiment)))]
pub(crate) async fn get_by_name(
    State(store): State<Store>,
    Args(args): Args<ExperimentName>,
) -> Answer<OneExperiment> {
    let name = required_text("experiment_name", args.experiment_name)?;
    let experiment = blocking(move || store.get_experiment_by_name(&name)).await?;
    Ok(Json(OneExperiment { experiment: experiment.into() }))
}

/// Finds experiments.
#[utoipa::path(post, path = "/experiments/search", tag = "experiments", request_body = SearchExperiments,
    responses((status = OK, body = Experiments)))]
pub(crate) async fn search(
    State(store): State<Store>,
    Args(args): Args<SearchExperiments>,
) -> Answer<Experiments> {
    let query = ExperimentQuery {
        filter: args.filter.unwrap_or_default(),
        view: args.view_type.unwrap_or_default(),
        order_by: args.order_by,
        max_results: max_results(args.max_results, 0, 50_000)?,
        page_token: optional_text(args.page_token),
    };
    let page = blocking(move || store.search_experiments(&query)).await?;
    Ok(Json(Experiments {
        experiments: page.items.into_iter().map(Experiment::from).collect(),
        next_page_token: page.next_page_token,
    }))
}

/// Finds experiments, as the same call by POST does.
#[utoipa::path(get, path = "/experiments/search", tag = "experiments", params(SearchExperiments),
    responses((status = OK, body = Experiments)))]
pub(crate) async fn search_by_query(
    store: State<Store>,
    args: Args<SearchExperiments>,
) -> Answer<Experiments> {
    search(store, args).await
}

/// Renames an experiment.
#[utoipa::path(post, path = "/experiments/update", tag = "experiments", request_body = UpdateExperiment,
    responses((status = OK, body = Done)))]
pub(crate) async fn update(State(store): State<Store>, Args(args): Args<UpdateExperiment>) -> Answer<Done> {
    let id = required_text("experiment_id", args.experiment_id)?;
    let name = required_text("new_name", args.new_name)?;
    done(move || store.rename_experiment(&id, &name)).await
}

/// Deletes an experiment and its runs; both can be restored.
#[utoipa::path(post, path = "/experiments/delete", tag = "experiments", request_body = ExperimentId,
    responses((status = OK, body = Done)))]
pub(crate) async fn delete(State(store): State<Store>, Args(args): Args<ExperimentId>) -> Answer<Done> {
    let id = required_text("experiment_id", args.experiment_id)?;
    done(move || store.delete_experiment(&id)).await
}

/// Restores a deleted experiment and its runs.
#[utoipa::path(post, path = "/experiments/restore", tag = "experiments", request_body = ExperimentId,
    responses((status = OK, body = Done)))]
pub(crate) async fn restore(State(store): State<Store>, Args(args): Args<ExperimentId>) -> Answer<Done> {
    let id = required_text("experiment_id", args.experiment_id)?;
    done(move || store.restore_experiment(&id)).await
}

/// Sets a tag.
#[utoipa::path(post, path = "/experiments/set-experiment-tag", tag = "experiments",
    request_body = SetExperimentTag, responses((status = OK, body = Done)))]
pub(crate) async fn set_tag(State(store): State<Store>, Args(args): Args<SetExperimentTag>) -> Answer<Done> {
    let id = required_text("experiment_id", args.experiment_id)?;
    let key = required_text("key", args.key)?;
    let tag = Tag { key, value: args.value.unwrap_or_default() };
    done(move || store.set_experiment_tag(&id, &tag)).await
}

/// Deletes a tag.
#[utoipa::path(post, path = "/experiments/delete-experiment-tag", tag = "experiments",
    request_body = DeleteExperimentTag, responses((status = OK, body = Done)))]
pub(crate) async fn delete_tag(
    State(store): State<Store>,
    Args(args): Args<DeleteExperimentTag>,
) -> Answer<Done> {
    let id = required_text("experiment_id", args.experiment_id)?;
    let key = required_text("key", args.key)?;
    done(move || store.delete_experiment_tag(&id, &key)).await
}
