use serde_json::{Value, json};
use trackline_model::{ModelVersion, RegisteredModel, Stage, Tag};
use trackline_store::{Page, RegistryQuery, Result};
use ureq::http::Method;

use super::fields::{Fields, model_version, registered_model};
use super::{page, tags};
use crate::remote::Server;

impl Server {
    pub fn create_registered_model(
        &self,
        name: &str,
        description: Option<&str>,
        given: &[Tag],
    ) -> Result<RegisteredModel> {
        let body = json!({"name": name, "description": description, "tags": tags(given)});
        self.post("registered-models/create", &body).map(|made| in_answer(&made))
    }

    pub fn get_registered_model(&self, name: &str) -> Result<RegisteredModel> {
        self.get("registered-models/get", &[("name", name)]).map(|found| in_answer(&found))
    }

    pub fn update_registered_model(&self, name: &str, description: Option<&str>) -> Result<RegisteredModel> {
        let body = json!({"name": name, "description": description});
        let answer = self.mlflow(Method::PATCH, "registered-models/update", Some(&body))?;
        Ok(in_answer(&answer))
    }

    pub fn rename_registered_model(&self, name: &str, new_name: &str) -> Result<RegisteredModel> {
        let body = json!({"name": name, "new_name": new_name});
        self.post("registered-models/rename", &body).map(|renamed| in_answer(&renamed))
    }

    pub fn delete_registered_model(&self, name: &str) -> Result<()> {
        self.mlflow(Method::DELETE, "registered-models/delete", Some(&json!({"name": name}))).map(drop)
    }

    pub fn search_registered_models(&self, query: &RegistryQuery) -> Result<Page<RegisteredModel>> {
        let found = self.search("registered-models/search", query)?;
        Ok(page(&found, "registered_models", registered_model))
    }

    /// Of registered models or of versions.
    pub(super) fn search(&self, path: &str, query: &RegistryQuery) -> Result<Value> {
        let most = query.max_results.to_string();
        let mut pairs = vec![("filter", query.filter.as_str()), ("max_results", &most)];
        pairs.extend(query.order_by.iter().map(|order| ("order_by", order.as_str())));
        pairs.extend(query.page_token.as_deref().map(|token| ("page_token", token)));
        self.get(path, &pairs)
    }

    pub fn set_registered_model_tag(&self, name: &str, tag: &Tag) -> Result<()> {
        let body = json!({"name": name, "key": tag.key, "value": tag.value});
        self.post("registered-models/set-tag", &body).map(drop)
    }

    pub fn delete_registered_model_tag(&self, name: &str, key: &str) -> Result<()> {
        let body = json!({"name": name, "key": key});
        self.mlflow(Method::DELETE, "registered-models/delete-tag", Some(&body)).map(drop)
    }

    pub fn set_alias(&self, name: &str, alias: &str, version: u64) -> Result<()> {
        let body = json!({"name": name, "alias": alias, "version": version.to_string()});
        self.post("registered-models/alias", &body).map(drop)
    }

    pub fn delete_alias(&self, name: &str, alias: &str) -> Result<()> {
        let body = json!({"name": name, "alias": alias});
        self.mlflow(Method::DELETE, "registered-models/alias", Some(&body)).map(drop)
    }

    pub fn get_version_by_alias(&self, name: &str, alias: &str) -> Result<ModelVersion> {
        let found = self.get("registered-models/alias", &[("name", name), ("alias", alias)])?;
        Ok(model_version(Fields(&found).inner("model_version")))
    }

    pub fn latest_versions(&self, name: &str, stages: &[Stage]) -> Result<Vec<ModelVersion>> {
        let body = json!({"name": name, "stages": stages});
        let found = self.post("registered-models/get-latest-versions", &body)?;
        Ok(Fields(&found).list("model_versions", model_version))
    }
}

fn in_answer(answer: &Value) -> RegisteredModel {
    registered_model(Fields(answer).inner("registered_model"))
}
