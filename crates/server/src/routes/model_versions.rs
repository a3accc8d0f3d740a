use axum::Extension;
use axum::extract::State;
use trackline_model::Tag;
use trackline_store::{NewModelVersion, RegistryQuery, Store};

use super::{Answer, blocking, done, max_results, told};
use crate::model_sources::ModelSources;
use crate::webhooks::{Happening, NewVersion, Webhooks, What};
use crate::wire::model_versions::{
    CreateModelVersion, DeleteModelVersionTag, DownloadUri, ModelVersion, ModelVersions, NameAndVersion,
    OneModelVersion, SetModelVersionTag, TransitionStage, UpdateModelVersion, stage, version_number,
};
use crate::wire::registered_models::Search;
use crate::wire::{Args, Done, Json, optional_text, required_text, tags};

/// Registers a version of a model.
#[utoipa::path(post, path = "/model-versions/create", tag = "model versions", request_body = CreateModelVersion,
    responses((status = OK, body = OneModelVersion)))]
pub(crate) async fn create(
    State(store): State<Store>,
    Extension(webhooks): Extension<Webhooks>,
    Extension(sources): Extension<ModelSources>,
    Args(args): Args<CreateModelVersion>,
) -> Answer<OneModelVersion> {
    let source = required_text("source", args.source)?;
    sources.check(&source)?;
    let new = NewModelVersion {
        name: required_text("name", args.name)?,
        source,
        run_id: optional_text(args.run_id),
        model_id: optional_text(args.model_id),
        run_link: optional_text(args.run_link),
        // MLflow tells a description that was never given, "", from one that was taken away: absent.
        description: Some(args.description.unwrap_or_default()),
        tags: tags("tags", args.tags)?,
    };
    let created = NewVersion {
        version: String::new(),
        source: new.source.clone(),
        run_id: new.run_id.clone(),
        tags: new.tags.clone(),
        description: optional_text(new.description.clone()),
    };
    let version = blocking(move || store.create_model_version(&new)).await?;
    let created = NewVersion { version: version.version.to_string(), ..created };
    webhooks.tell(Happening::new(&version.name, What::VersionCreated(created)));
    Ok(Json(OneModelVersion { model_version: version.into() }))
}

/// One version.
#[utoipa::path(get, path = "/model-versions/get", tag = "model versions", params(NameAndVersion),
    responses((status = OK, body = OneModelVersion)))]
pub(crate) async fn get(
    State(store): State<Store>,
    Args(args): Args<NameAndVersion>,
) -> Answer<OneModelVersion> {
    let (name, version) = args.checked()?;
    let version = blocking(move || store.get_model_version(&name, version)).await?;
    Ok(Json(OneModelVersion { model_version: version.into() }))
}

/// Where the files of a version are.
#[utoipa::path(get, path = "/model-versions/get-download-uri", tag = "model versions", params(NameAndVersion),
    responses((status = OK, body = DownloadUri)))]
pub(crate) async fn download_uri(
    State(store): State<Store>,
    Args(args): Args<NameAndVersion>,
) -> Answer<DownloadUri> {
    let (name, version) = args.checked()?;
    let artifact_uri = blocking(move || store.download_uri(&name, version)).await?;
    Ok(Json(DownloadUri { artifact_uri }))
}

/// Finds versions.
#[utoipa::path(get, path = "/model-versions/search", tag = "model versions", params(Search),
    responses((status = OK, body = ModelVersions)))]
pub(crate) async fn search(State(store): State<Store>, Args(args): Args<Search>) -> Answer<ModelVersions> {
    let query = RegistryQuery {
        filter: args.filter.unwrap_or_default(),
        order_by: args.order_by,
        max_results: max_results(args.max_results, 200_000, 200_000)?,
        page_token: optional_text(args.page_token),
    };
    let page = blocking(move || store.search_model_versions(&query)).await?;
    let model_versions = page.items.into_iter().map(ModelVersion::from).collect();
    Ok(Json(ModelVersions { model_versions, next_page_token: page.next_page_token }))
}

/// Changes the description.
#[utoipa::path(patch, path = "/model-versions/update", tag = "model versions", request_body = UpdateModelVersion,
    responses((status = OK, body = OneModelVersion)))]
pub(crate) async fn update(
    State(store): State<Store>,
    Args(args): Args<UpdateModelVersion>,
) -> Answer<OneModelVersion> {
    let name = required_text("name", args.name)?;
    let version = version_number(args.version)?;
    let description = optional_text(args.description);
    let version =
        blocking(move || store.update_model_version(&name, version, description.as_deref())).await?;
    Ok(Json(OneModelVersion { model_version: version.into() }))
}

/// Moves a version to another stage.
#[utoipa::path(post, path = "/model-versions/transition-stage", tag = "model versions",
    request_body = TransitionStage, responses((status = OK, body = OneModelVersion)))]
pub(crate) async fn transition_stage(
    State(store): State<Store>,
    Args(args): Args<TransitionStage>,
) -> Answer<OneModelVersion> {
    let name = required_text("name", args.name)?;
    let version = version_number(args.version)?;
    let stage = stage(&required_text("stage", args.stage)?)?;
    let archive = args.archive_existing_versions.unwrap_or_default();
    let version = blocking(move || store.transition_stage(&name, version, stage, archive)).await?;
    Ok(Json(OneModelVersion { model_version: version.into() }))
}

/// Deletes a version, for good.
#[utoipa::path(delete, path = "/model-versions/delete", tag = "model versions", request_body = NameAndVersion,
    responses((status = OK, body = Done)))]
pub(crate) async fn delete(State(store): State<Store>, Args(args): Args<NameAndVersion>) -> Answer<Done> {
    let (name, version) = args.checked()?;
    done(move || store.delete_model_version(&name, version)).await
}

/// Sets a tag.
#[utoipa::path(post, path = "/model-versions/set-tag", tag = "model versions", request_body = SetModelVersionTag,
    responses((status = OK, body = Done)))]
pub(crate) async fn set_tag(
    State(store): State<Store>,
    Extension(webhooks): Extension<Webhooks>,
    Args(args): Args<SetModelVersionTag>,
) -> Answer<Done> {
    let name = required_text("name", args.name)?;
    let version = version_number(args.version)?;
    let key = required_text("key", args.key)?;
    let tag = Tag { key, value: args.value.unwrap_or_default() };
    let set = What::VersionTagSet { version: version.to_string(), tag: tag.clone() };
    let happening = Happening::new(&name, set);
    told(&webhooks, happening, move || store.set_model_version_tag(&name, version, &tag)).await
}

/// Deletes a tag.
#[utoipa::path(delete, path = "/model-versions/delete-tag", tag = "model versions",
    request_body = DeleteModelVersionTag, responses((status = OK, body = Done)))]
pub(crate) async fn delete_tag(
    State(store): State<Store>,
    Extension(webhooks): Extension<Webhooks>,
    Args(args): Args<DeleteModelVersionTag>,
) -> Answer<Done> {
    let name = required_text("name", args.name)?;
    let version = version_number(args.version)?;
    let key = required_text("key", args.key)?;
    let deleted = What::VersionTagDeleted { version: version.to_string(), key: key.clone() };
    let happening = Happening::new(&name, deleted);
    told(&webhooks, happening, move || store.delete_model_version_tag(&name, version, &key)).await
}
