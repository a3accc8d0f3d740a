//! Every endpoint of the server. The path of each stands beside its handler in `routes/`.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{any, get, post};
use tower_http::decompression::RequestDecompressionLayer;
use trackline_store::Store;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::{endpoint_not_found, method_not_allowed, no_presigned_links};
use crate::routes::{
    artifacts, assessments, blobs, datasets, direct, downloads, experiments, genai, graphql, health,
    journals, log_model, logged_models, metrics, model_versions, page, registered_models, runs, spans,
    traces, webhooks,
};
use crate::{openapi, ui};

/// The largest JSON body: more than the greatest dataset profile that MLflow allows.
const MAX_JSON_BYTES: usize = 32 << 20;

/// The largest query of GraphQL: far more than any page asks.
const MAX_QUERY_BYTES: usize = 1 << 20;

/// All endpoints, and their description.
///
/// MLflow's are there twice: clients call `/api/…`, pages call `/ajax-api/…`. The document lists the first.
pub(crate) fn router() -> (Router<Store>, OpenApi) {
    let (mlflow, mlflow_api) = tracking()
        .merge(registry())
        .merge(traces())
        .routes(routes!(traces::link_to_run))
        .routes(routes!(spans::file_of_trace))
        .split_for_parts();
    let (mlflow_3, mlflow_3_api) = traces()
        .routes(routes!(traces::start))
        .routes(routes!(traces::get))
        .routes(routes!(traces::search))
        .routes(routes!(spans::get))
        .routes(routes!(spans::get_each))
        .routes(routes!(spans::get_each_info))
        .merge(trace_assessments())
        .routes(routes!(health::server_info))
        .split_for_parts();
    let (proxy, proxy_api) = artifact_proxy().split_for_parts();
    let (own, own_api) = for_the_page().merge(for_own_clients()).split_for_parts();
    let (root, mut api) = OpenApiRouter::with_openapi(openapi::header())
        .routes(routes!(health::health))
        .routes(routes!(health::version))
        .routes(routes!(downloads::of_run))
        .routes(routes!(downloads::of_model_version))
        .merge(spans())
        .split_for_parts();

    let mut router = root.nest("/api/trackline", own);
    api = api.nest("/api/trackline", own_api);
    for prefix in ["/api", "/ajax-api"] {
        router = router
            .nest(&format!("{prefix}/2.0/mlflow"), mlflow.clone())
            .nest(&format!("{prefix}/3.0/mlflow"), mlflow_3.clone())
            .nest(&format!("{prefix}/2.0/mlflow-artifacts"), proxy.clone())
            .route(&format!("{prefix}/2.0/mlflow/artifacts/presigned-upload-url"), post(no_presigned_links))
            .route(&format!("{prefix}/2.0/mlflow/artifacts/presigned-download-url"), post(no_presigned_links))
            .route(&format!("{prefix}/"), any(endpoint_not_found))
            .route(&format!("{prefix}/{{*path}}"), any(endpoint_not_found));
        for (path, answer) in genai::routes() {
            router = router.route(&format!("{prefix}/{path}"), answer);
        }
    }
    api = api
        .nest("/api/2.0/mlflow", mlflow_api)
        .nest("/api/3.0/mlflow", mlflow_3_api)
        .nest("/api/2.0/mlflow-artifacts", proxy_api);
    let router = router
        .route(
            "/graphql",
            get(graphql::answer).post(graphql::answer).layer(DefaultBodyLimit::max(MAX_QUERY_BYTES)),
        )
        .merge(ui::router())
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(MAX_JSON_BYTES));
    (router, openapi::finish(api))
}

fn tracking() -> OpenApiRouter<Store> {
    OpenApiRouter::new()
        .routes(routes!(experiments::create))
        .routes(routes!(experiments::get))
        .routes(routes!(experiments::get_by_name))
        .routes(routes!(experiments::search, experiments::search_by_query))
        .routes(routes!(experiments::update))
        .routes(routes!(experiments::delete))
        .routes(routes!(experiments::restore))
        .routes(routes!(experiments::set_tag))
        .routes(routes!(experiments::delete_tag))
        .routes(routes!(datasets::search))
        .routes(routes!(runs::create))
        .routes(routes!(runs::get))
        .routes(routes!(runs::update))
        .routes(routes!(runs::search))
        .routes(routes!(runs::delete))
        .routes(routes!(runs::restore))
        .routes(routes!(runs::log_batch))
        .routes(routes!(runs::log_metric))
        .routes(routes!(runs::log_param))
        .routes(routes!(runs::set_tag))
        .routes(routes!(runs::delete_tag))
        .routes(routes!(runs::log_inputs))
        .routes(routes!(runs::log_outputs))
        .routes(routes!(log_model::log_model))
        .routes(routes!(metrics::history))
        .routes(routes!(metrics::history_bulk))
        .routes(routes!(metrics::history_interval))
        .routes(routes!(artifacts::list_of_run))
        .routes(routes!(artifacts::upload_to_run))
        .routes(routes!(logged_models::create))
        .routes(routes!(logged_models::get, logged_models::finalize, logged_models::delete))
        .routes(routes!(logged_models::set_tags))
        .routes(routes!(logged_models::delete_tag))
        .routes(routes!(logged_models::log_params))
        .routes(routes!(logged_models::search))
        .routes(routes!(artifacts::list_of_logged_model))
        .routes(routes!(downloads::of_logged_model))
}

fn registry() -> OpenApiRouter<Store> {
    OpenApiRouter::new()
        .routes(routes!(registered_models::create))
        .routes(routes!(registered_models::get))
        .routes(routes!(registered_models::search))
        .routes(routes!(registered_models::rename))
        .routes(routes!(registered_models::update))
        .routes(routes!(registered_models::delete))
        .routes(routes!(registered_models::latest_versions, registered_models::latest_versions_by_query))
        .routes(routes!(registered_models::set_tag))
        .routes(routes!(registered_models::delete_tag))
        .routes(routes!(
            registered_models::set_alias,
            registered_models::version_by_alias,
            registered_models::delete_alias
        ))
        .routes(routes!(model_versions::create))
        .routes(routes!(model_versions::get))
        .routes(routes!(model_versions::download_uri))
        .routes(routes!(model_versions::search))
        .routes(routes!(model_versions::update))
        .routes(routes!(model_versions::transition_stage))
        .routes(routes!(model_versions::delete))
        .routes(routes!(model_versions::set_tag))
        .routes(routes!(model_versions::delete_tag))
        .routes(routes!(webhooks::create, webhooks::list))
        .routes(routes!(webhooks::get, webhooks::update, webhooks::delete))
        .routes(routes!(webhooks::test))
}

/// What clients call by either version of the API.
fn traces() -> OpenApiRouter<Store> {
    OpenApiRouter::new().routes(routes!(traces::delete)).routes(routes!(traces::set_tag, traces::delete_tag))
}

/// What exporters of OpenTelemetry call.
fn spans() -> OpenApiRouter<Store> {
    OpenApiRouter::new().routes(routes!(spans::export)).layer(RequestDecompressionLayer::new())
}

fn trace_assessments() -> OpenApiRouter<Store> {
    OpenApiRouter::new().routes(routes!(assessments::create)).routes(routes!(
        assessments::get,
        assessments::update,
        assessments::delete
    ))
}

/// What `mlflow-artifacts:` URIs point at.
fn artifact_proxy() -> OpenApiRouter<Store> {
    OpenApiRouter::new()
        .routes(routes!(artifacts::list))
        .routes(routes!(artifacts::upload, artifacts::download, artifacts::delete))
        .routes(routes!(direct::create_upload))
        .routes(routes!(direct::complete_upload))
        .routes(routes!(direct::abort_upload))
        .routes(routes!(direct::link))
}

/// What only our own page calls.
fn for_the_page() -> OpenApiRouter<Store> {
    OpenApiRouter::new()
        .routes(routes!(page::changes))
        .routes(routes!(page::captured))
        .routes(routes!(page::param_history))
        .routes(routes!(page::drift))
        .routes(routes!(page::metrics))
        .routes(routes!(page::documents))
        .routes(routes!(page::document))
        .routes(routes!(page::series))
        .routes(routes!(page::artifacts))
        .routes(routes!(page::artifact))
}

/// What Trackline's own clients call to send what they have logged.
fn for_own_clients() -> OpenApiRouter<Store> {
    let journals = OpenApiRouter::new()
        .routes(routes!(journals::drained, journals::append))
        .layer(DefaultBodyLimit::max(journals::MAX_FRAMES_BYTES));
    OpenApiRouter::new()
        .merge(journals)
        .routes(routes!(journals::alive))
        .routes(routes!(journals::end))
        .routes(routes!(journals::close))
        .routes(routes!(blobs::has, blobs::keep))
}
