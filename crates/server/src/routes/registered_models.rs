use axum::Extension;
use axum::extract::State;
use trackline_model::Tag;
use trackline_store::{RegistryQuery, Store};

use super::{Answer, blocking, done, max_results, told};
use crate::webhooks::{Happening, Webhooks, What};
use crate::wire::model_versions::{ModelVersion, ModelVersions, OneModelVersion, stage, version_number};
use crate::wire::registered_models::{
    AliasName, CreateRegisteredModel, DeleteRegisteredModelTag, GetLatestVersions, OneRegisteredModel,
    RegisteredModel, RegisteredModelName, RegisteredModels, RenameRegisteredModel, Search, SetAlias,
    SetRegisteredModelTag, UpdateRegisteredModel,
};
use crate::wire::{Args, Done, Json, optional_text, required_text, tags};

/// Makes a registered model, without versions yet.
#[utoipa::path(post, path = "/registered-models/create", tag = "registered models",
    request_body = CreateRegisteredModel, responses((status = OK, body = OneRegisteredModel)))]
pub(crate) async fn create(
    State(store): State<Store>,
    Extension(webhooks): Extension<Webhooks>,
    Args(args): Args<CreateRegisteredModel>,
) -> Answer<OneRegisteredModel> {
    let name = required_text("name", args.name)?;
    let description = optional_text(args.description);
    let tags = tags("tags", args.tags)?;
    let created =
        What::ModelCreated { tags: tags.clone(), description: description.clone().unwrap_or_default() };
    let model = blocking(move || store.create_registered_model(&name, description.as_deref(), &tags)).await?;
    webhooks.tell(Happening::new(&model.name, created));
    Ok(Json(OneRegisteredModel { registered_model: model.into() }))
}

/// One registered model.
#[utoipa::path(get, path = "/registered-models/get", tag = "registered models", params(RegisteredModelName),
    responses((status = OK, body = OneRegisteredModel)))]
pub(crate) async fn get(
    State(store): State<Store>,
    Args(args): Args<RegisteredModelName>,
) -> Answer<OneRegisteredModel> {
    let name = required_text("name", args.name)?;
    let model = blocking(move || store.get_registered_model(&name)).await?;
    Ok(Json(OneRegisteredModel { registered_model: model.into() }))
}

/// Finds registered models.
#[utoipa::path(get, path = "/registered-models/search", tag = "registered models", params(Search),
    responses((status = OK, body = RegisteredModels)))]
pub(crate) async fn search(State(store): State<Store>, Args(args): Args<Search>) -> Answer<RegisteredModels> {
    let query = RegistryQuery {
        filter: args.filter.unwrap_or_default(),
        order_by: args.order_by,
        max_results: max_results(args.max_results, 100, 1000)?,
        page_token: optional_text(args.page_token),
    };
    let page = blocking(move || store.search_registered_models(&query)).await?;
    let models = page.items.into_iter().map(RegisteredModel::from).collect();
    Ok(Json(RegisteredModels { registered_models: models, next_page_token: page.next_page_token }))
}

/// Renames a registered model with all its versions.
#[utoipa::path(post, path = "/registered-models/rename", tag = "registered models",
    request_body = RenameRegisteredModel, responses((status = OK, body = OneRegisteredModel)))]
pub(crate) async fn rename(
    State(store): State<Store>,
    Args(args): Args<RenameRegisteredModel>,
) -> Answer<OneRegisteredModel> {
    let name = required_text("name", args.name)?;
    let new_name = required_text("new_name", args.new_name)?;
    let model = blocking(move || store.rename_registered_model(&name, &new_name)).await?;
    Ok(Json(OneRegisteredModel { registered_model: model.into() }))
}

/// Changes the description.
#[utoipa::path(patch, path = "/registered-models/update", tag = "registered models",
    request_body = UpdateRegisteredModel, responses((status = OK, body = OneRegisteredModel)))]
pub(crate) async fn update(
    State(store): State<Store>,
    Args(args): Args<UpdateRegisteredModel>,
) -> Answer<OneRegisteredModel> {
    let name = required_text("name", args.name)?;
    let description = optional_text(args.description);
    let model = blocking(move || store.update_registered_model(&name, description.as_deref())).await?;
    Ok(Json(OneRegisteredModel { registered_model: model.into() }))
}

/// Deletes a registered model with all its versions, for good.
#[utoipa::path(delete, path = "/registered-models/delete", tag = "registered models",
    request_body = RegisteredModelName, responses((status = OK, body = Done)))]
pub(crate) async fn delete(
    State(store): State<Store>,
    Args(args): Args<RegisteredModelName>,
) -> Answer<Done> {
    let name = required_text("name", args.name)?;
    done(move || store.delete_registered_model(&name)).await
}

/// The newest version of each stage.
#[utoipa::path(post, path = "/registered-models/get-latest-versions", tag = "registered models",
    request_body = GetLatestVersions, responses((status = OK, body = ModelVersions)))]
pub(crate) async fn latest_versions(
    State(store): State<Store>,
    Args(args): Args<GetLatestVersions>,
) -> Answer<ModelVersions> {
    let name = required_text("name", args.name)?;
    let stages = args.stages.iter().map(|text| stage(text)).collect::<Result<Vec<_>, _>>()?;
    let found = blocking(move || store.latest_versions(&name, &stages)).await?;
    let model_versions = found.into_iter().map(ModelVersion::from).collect();
    Ok(Json(ModelVersions { model_versions, next_page_token: None }))
}

/// The newest version of each stage, as the same call by POST gives them.
#[utoipa::path(get, path = "/registered-models/get-latest-versions", tag = "registered models",
    params(GetLatestVersions), responses((status = OK, body = ModelVersions)))]
pub(crate) async fn latest_versions_by_query(
    store: State<Store>,
    args: Args<GetLatestVersions>,
) -> Answer<ModelVersions> {
    latest_versions(store, args).await
}

/// Sets a tag.
#[utoipa::path(post, path = "/registered-models/set-tag", tag = "registered models",
    request_body = SetRegisteredModelTag, responses((status = OK, body = Done)))]
pub(crate) async fn set_tag(
    State(store): State<Store>,
    Extension(webhooks): Extension<Webhooks>,
    Args(args): Args<SetRegisteredModelTag>,
) -> Answer<Done> {
    let name = required_text("name", args.name)?;
    let key = required_text("key", args.key)?;
    let tag = Tag { key, value: args.value.unwrap_or_default() };
    let happening = Happening::new(&name, What::ModelTagSet(tag.clone()));
    told(&webhooks, happening, move || store.set_registered_model_tag(&name, &tag)).await
}

/// Deletes a tag.
#[utoipa::path(delete, path = "/registered-models/delete-tag", tag = "registered models",
    request_body = DeleteRegisteredModelTag, responses((status = OK, body = Done)))]
pub(crate) async fn delete_tag(
    State(store): State<Store>,
    Extension(webhooks): Extension<Webhooks>,
    Args(args): Args<DeleteRegisteredModelTag>,
) -> Answer<Done> {
    let name = required_text("name", args.name)?;
    let key = required_text("key", args.key)?;
    let happening = Happening::new(&name, What::ModelTagDeleted { key: key.clone() });
    told(&webhooks, happening, move || store.delete_registered_model_tag(&name, &key)).await
}

/// Points an alias at a version.
#[utoipa::path(post, path = "/registered-models/alias", tag = "registered models", request_body = SetAlias,
    responses((status = OK, body = Done)))]
pub(crate) async fn set_alias(
    State(store): State<Store>,
    Extension(webhooks): Extension<Webhooks>,
    Args(args): Args<SetAlias>,
) -> Answer<Done> {
    let name = required_text("name", args.name)?;
    let alias = required_text("alias", args.alias)?;
    let version = version_number(args.version)?;
    let set = What::AliasSet { alias: alias.clone(), version: version.to_string() };
    let happening = Happening::new(&name, set);
    told(&webhooks, happening, move || store.set_alias(&name, &alias, version)).await
}

/// The version an alias points at.
#[utoipa::path(get, path = "/registered-models/alias", tag = "registered models", params(AliasName),
    responses((status = OK, body = OneModelVersion)))]
pub(crate) async fn version_by_alias(
    State(store): State<Store>,
    Args(args): Args<AliasName>,
) -> Answer<OneModelVersion> {
    let name = required_text("name", args.name)?;
    let alias = required_text("alias", args.alias)?;
    let version = blocking(move || store.get_version_by_alias(&name, &alias)).await?;
    Ok(Json(OneModelVersion { model_version: version.into() }))
}

/// Takes an alias away.
#[utoipa::path(delete, path = "/registered-models/alias", tag = "registered models", request_body = AliasName,
    responses((status = OK, body = Done)))]
pub(crate) async fn delete_alias(
    State(store): State<Store>,
    Extension(webhooks): Extension<Webhooks>,
    Args(args): Args<AliasName>,
) -> Answer<Done> {
    let name = required_text("name", args.name)?;
    let alias = required_text("alias", args.alias)?;
    let happening = Happening::new(&name, What::AliasDeleted { alias: alias.clone() });
    told(&webhooks, happening, move || store.delete_alias(&name, &alias)).await
}
