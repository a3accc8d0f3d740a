use serde_json::{Value, json};
use trackline_model::{LoggedModel, LoggedModelStatus, Param, Tag};
use trackline_store::{ModelQuery, NewLoggedModel, Page, Result};
use ureq::http::Method;

use super::fields::{Fields, logged_model};
use super::{in_path, page, params, tags};
use crate::remote::Server;

impl Server {
    pub fn create_logged_model(&self, model: &NewLoggedModel) -> Result<LoggedModel> {
        let body = json!({
            "experiment_id": model.experiment_id, "name": model.name, "model_type": model.model_type,
            "source_run_id": model.source_run_id, "params": params(&model.params), "tags": tags(&model.tags),
        });
        self.post("logged-models", &body).map(|made| in_answer(&made))
    }

    pub fn get_logged_model(&self, model_id: &str) -> Result<LoggedModel> {
        self.get(&path(model_id, ""), &[]).map(|found| in_answer(&found))
    }

    pub fn finalize_logged_model(&self, model_id: &str, status: LoggedModelStatus) -> Result<LoggedModel> {
        let body = json!({"model_id": model_id, "status": status});
        let answer = self.mlflow(Method::PATCH, &path(model_id, ""), Some(&body))?;
        Ok(in_answer(&answer))
    }

    pub fn delete_logged_model(&self, model_id: &str) -> Result<()> {
        self.mlflow(Method::DELETE, &path(model_id, ""), None).map(drop)
    }

    pub fn set_logged_model_tags(&self, model_id: &str, given: &[Tag]) -> Result<LoggedModel> {
        let body = json!({"model_id": model_id, "tags": tags(given)});
        let answer = self.mlflow(Method::PATCH, &path(model_id, "/tags"), Some(&body))?;
        Ok(in_answer(&answer))
    }

    pub fn delete_logged_model_tag(&self, model_id: &str, key: &str) -> Result<()> {
        let path = path(model_id, &format!("/tags/{}", in_path(key)));
        self.mlflow(Method::DELETE, &path, None).map(drop)
    }

    pub fn log_logged_model_params(&self, model_id: &str, given: &[Param]) -> Result<()> {
        let body = json!({"model_id": model_id, "params": params(given)});
        self.post(&path(model_id, "/params"), &body).map(drop)
    }

    pub fn search_logged_models(&self, query: &ModelQuery) -> Result<Page<LoggedModel>> {
        let datasets = query
            .datasets
            .iter()
            .map(|dataset| json!({"dataset_name": dataset.name, "dataset_digest": dataset.digest}));
        let order_by = query.order_by.iter().map(|order| {
            json!({
                "field_name": order.field_name, "ascending": order.ascending,
                "dataset_name": order.dataset_name, "dataset_digest": order.dataset_digest,
            })
        });
        let body = json!({
            "experiment_ids": query.experiment_ids, "filter": query.filter,
            "datasets": datasets.collect::<Vec<_>>(), "order_by": order_by.collect::<Vec<_>>(),
            "max_results": query.max_results, "page_token": query.page_token,
        });
        Ok(page(&self.post("logged-models/search", &body)?, "models", logged_model))
    }
}

fn path(model_id: &str, rest: &str) -> String {
    format!("logged-models/{}{rest}", in_path(model_id))
}

fn in_answer(answer: &Value) -> LoggedModel {
    logged_model(Fields(answer).inner("model"))
}
