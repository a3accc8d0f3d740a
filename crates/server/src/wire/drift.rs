use serde::Serialize;
use trackline_model::Change;
use utoipa::ToSchema;

/// How a column differs from what it was.
#[derive(Serialize, ToSchema)]
pub(crate) struct ColumnDrift {
    /// In arrays the place, counted from 0.
    name: String,
    #[schema(value_type = String, examples("kept", "retyped", "added", "removed"))]
    change: Change,
    /// The population stability index.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    psi: Option<f64>,
    /// What the index of two samples of the same data stays below 99 times out of 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    chance: Option<f64>,
    /// The means' difference in standard deviations of the earlier data.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    shift: Option<f64>,
    /// Whether it is worth a look.
    notable: bool,
}

/// How a dataset differs from that of the run before.
#[derive(Serialize, ToSchema)]
pub(crate) struct DatasetDrift {
    name: String,
    digest: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    context: Option<String>,
    previous_run_id: String,
    previous_run_name: String,
    /// Whether both have the same digest; then no column is listed.
    same: bool,
    columns: Vec<ColumnDrift>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct DriftOfRun {
    pub datasets: Vec<DatasetDrift>,
}

impl From<trackline_store::DatasetDrift> for DatasetDrift {
    fn from(found: trackline_store::DatasetDrift) -> Self {
        Self {
            name: found.name,
            digest: found.digest,
            context: found.context,
            previous_run_id: found.previous_run_id,
            previous_run_name: found.previous_run_name,
            same: found.drift.same,
            columns: found.drift.columns.into_iter().map(ColumnDrift::from).collect(),
        }
    }
}

impl From<trackline_model::ColumnDrift> for ColumnDrift {
    fn from(found: trackline_model::ColumnDrift) -> Self {
        let notable = found.is_notable();
        Self {
            name: found.name,
            change: found.change,
            psi: found.psi,
            chance: found.chance,
            shift: found.shift,
            notable,
        }
    }
}
