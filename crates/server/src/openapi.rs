//! What the API document says beyond the single endpoints.

use std::collections::HashSet;

use utoipa::openapi::path::Operation;
use utoipa::openapi::{
    ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, PathItem, Ref, Response, ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use crate::error::{ErrorBody, ErrorCode};

/// Title and licence.
pub(crate) fn header() -> OpenApi {
    let info = InfoBuilder::new().title("Trackline").version(env!("CARGO_PKG_VERSION")).description(Some(
        "MLflow's REST API (also under /ajax-api), and the endpoints of Trackline's page and clients.",
    ));
    OpenApiBuilder::new().info(info.build()).build()
}

/// Completes what the handlers say: valid paths, unique operation ids, the error of every endpoint.
pub(crate) fn finish(mut api: OpenApi) -> OpenApi {
    let components = api.components.get_or_insert_default();
    components.schemas.insert(ErrorBody::name().into_owned(), ErrorBody::schema());
    components.schemas.insert(ErrorCode::name().into_owned(), ErrorCode::schema());
    // The star is the router's way to say that a parameter may hold slashes.
    api.paths.paths =
        api.paths.paths.into_iter().map(|(path, item)| (path.replace("{*", "{"), item)).collect();
    let mut taken = HashSet::new();
    for (path, operation) in
        api.paths.paths.iter_mut().flat_map(|(path, item)| operations(item).map(move |one| (path, one)))
    {
        let tag = operation.tags.iter().flatten().next().map(|tag| tag.replace(' ', "_"));
        let handler = operation.operation_id.take();
        let id = tag.zip(handler).map(|(tag, handler)| format!("{tag}_{handler}"));
        // What is served under two versions of the API is one handler.
        let version = path.split('/').nth(2).unwrap_or_default();
        let again = id.as_ref().is_some_and(|id| !taken.insert(id.clone()));
        operation.operation_id = if again { id.map(|id| format!("{id}_{version}")) } else { id };
        operation.responses.responses.insert("default".to_owned(), error_response().into());
    }
    api
}

fn error_response() -> Response {
    let body = Ref::from_schema_name(ErrorBody::name());
    ResponseBuilder::new()
        .description("What failed, the value, and what to do")
        .content("application/json", ContentBuilder::new().schema(Some(body)).build())
        .build()
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, head, put, post, patch, delete, .. } = item;
    [get, head, put, post, patch, delete].into_iter().flatten()
}
