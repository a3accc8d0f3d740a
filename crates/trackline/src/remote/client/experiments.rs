use serde_json::json;
use trackline_model::{Experiment, Tag};
use trackline_store::{ExperimentQuery, Page, Result};

use super::fields::{Fields, experiment};
use super::{page, tags};
use crate::remote::Server;

impl Server {
    pub fn create_experiment(&self, name: &str, location: Option<&str>, given: &[Tag]) -> Result<Experiment> {
        let mut body = json!({"name": name, "tags": tags(given)});
        if let Some(location) = location {
            body["artifact_location"] = location.into();
        }
        let made = self.post("experiments/create", &body)?;
        self.get_experiment(&Fields(&made).text("experiment_id"))
    }

    pub fn get_experiment(&self, experiment_id: &str) -> Result<Experiment> {
        let found = self.get("experiments/get", &[("experiment_id", experiment_id)])?;
        Ok(experiment(Fields(&found).inner("experiment")))
    }

    pub fn get_experiment_by_name(&self, name: &str) -> Result<Experiment> {
        let found = self.get("experiments/get-by-name", &[("experiment_name", name)])?;
        Ok(experiment(Fields(&found).inner("experiment")))
    }

    pub fn search_experiments(&self, query: &ExperimentQuery) -> Result<Page<Experiment>> {
        let found = self.post(
            "experiments/search",
            &json!({
                "filter": query.filter, "view_type": query.view, "order_by": query.order_by,
                "max_results": query.max_results, "page_token": query.page_token,
            }),
        )?;
        Ok(page(&found, "experiments", experiment))
    }

    pub fn rename_experiment(&self, experiment_id: &str, new_name: &str) -> Result<()> {
        let body = json!({"experiment_id": experiment_id, "new_name": new_name});
        self.post("experiments/update", &body).map(drop)
    }

    pub fn delete_experiment(&self, experiment_id: &str) -> Result<()> {
        self.post("experiments/delete", &json!({"experiment_id": experiment_id})).map(drop)
    }

    pub fn restore_experiment(&self, experiment_id: &str) -> Result<()> {
        self.post("experiments/restore", &json!({"experiment_id": experiment_id})).map(drop)
    }

    pub fn set_experiment_tag(&self, experiment_id: &str, tag: &Tag) -> Result<()> {
        let body = json!({"experiment_id": experiment_id, "key": tag.key, "value": tag.value});
        self.post("experiments/set-experiment-tag", &body).map(drop)
    }

    pub fn delete_experiment_tag(&self, experiment_id: &str, key: &str) -> Result<()> {
        let body = json!({"experiment_id": experiment_id, "key": key});
        self.post("experiments/delete-experiment-tag", &body).map(drop)
    }
}
