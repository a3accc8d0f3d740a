use serde_json::json;
use trackline_model::{Metric, Run, RunInfo, RunStatus};
use trackline_store::{NewRun, Page, Result, RunQuery};

use super::fields::{Fields, metric, run, run_info};
use super::{page, tags};
use crate::remote::Server;

/// Points of a metric that are asked for at once; more is refused by some servers.
const POINTS: &str = "25000";

impl Server {
    pub fn create_run(&self, new: &NewRun) -> Result<Run> {
        let mut body = json!({
            "experiment_id": new.experiment_id, "user_id": new.user_id, "start_time": new.start_time,
            "tags": tags(&new.tags),
        });
        if let Some(name) = &new.run_name {
            body["run_name"] = name.as_str().into();
        }
        let made = self.post("runs/create", &body)?;
        Ok(run(Fields(&made).inner("run")))
    }

    pub fn get_run(&self, run_id: &str) -> Result<Run> {
        let found = self.get("runs/get", &[("run_id", run_id)])?;
        Ok(run(Fields(&found).inner("run")))
    }

    pub fn search_runs(&self, query: &RunQuery) -> Result<Page<Run>> {
        let found = self.post(
            "runs/search",
            &json!({
                "experiment_ids": query.experiment_ids, "filter": query.filter,
                "run_view_type": query.view, "order_by": query.order_by,
                "max_results": query.max_results, "page_token": query.page_token,
            }),
        )?;
        Ok(page(&found, "runs", run))
    }

    pub fn update_run(
        &self,
        run_id: &str,
        status: Option<RunStatus>,
        end_time: Option<i64>,
        name: Option<&str>,
    ) -> Result<RunInfo> {
        let body = json!({"run_id": run_id, "status": status, "end_time": end_time, "run_name": name});
        let updated = self.post("runs/update", &body)?;
        Ok(run_info(Fields(&updated).inner("run_info")))
    }

    pub fn delete_run(&self, run_id: &str) -> Result<()> {
        self.post("runs/delete", &json!({"run_id": run_id})).map(drop)
    }

    pub fn restore_run(&self, run_id: &str) -> Result<()> {
        self.post("runs/restore", &json!({"run_id": run_id})).map(drop)
    }

    pub fn delete_tag(&self, run_id: &str, key: &str) -> Result<()> {
        self.post("runs/delete-tag", &json!({"run_id": run_id, "key": key})).map(drop)
    }

    /// Every value of a metric.
    pub fn history(&self, run_id: &str, key: &str) -> Result<Vec<Metric>> {
        let (mut values, mut token) = (Vec::new(), String::new());
        loop {
            let mut query = vec![("run_id", run_id), ("metric_key", key), ("max_results", POINTS)];
            if !token.is_empty() {
                query.push(("page_token", &token));
            }
            let found = page(&self.get("metrics/get-history", &query)?, "metrics", metric);
            values.extend(found.items);
            match found.next_page_token {
                Some(next) => token = next,
                None => return Ok(values),
            }
        }
    }
}
