//! The `MLmodel` file: what a saved model is and how to load it, in MLflow's format (3.x).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use trackline_model::Invalid;

/// An `MLmodel` file. Fields that this struct does not know are kept in `other`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ModelFile {
    /// Where the model lies: a path within its run, or a URI of a logged model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_path: Option<String>,
    /// How each library loads it: `python_function`, `sklearn`, `xgboost`, …
    #[serde(default)]
    pub flavors: BTreeMap<String, BTreeMap<String, Value>>,
    /// The version of MLflow whose format this is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mlflow_version: Option<String>,
    /// The logged model.
    #[serde(default)]
    pub model_id: Option<String>,
    /// The size of all its files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_size_bytes: Option<u64>,
    /// An id of this very file.
    #[serde(default)]
    pub model_uuid: Option<String>,
    /// The run that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<String>,
    /// Which files hold the input example.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saved_input_example_info: Option<BTreeMap<String, Value>>,
    /// What it takes and gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
    /// When it was saved, UTC: `2026-01-31 12:00:00.123456`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utc_time_created: Option<String>,
    /// Everything else: `metadata`, `prompts`, `env_vars`, `resources`, …
    #[serde(flatten)]
    pub other: BTreeMap<String, Value>,
}

/// What a model takes and gives: each a JSON text as [`crate::data`] writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// A list of columns or tensors.
    pub inputs: Option<String>,
    /// A list of columns or tensors.
    pub outputs: Option<String>,
    /// A list of parameters of inference.
    #[serde(default)]
    pub params: Option<String>,
}

impl ModelFile {
    /// The text of the file.
    pub fn to_yaml(&self) -> Result<String, Invalid> {
        // MLflow reads YAML 1.1, where more texts look like numbers and dates than in 1.2: quotes leave no doubt.
        let options = serde_saphyr::ser_options! { quote_all: true, prefer_block_scalars: false };
        serde_saphyr::to_string_with_options(self, options)
            .map_err(|error| Invalid::new(format!("the MLmodel file cannot be written: {error}")))
    }

    /// Reads the text of a file, MLflow's or ours.
    pub fn from_yaml(yaml: &str) -> Result<Self, Invalid> {
        serde_saphyr::from_str(yaml)
            .map_err(|error| Invalid::new(format!("the MLmodel file cannot be read: {error}")))
    }
}
