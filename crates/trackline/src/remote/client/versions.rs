use serde_json::{Value, json};
use trackline_model::{ModelVersion, Stage, Tag};
use trackline_store::{NewModelVersion, Page, RegistryQuery, Result};
use ureq::http::Method;

use super::fields::{Fields, model_version};
use super::{page, tags};
use crate::remote::Server;

impl Server {
    pub fn create_model_version(&self, new: &NewModelVersion) -> Result<ModelVersion> {
        let body = json!({
            "name": new.name, "source": new.source, "run_id": new.run_id, "run_link": new.run_link,
            "description": new.description, "model_id": new.model_id, "tags": tags(&new.tags),
        });
        self.post("model-versions/create", &body).map(|made| in_answer(&made))
    }

    pub fn get_model_version(&self, name: &str, version: u64) -> Result<ModelVersion> {
        let version = version.to_string();
        let found = self.get("model-versions/get", &[("name", name), ("version", &version)])?;
        Ok(in_answer(&found))
    }

    pub fn update_model_version(
        &self,
        name: &str,
        version: u64,
        description: Option<&str>,
    ) -> Result<ModelVersion> {
        let body = json!({"name": name, "version": version.to_string(), "description": description});
        let answer = self.mlflow(Method::PATCH, "model-versions/update", Some(&body))?;
        Ok(in_answer(&answer))
    }

    pub fn delete_model_version(&self, name: &str, version: u64) -> Result<()> {
        let body = json!({"name": name, "version": version.to_string()});
        self.mlflow(Method::DELETE, "model-versions/delete", Some(&body)).map(drop)
    }

    pub fn transition_stage(
        &self,
        name: &str,
        version: u64,
        stage: Stage,
        archive_existing: bool,
    ) -> Result<ModelVersion> {
        let body = json!({
            "name": name, "version": version.to_string(), "stage": stage,
            "archive_existing_versions": archive_existing,
        });
        self.post("model-versions/transition-stage", &body).map(|answer| in_answer(&answer))
    }

    pub fn search_model_versions(&self, query: &RegistryQuery) -> Result<Page<ModelVersion>> {
        Ok(page(&self.search("model-versions/search", query)?, "model_versions", model_version))
    }

    pub fn download_uri(&self, name: &str, version: u64) -> Result<String> {
        let version = version.to_string();
        let found = self.get("model-versions/get-download-uri", &[("name", name), ("version", &version)])?;
        Ok(Fields(&found).text("artifact_uri"))
    }

    pub fn set_model_version_tag(&self, name: &str, version: u64, tag: &Tag) -> Result<()> {
        let body = json!({"name": name, "version": version.to_string(), "key": tag.key, "value": tag.value});
        self.post("model-versions/set-tag", &body).map(drop)
    }

    pub fn delete_model_version_tag(&self, name: &str, version: u64, key: &str) -> Result<()> {
        let body = json!({"name": name, "version": version.to_string(), "key": key});
        self.mlflow(Method::DELETE, "model-versions/delete-tag", Some(&body)).map(drop)
    }
}

fn in_answer(answer: &Value) -> ModelVersion {
    model_version(Fields(answer).inner("model_version"))
}
