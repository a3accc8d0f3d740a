//! The texts of a dataset record, in MLflow's forms.

use serde_json::{Map, Value, json};

use super::digest::Digest;
use super::sample::Sample;
use super::schema::{columns_json, spec};
use super::statistics;
use super::{ArrayView, Column, Values, tensor_spec};

/// What identifies and sizes up a dataset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Description {
    /// 8 hex digits that differ when the content does.
    pub digest: String,
    /// JSON: `{"mlflow_tensorspec": …}` or `{"mlflow_colspec": …}`.
    pub schema: String,
    /// JSON: sizes under MLflow's names, and `columns`, the [`trackline_model::ColumnStatistics`] of each where there
    /// are at most 200. `"sampled": true` says that digest and statistics are of evenly spread rows, `"unseen": true` that the values
    /// could not be looked at.
    pub profile: String,
}

/// With more columns than this their statistics are left out: nobody reads them, and a profile has a size limit.
const MAX_PROFILED_COLUMNS: usize = 200;

/// Describes arrays as MLflow's `NumpyDataset` does; with or without `statistics` of the columns.
pub fn describe_tensors(
    features: &ArrayView<'_>,
    targets: Option<&ArrayView<'_>>,
    statistics: bool,
) -> Description {
    let sample_of = |array: &ArrayView<'_>| Sample::new(array.rows(), array.row_size());
    let mut digest = Digest::new();
    let mut profile = Map::new();
    let mut sampled = false;
    for (prefix, array) in [("features", Some(features)), ("targets", targets)] {
        let Some(array) = array else { continue };
        let sample = sample_of(array);
        sampled |= !sample.all();
        digest.array(array, sample);
        profile.insert(format!("{prefix}_shape"), json!(array.shape()));
        profile.insert(format!("{prefix}_size"), json!(array.size()));
        profile.insert(format!("{prefix}_nbytes"), json!(array.size() * array.dtype().size));
    }
    profile.insert("num_rows".to_owned(), json!(features.rows()));
    profile.insert("num_elements".to_owned(), json!(features.size()));
    if statistics
        && features.row_size() <= MAX_PROFILED_COLUMNS
        && let Some(mut columns) = statistics::of_tensor(features, sample_of(features))
    {
        if let Some(targets) = targets.filter(|targets| targets.row_size() == 1) {
            columns.push(statistics::of_column(
                "target",
                &Values::Array(targets.clone()),
                sample_of(targets),
            ));
        }
        profile.insert("columns".to_owned(), json!(columns));
    }
    let schema = json!({"mlflow_tensorspec": {"features": tensor_spec(features), "targets": targets.map(tensor_spec)}});
    finish(digest, &schema, profile, sampled)
}

/// Describes a table as MLflow's `PandasDataset` does; with or without `statistics` of the columns.
pub fn describe_table(rows: usize, columns: &[Column<'_>], statistics: bool) -> Description {
    let sample = Sample::new(rows, columns.len());
    let mut digest = Digest::new();
    digest.rows(rows);
    for column in columns {
        digest.column(column, clip(sample, rows, &column.values));
    }
    let mut profile = Map::new();
    profile.insert("num_rows".to_owned(), json!(rows));
    profile.insert("num_elements".to_owned(), json!(rows * columns.len()));
    if statistics && columns.len() <= MAX_PROFILED_COLUMNS {
        let statistics = |column: &Column<'_>| {
            let sample = clip(sample, rows, &column.values);
            statistics::of_column(&column.name, &column.values, sample)
        };
        profile.insert("columns".to_owned(), json!(columns.iter().map(statistics).collect::<Vec<_>>()));
    }
    let schema = json!({"mlflow_colspec": columns_json(columns)});
    finish(digest, &schema, profile, !sample.all())
}

/// Describes an array whose values cannot be looked at, on a device say: its digest is of type and shape alone.
pub fn describe_unseen(dtype: &str, shape: &[usize]) -> Description {
    let mut digest = Digest::new();
    digest.shape(dtype, shape);
    let size: usize = shape.iter().product();
    let profile = json!({
        "features_shape": shape, "features_size": size, "num_rows": shape.first().unwrap_or(&1), "num_elements": size,
        "unseen": true,
    });
    let schema = json!({"mlflow_tensorspec": {"features": spec(dtype, shape), "targets": null}});
    Description { digest: digest.finish(), schema: schema.to_string(), profile: profile.to_string() }
}

/// The rows to look at in a column; a column shorter than its table is looked at by its own length.
fn clip(sample: Sample, rows: usize, values: &Values<'_>) -> Sample {
    match values {
        Values::Array(array) | Values::Masked(array, _) if array.rows() != rows => {
            Sample::new(array.rows(), 1)
        }
        _ => sample.one_column(),
    }
}

fn finish(digest: Digest, schema: &Value, mut profile: Map<String, Value>, sampled: bool) -> Description {
    if sampled {
        profile.insert("sampled".to_owned(), json!(true));
    }
    Description {
        digest: digest.finish(),
        schema: schema.to_string(),
        profile: Value::Object(profile).to_string(),
    }
}
