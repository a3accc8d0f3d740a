use axum::extract::State;
use trackline_store::{DatasetFilter, ModelOrder, ModelQuery, NewLoggedModel, Store};

use super::{Answer, blocking, done, max_results};
use crate::error::ApiError;
use crate::wire::logged_models::{
    CreateLoggedModel, DatasetName, FinalizeLoggedModel, LogLoggedModelParams, LoggedModel, LoggedModels,
    OneLoggedModel, OrderBy, SearchLoggedModels, SetLoggedModelTags,
};
use crate::wire::{Args, Done, Json, Path, optional_text, params, required, required_text, tags};

/// The largest page. Clients ask for at most 50; whoever asks MLflow's server for more than this gets it.
const MAX_RESULTS: usize = 1000;

/// Makes a logged model, pending until its files are there.
#[utoipa::path(post, path = "/logged-models", tag = "logged models", request_body = CreateLoggedModel,
    responses((status = OK, body = OneLoggedModel)))]
pub(crate) async fn create(
    State(store): State<Store>,
    Args(args): Args<CreateLoggedModel>,
) -> Answer<OneLoggedModel> {
    let new = NewLoggedModel {
        model_id: None,
        experiment_id: required_text("experiment_id", args.experiment_id)?,
        name: optional_text(args.name),
        model_type: optional_text(args.model_type),
        source_run_id: optional_text(args.source_run_id),
        params: params("params", args.params)?,
        tags: tags("tags", args.tags)?,
    };
    let model = blocking(move || store.create_logged_model(&new)).await?;
    Ok(Json(OneLoggedModel { model: model.into() }))
}

/// One logged model.
#[utoipa::path(get, path = "/logged-models/{model_id}", tag = "logged models", params(("model_id" = String, Path)),
    responses((status = OK, body = OneLoggedModel)))]
pub(crate) async fn get(State(store): State<Store>, Path(id): Path<String>) -> Answer<OneLoggedModel> {
    let model = blocking(move || store.get_logged_model(&id)).await?;
    Ok(Json(OneLoggedModel { model: model.into() }))
}

/// Says that the files of a logged model are there, or could not be written.
#[utoipa::path(patch, path = "/logged-models/{model_id}", tag = "logged models",
    params(("model_id" = String, Path)), request_body = FinalizeLoggedModel,
    responses((status = OK, body = OneLoggedModel)))]
pub(crate) async fn finalize(
    State(store): State<Store>,
    Path(id): Path<String>,
    Args(args): Args<FinalizeLoggedModel>,
) -> Answer<OneLoggedModel> {
    required_text("model_id", args.model_id)?;
    let status = required("status", args.status)?;
    let model = blocking(move || store.finalize_logged_model(&id, status)).await?;
    Ok(Json(OneLoggedModel { model: model.into() }))
}

/// Deletes a logged model.
#[utoipa::path(delete, path = "/logged-models/{model_id}", tag = "logged models",
    params(("model_id" = String, Path)), responses((status = OK, body = Done)))]
pub(crate) async fn delete(State(store): State<Store>, Path(id): Path<String>) -> Answer<Done> {
    done(move || store.delete_logged_model(&id)).await
}

/// Sets tags.
#[utoipa::path(patch, path = "/logged-models/{model_id}/tags", tag = "logged models",
    params(("model_id" = String, Path)), request_body = SetLoggedModelTags,
    responses((status = OK, body = Done)))]
pub(crate) async fn set_tags(
    State(store): State<Store>,
    Path(id): Path<String>,
    Args(args): Args<SetLoggedModelTags>,
) -> Answer<Done> {
    let tags = tags("tags", args.tags)?;
    done(move || store.set_logged_model_tags(&id, &tags).map(drop)).await
}

/// Deletes a tag.
#[utoipa::path(delete, path = "/logged-models/{model_id}/tags/{tag_key}", tag = "logged models",
    params(("model_id" = String, Path), ("tag_key" = String, Path)), responses((status = OK, body = Done)))]
pub(crate) async fn delete_tag(
    State(store): State<Store>,
    Path((id, key)): Path<(String, String)>,
) -> Answer<Done> {
    done(move || store.delete_logged_model_tag(&id, &key)).await
}

/// Logs params, which then cannot be changed.
#[utoipa::path(post, path = "/logged-models/{model_id}/params", tag = "logged models",
    params(("model_id" = String, Path)), request_body = LogLoggedModelParams,
    responses((status = OK, body = Done)))]
pub(crate) async fn log_params(
    State(store): State<Store>,
    Path(id): Path<String>,
    Args(args): Args<LogLoggedModelParams>,
) -> Answer<Done> {
    required_text("model_id", args.model_id)?;
    let params = params("params", args.params)?;
    done(move || store.log_logged_model_params(&id, &params)).await
}

/// Finds logged models.
#[utoipa::path(post, path = "/logged-models/search", tag = "logged models", request_body = SearchLoggedModels,
    responses((status = OK, body = LoggedModels)))]
pub(crate) async fn search(
    State(store): State<Store>,
    Args(args): Args<SearchLoggedModels>,
) -> Answer<LoggedModels> {
    let query = ModelQuery {
        experiment_ids: required("experiment_ids", args.experiment_ids)?,
        filter: args.filter.unwrap_or_default(),
        datasets: args.datasets.into_iter().map(dataset_filter).collect::<Result<_, _>>()?,
        order_by: args.order_by.into_iter().map(order).collect::<Result<_, _>>()?,
        max_results: max_results(args.max_results, 50, usize::MAX)?.min(MAX_RESULTS),
        page_token: optional_text(args.page_token),
    };
    let page = blocking(move || store.search_logged_models(&query)).await?;
    let models = page.items.into_iter().map(LoggedModel::from).collect();
    Ok(Json(LoggedModels { models, next_page_token: page.next_page_token }))
}

fn dataset_filter(given: DatasetName) -> Result<DatasetFilter, ApiError> {
    let name = required_text("datasets.dataset_name", given.dataset_name)?;
    Ok(DatasetFilter { name, digest: optional_text(given.dataset_digest) })
}

fn order(given: OrderBy) -> Result<ModelOrder, ApiError> {
    Ok(ModelOrder {
        field_name: required_text("order_by.field_name", given.field_name)?,
        ascending: given.ascending.unwrap_or(true),
        dataset_name: optional_text(given.dataset_name),
        dataset_digest: optional_text(given.dataset_digest),
    })
}
