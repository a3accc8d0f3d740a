use trackline_model::{Tag, ViewType};

/// A part of an answer, and how to get the next part.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// In the order that was asked for.
    pub items: Vec<T>,
    /// Give this to the same call for what follows; absent when nothing does. Opaque.
    pub next_page_token: Option<String>,
}

/// A run to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewRun {
    /// 32 hexadecimal digits; a random one if absent.
    pub run_id: Option<String>,
    /// The experiment it belongs to.
    pub experiment_id: String,
    /// Who starts it.
    pub user_id: String,
    /// Absent: the tag `mlflow.runName`, or else a random name.
    pub run_name: Option<String>,
    /// Milliseconds since the epoch.
    pub start_time: i64,
    /// Tags it has from the beginning.
    pub tags: Vec<Tag>,
}

/// Which runs, in what order. The default finds nothing: it names no experiment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunQuery {
    /// Only runs of these experiments.
    pub experiment_ids: Vec<String>,
    /// See [`trackline_model::filter`]; empty for all.
    pub filter: String,
    /// Which lifecycle stages.
    pub view: ViewType,
    /// See [`trackline_model::order`]; ties go by start time (latest first), then by run id.
    pub order_by: Vec<String>,
    /// How many at most; 1 to 50,000, by default 1,000.
    pub max_results: usize,
    /// Where to go on.
    pub page_token: Option<String>,
}

impl Default for RunQuery {
    fn default() -> Self {
        Self {
            experiment_ids: Vec::new(),
            filter: String::new(),
            view: ViewType::ActiveOnly,
            order_by: Vec::new(),
            max_results: 1000,
            page_token: None,
        }
    }
}

/// Which experiments, in what order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExperimentQuery {
    /// See [`trackline_model::filter`]; empty for all.
    pub filter: String,
    /// Which lifecycle stages.
    pub view: ViewType,
    /// By default the newest first.
    pub order_by: Vec<String>,
    /// How many at most; 1 to 50,000, by default 1,000.
    pub max_results: usize,
    /// Where to go on.
    pub page_token: Option<String>,
}

impl Default for ExperimentQuery {
    fn default() -> Self {
        Self {
            filter: String::new(),
            view: ViewType::ActiveOnly,
            order_by: Vec::new(),
            max_results: 1000,
            page_token: None,
        }
    }
}

/// Which registered models or versions, in what order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryQuery {
    /// See [`trackline_model::filter`]; empty for all but prompts.
    pub filter: String,
    /// By default models go by name, versions by their last change (latest first).
    pub order_by: Vec<String>,
    /// How many at most; for models 1 to 1,000, for versions 1 to 200,000; by default 100.
    pub max_results: usize,
    /// Where to go on.
    pub page_token: Option<String>,
}

impl Default for RegistryQuery {
    fn default() -> Self {
        Self { filter: String::new(), order_by: Vec::new(), max_results: 100, page_token: None }
    }
}

/// Which logged models, in what order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelQuery {
    /// Only models of these experiments.
    pub experiment_ids: Vec<String>,
    /// See [`trackline_model::filter`]; empty for all.
    pub filter: String,
    /// Metric conditions look only at these datasets; without a metric condition, models that were
    /// measured on one of them. Empty for any.
    pub datasets: Vec<DatasetFilter>,
    /// By default the newest first.
    pub order_by: Vec<ModelOrder>,
    /// How many at most, by default 50.
    pub max_results: usize,
    /// Where to go on; it is refused if the query is not the same.
    pub page_token: Option<String>,
}

impl Default for ModelQuery {
    fn default() -> Self {
        Self {
            experiment_ids: Vec::new(),
            filter: String::new(),
            datasets: Vec::new(),
            order_by: Vec::new(),
            max_results: 50,
            page_token: None,
        }
    }
}

/// A dataset that a model was measured on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetFilter {
    /// Its name.
    pub name: String,
    /// Its digest; absent for any.
    pub digest: Option<String>,
}

/// One key of an order of logged models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelOrder {
    /// An attribute, or `metrics.` and a key.
    pub field_name: String,
    /// Whether the least comes first.
    pub ascending: bool,
    /// Of a metric: only the value measured on this dataset.
    pub dataset_name: Option<String>,
    /// Of a metric: only the value measured on the dataset with this digest.
    pub dataset_digest: Option<String>,
}

/// Which traces, in what order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceQuery {
    /// Only traces of these experiments; none finds nothing.
    pub experiment_ids: Vec<String>,
    /// See [`trackline_model::filter`]; empty for all.
    pub filter: String,
    /// Attributes; ties go by time (latest first), then by id.
    pub order_by: Vec<String>,
    /// How many at most; 1 to 50,000.
    pub max_results: usize,
    /// Where to go on.
    pub page_token: Option<String>,
}
