use pyo3::prelude::*;
use serde::Deserialize;
use trackline::Backend;
use trackline::Invalid;
use trackline::store::{DatasetFilter, ModelOrder, ModelQuery, NewLoggedModel};

use super::{PyPage, act, answer, page};
use crate::convert::{self, Pairs, from_python};
use crate::error;
use crate::model::parse_status;

/// Logged models.
#[pyclass(frozen, module = "trackline._native")]
pub struct ModelStore(pub Backend);

#[pymethods]
impl ModelStore {
    #[pyo3(signature = (experiment_id, name=None, source_run_id=None, model_type=None, params=Vec::new(),
                        tags=Vec::new()))]
    #[allow(clippy::too_many_arguments)]
    fn create<'py>(
        &self,
        py: Python<'py>,
        experiment_id: String,
        name: Option<String>,
        source_run_id: Option<String>,
        model_type: Option<String>,
        params: Pairs,
        tags: Pairs,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (params, tags) = (convert::params(params), convert::tags(tags));
        let model =
            NewLoggedModel { model_id: None, experiment_id, name, model_type, source_run_id, params, tags };
        answer(py, || self.0.create_logged_model(&model))
    }

    fn get<'py>(&self, py: Python<'py>, model_id: &str) -> PyResult<Bound<'py, PyAny>> {
        answer(py, || self.0.get_logged_model(model_id))
    }

    fn finalize<'py>(&self, py: Python<'py>, model_id: &str, status: &str) -> PyResult<Bound<'py, PyAny>> {
        let status = parse_status(status)?;
        answer(py, || self.0.finalize_logged_model(model_id, status))
    }

    fn delete(&self, py: Python<'_>, model_id: &str) -> PyResult<()> {
        act(py, || self.0.delete_logged_model(model_id))
    }

    fn set_tags(&self, py: Python<'_>, model_id: &str, tags: Pairs) -> PyResult<()> {
        let tags = convert::tags(tags);
        act(py, || self.0.set_logged_model_tags(model_id, &tags)).map(drop)
    }

    fn delete_tag(&self, py: Python<'_>, model_id: &str, key: &str) -> PyResult<()> {
        act(py, || self.0.delete_logged_model_tag(model_id, key))
    }

    fn log_params(&self, py: Python<'_>, model_id: &str, params: Pairs) -> PyResult<()> {
        let params = convert::params(params);
        act(py, || self.0.log_logged_model_params(model_id, &params))
    }

    /// `datasets` and `order_by` are dicts with MLflow's field names.
    #[pyo3(signature = (experiment_ids, filter, datasets, order_by, max_results, page_token=None))]
    #[allow(clippy::too_many_arguments)]
    fn search<'py>(
        &self,
        py: Python<'py>,
        experiment_ids: Vec<String>,
        filter: String,
        datasets: &Bound<'py, PyAny>,
        order_by: &Bound<'py, PyAny>,
        max_results: usize,
        page_token: Option<String>,
    ) -> PyResult<PyPage<'py>> {
        let datasets: Vec<DatasetArgument> = arguments(datasets)?;
        let order_by: Vec<OrderArgument> = arguments(order_by)?;
        let query = ModelQuery {
            experiment_ids,
            filter,
            datasets: datasets.into_iter().map(Into::into).collect(),
            order_by: order_by.into_iter().map(Into::into).collect(),
            max_results,
            page_token,
        };
        page(py, || self.0.search_logged_models(&query))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DatasetArgument {
    dataset_name: String,
    dataset_digest: Option<String>,
}

impl From<DatasetArgument> for DatasetFilter {
    fn from(argument: DatasetArgument) -> Self {
        Self { name: argument.dataset_name, digest: argument.dataset_digest }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderArgument {
    field_name: String,
    #[serde(default = "ascending")]
    ascending: bool,
    dataset_name: Option<String>,
    dataset_digest: Option<String>,
}

fn ascending() -> bool {
    true
}

impl From<OrderArgument> for ModelOrder {
    fn from(argument: OrderArgument) -> Self {
        let OrderArgument { field_name, ascending, dataset_name, dataset_digest } = argument;
        Self { field_name, ascending, dataset_name, dataset_digest }
    }
}

fn arguments<T: serde::de::DeserializeOwned>(object: &Bound<'_, PyAny>) -> PyResult<Vec<T>> {
    serde_json::from_value(from_python(object)?).map_err(|found| {
        error::invalid(Invalid::new(format!("A search of logged models was asked wrongly: {found}")))
    })
}
